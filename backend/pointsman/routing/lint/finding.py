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
    REGISTERED_WITHOUT_SOURCE = "REGISTERED_WITHOUT_SOURCE"
    OUTBOUND_WITHOUT_REALM = "OUTBOUND_WITHOUT_REALM"
    DIGEST_WITHOUT_SHA256 = "DIGEST_WITHOUT_SHA256"
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


# What each kind is about, for people.
MEANINGS = {
    FindingCode.REGEX_REFUSED: "a pattern that RE2 refuses: no router can load the configuration",
    FindingCode.GROUP_WITHOUT_LIVE_TRUNK: "a rule leads to a group that takes no call",
    FindingCode.GROUP_IN_CIRCLE: "groups lie within each other",
    FindingCode.PLACE_UNUSABLE: "a place of a group that no call of the tenant may take",
    FindingCode.DID_WITHOUT_LIVE_TRUNK: "calls to a DID reach nobody",
    FindingCode.DOMAIN_WITHOUT_LIVE_TRUNK: "calls to a domain reach nobody",
    FindingCode.ENDPOINT_IS_ROUTER: "an endpoint is a Kamailio node of the platform",
    FindingCode.RULE_LEADS_BACK: "a rule leads only to where all its calls come from",
    FindingCode.FORWARD_IN_CIRCLE: "rules send a call on until it is rejected",
    FindingCode.EMERGENCY_UNREACHABLE: "an emergency plan reaches fewer than two carriers",
    FindingCode.LOCAL_WITHOUT_PROFILE: "a trunk of the number format LOCAL has no profile",
    FindingCode.ALLOW_LIST_EMPTY: "an allow list without numbers lets no call pass",
    FindingCode.WEIGHT_ZERO: "a weight below 1",
    FindingCode.RULE_SHADOWED: "a rule never decides a call: another one always comes before it",
    FindingCode.RULE_BEHIND_DID: "a rule is for numbers of the tenant's own DIDs, which go first",
    FindingCode.RULE_NEVER_APPLIES: "a rule has conditions that no call fulfils",
    FindingCode.DIDS_NESTED: "DIDs lie within a DID: the longer one wins",
    FindingCode.LIST_PREFIX_COVERED: "a list has a prefix that a shorter one of it covers",
    FindingCode.LIST_ALLOWS_BLOCKED: "a prefix is allowed by one list and blocked by another",
    FindingCode.LIST_EMPTY: "a list without numbers does nothing",
    FindingCode.EMERGENCY_WITHOUT_PLAN: "a tenant whose PBXs call has no emergency plan",
    FindingCode.EMERGENCY_COUNTRY_UNKNOWN: "of several emergency plans none is known to be a PBX's",
    FindingCode.PROFILE_MISSING: "a PBX dials as in a country, of which it has no profile",
    FindingCode.PREFIX_GAP: "a tenant has rules for some numbers of a country and none for others",
    FindingCode.WEIGHT_WITHOUT_EFFECT: "a weight that shares nothing",
    FindingCode.PRIORITY_WITHOUT_EFFECT: "a priority that the group's strategy does not look at",
    FindingCode.SHARE_TOO_SMALL: "a weight of less than one call in a thousand",
    FindingCode.SCHEDULE_NEVER_OPENS: "a schedule that is never open",
    FindingCode.SCHEDULE_NEVER_CLOSES: "a schedule that is always open",
    FindingCode.UNUSED: "an object that nothing refers to",
    FindingCode.TRUNK_WITHOUT_PURPOSE: "a trunk without source, digest credential and endpoint",
    FindingCode.REGISTERED_WITHOUT_SOURCE: "a trunk is registered, and its calls are refused",
    FindingCode.OUTBOUND_WITHOUT_REALM: "a trunk's password goes to every Kamailio node as it is",
    FindingCode.DIGEST_WITHOUT_SHA256: "a digest user of MD5 alone, and with it the whole realm",
    FindingCode.SOURCE_NEVER_MATCHES: "a source whose calls are all narrower sources'",
}


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
