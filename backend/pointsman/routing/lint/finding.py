"""What a check finds: what is wrong, with which objects, and what to do about it."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from pointsman.routing.named_object import NamedObject

# Objects of a finding, and names in a message: there may be thousands.
MAX_OBJECTS = 10
_MAX_LISTED = 5


class Severity(StrEnum):
    """ERROR: calls fail, or something is never used that is meant to be. WARNING: most likely not
    what was meant."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class FindingCode(StrEnum):
    """The kinds of findings; each has one severity."""

    REGEX_REFUSED = "REGEX_REFUSED"
    GROUP_WITHOUT_LIVE_TRUNK = "GROUP_WITHOUT_LIVE_TRUNK"
    GROUP_IN_CIRCLE = "GROUP_IN_CIRCLE"
    PLACE_UNUSABLE = "PLACE_UNUSABLE"
    DID_WITHOUT_LIVE_TRUNK = "DID_WITHOUT_LIVE_TRUNK"
    DOMAIN_WITHOUT_LIVE_TRUNK = "DOMAIN_WITHOUT_LIVE_TRUNK"
    ENDPOINT_IS_ROUTER = "ENDPOINT_IS_ROUTER"
    RULE_LEADS_BACK = "RULE_LEADS_BACK"
    FORWARD_IN_CIRCLE = "FORWARD_IN_CIRCLE"
    EMERGENCY_UNREACHABLE = "EMERGENCY_UNREACHABLE"
    LOCAL_WITHOUT_PROFILE = "LOCAL_WITHOUT_PROFILE"
    ALLOW_LIST_EMPTY = "ALLOW_LIST_EMPTY"
    WEIGHT_ZERO = "WEIGHT_ZERO"
    RULE_SHADOWED = "RULE_SHADOWED"
    RULE_BEHIND_DID = "RULE_BEHIND_DID"
    RULE_NEVER_APPLIES = "RULE_NEVER_APPLIES"
    DIDS_NESTED = "DIDS_NESTED"
    LIST_PREFIX_COVERED = "LIST_PREFIX_COVERED"
    LIST_ALLOWS_BLOCKED = "LIST_ALLOWS_BLOCKED"
    LIST_EMPTY = "LIST_EMPTY"
    EMERGENCY_WITHOUT_PLAN = "EMERGENCY_WITHOUT_PLAN"
    EMERGENCY_COUNTRY_UNKNOWN = "EMERGENCY_COUNTRY_UNKNOWN"
    PROFILE_MISSING = "PROFILE_MISSING"
    PREFIX_GAP = "PREFIX_GAP"
    WEIGHT_WITHOUT_EFFECT = "WEIGHT_WITHOUT_EFFECT"
    PRIORITY_WITHOUT_EFFECT = "PRIORITY_WITHOUT_EFFECT"
    SHARE_TOO_SMALL = "SHARE_TOO_SMALL"
    SCHEDULE_NEVER_OPENS = "SCHEDULE_NEVER_OPENS"
    SCHEDULE_NEVER_CLOSES = "SCHEDULE_NEVER_CLOSES"
    UNUSED = "UNUSED"
    TRUNK_WITHOUT_PURPOSE = "TRUNK_WITHOUT_PURPOSE"
    SOURCE_NEVER_MATCHES = "SOURCE_NEVER_MATCHES"


_ERRORS = frozenset(
    {
        FindingCode.REGEX_REFUSED,
        FindingCode.GROUP_WITHOUT_LIVE_TRUNK,
        FindingCode.GROUP_IN_CIRCLE,
        FindingCode.DID_WITHOUT_LIVE_TRUNK,
        FindingCode.DOMAIN_WITHOUT_LIVE_TRUNK,
        FindingCode.ENDPOINT_IS_ROUTER,
        FindingCode.RULE_LEADS_BACK,
        FindingCode.FORWARD_IN_CIRCLE,
        FindingCode.EMERGENCY_UNREACHABLE,
        FindingCode.LOCAL_WITHOUT_PROFILE,
        FindingCode.ALLOW_LIST_EMPTY,
        FindingCode.WEIGHT_ZERO,
    }
)


class Finding(Struct, frozen=True, gc=False):
    """One thing found. `objects` are those it is about, the one to look at first, at most
    MAX_OBJECTS; `tenant_id` is whose they are, "" for the platform's."""

    code: FindingCode
    tenant_id: str
    objects: tuple[NamedObject, ...]
    message: str
    fix: str

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity.ERROR if self.code in _ERRORS else Severity.WARNING


def order_of(finding: Finding) -> tuple[str, ...]:
    """The order of findings: errors first, then by code, and for each by its first object."""
    first = finding.objects[0]
    return (finding.severity, finding.code, first.name, first.id, finding.message)


def make_finding(
    code: FindingCode, tenant_id: str, objects: Sequence[NamedObject], message: str, *, fix: str
) -> Finding:
    """A finding with no more objects than one may have."""
    return Finding(code, tenant_id, tuple(objects[:MAX_OBJECTS]), message, fix)


def listed(names: Sequence[str]) -> str:
    """Names as a message lists them: some, and how many more there are."""
    shown = ", ".join(names[:_MAX_LISTED])
    return f"{shown} and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else shown
