"""What an outbound call must look like to use a routing group."""

from enum import StrEnum

import re2
from msgspec import Struct

# RE2 is linear in its input, which is bounded too: no rule can stall a decision.
MAX_REGEX_INPUT = 64


class BadRegex(ValueError):
    """A pattern that RE2 refuses; the message says why."""


class RuleAction(StrEnum):
    """What becomes of a call: to a routing group, refused, or on with another called number."""

    GROUP = "GROUP"
    REJECT = "REJECT"
    CONTINUE = "CONTINUE"


class RoutingRule(Struct, frozen=True, gc=False):
    """A rule of a tenant.

    It applies to a call whose called number starts with `called_prefix`, whose calling number
    starts with `calling_prefix`, and whose numbers match `called_regex` and `calling_regex` as
    a whole ("" for any); from `source_trunk_id` ("" for any); while the schedule is open, or,
    with `schedule_open` False, while it is closed ("" for always).

    Among the rules that apply, these decide, one after the other: the longest `called_prefix`;
    the longest `calling_prefix`; one with a source trunk; one with a schedule; the lowest
    `priority`; the first by `name`.

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


class CompiledRule(Struct, frozen=True):
    """A rule with its regex compiled."""

    rule: RoutingRule
    pattern: "re2._Regexp | None"

    def matches(self, called: str) -> bool:
        """Whether the rule's regex, if any, takes the whole called number."""
        if self.pattern is None:
            return True
        return len(called) <= MAX_REGEX_INPUT and self.pattern.fullmatch(called) is not None


def compile_rule(rule: RoutingRule) -> CompiledRule:
    """The rule ready to match; raises BadRegex."""
    return CompiledRule(rule, compile_regex(rule.called_regex) if rule.called_regex else None)


def compile_regex(pattern: str) -> "re2._Regexp":
    """Compile with RE2; raises BadRegex naming what RE2 does not take."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise BadRegex(reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def order_of(compiled: CompiledRule) -> tuple[int, str]:
    """The order among rules of the same called prefix."""
    return compiled.rule.priority, compiled.rule.name
