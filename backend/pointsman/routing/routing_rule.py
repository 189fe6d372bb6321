"""What becomes of the calls of a tenant's PBXs that are not for its own numbers."""

from enum import StrEnum

import re2
from msgspec import Struct

# RE2 is linear in its input, which is bounded too: no rule can stall a decision.
MAX_REGEX_INPUT = 64

# Which of several rules that apply is used: the first line that tells two of them apart. The
# docs and the trace say it in these words, `order_of` in numbers.
RULE_ORDER = (
    "the longest called prefix wins",
    "the longest calling prefix wins",
    "one with a source trunk wins over one without",
    "one with a schedule wins over one without",
    "the lowest priority wins",
    "the first by name wins",
)

_Order = tuple[int, int, bool, bool, int, str]


class BadRegex(ValueError):
    """A pattern that RE2 refuses; the message says why."""


class RuleAction(StrEnum):
    """What becomes of a call: to a routing group, refused, or on with another called number."""

    GROUP = "GROUP"
    REJECT = "REJECT"
    CONTINUE = "CONTINUE"


class RoutingRule(Struct, frozen=True, gc=False, array_like=True):
    """A rule of a tenant.

    It applies to a call whose called number starts with `called_prefix`, whose calling number
    starts with `calling_prefix`, and whose numbers match `called_regex` and `calling_regex` as
    a whole ("" for any); from `source_trunk_id` ("" for any); while the schedule is open, or,
    with `schedule_open` False, while it is closed ("" for always). A caller that withholds its
    number, or whose number cannot be read, has none: of prefixes and patterns of the calling
    number only "" holds for it.

    RULE_ORDER says which one wins among the rules that apply.

    `routing_group_id` is for GROUP, `reject_sip_code` and `reject_sip_reason` for REJECT,
    `forward_number` (E.164, or as dialled) for CONTINUE.
    """

    id: str
    name: str
    tenant_id: str
    routing_group_id: str = ""
    called_prefix: str = ""
    called_regex: str = ""
    priority: int = 0
    enabled: bool = True
    calling_prefix: str = ""
    calling_regex: str = ""
    source_trunk_id: str = ""
    schedule_id: str = ""
    schedule_open: bool = True
    action: RuleAction = RuleAction.GROUP
    reject_sip_code: int = 0
    reject_sip_reason: str = ""
    forward_number: str = ""


def order_of(rule: RoutingRule) -> _Order:
    """The rule's place: the lower of two wins. Each part is a line of RULE_ORDER."""
    return (
        -len(rule.called_prefix),
        -len(rule.calling_prefix),
        not rule.source_trunk_id,
        not rule.schedule_id,
        rule.priority,
        rule.name,
    )


def reason_of_order(winner: RoutingRule, loser: RoutingRule) -> str:
    """The line of RULE_ORDER that tells two rules apart."""
    pairs = zip(RULE_ORDER, order_of(winner), order_of(loser), strict=True)
    return next((line for line, won, lost in pairs if won != lost), RULE_ORDER[-1])


def compile_regex(pattern: str) -> "re2._Regexp":
    """Compile with RE2; raises BadRegex naming what RE2 does not take."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError:
        raise BadRegex("half of a surrogate pair is no character") from None
    except re2.error as error:
        reason = error.args[0]
        raise BadRegex(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
