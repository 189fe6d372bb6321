"""What a decision comes to: routes, or a reject with its reason; and how it came to it."""

from enum import StrEnum

from msgspec import Struct

from pointsman.routing.credential import Credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.reroute import CompiledReroute
from pointsman.routing.routing_group import GroupMode


class Step(StrEnum):
    """The steps of a decision, in their order."""

    SOURCE = "SOURCE"
    NUMBERS = "NUMBERS"
    EMERGENCY = "EMERGENCY"
    SCREENING = "SCREENING"
    MATCH = "MATCH"
    CANDIDATES = "CANDIDATES"
    LEGS = "LEGS"


class MatchKind(StrEnum):
    """What the called number or domain matched."""

    DID = "DID"
    DOMAIN = "DOMAIN"
    ROUTING_RULE = "ROUTING_RULE"
    EMERGENCY = "EMERGENCY"


class RejectCode(StrEnum):
    """Why a call gets no route. Each reject has a code of its own."""

    UNKNOWN_SOURCE = "UNKNOWN_SOURCE"
    AUTHENTICATION_REQUIRED = "AUTHENTICATION_REQUIRED"
    TRUNK_DISABLED = "TRUNK_DISABLED"
    CARRIER_DISABLED = "CARRIER_DISABLED"
    TENANT_DISABLED = "TENANT_DISABLED"
    BAD_URI = "BAD_URI"
    CONTROL_CHARACTER = "CONTROL_CHARACTER"
    NO_CALLED_NUMBER = "NO_CALLED_NUMBER"
    BAD_NUMBER = "BAD_NUMBER"
    BLOCKED_CALLED = "BLOCKED_CALLED"
    BLOCKED_CALLING = "BLOCKED_CALLING"
    NOT_ALLOWED_CALLED = "NOT_ALLOWED_CALLED"
    NOT_ALLOWED_CALLING = "NOT_ALLOWED_CALLING"
    DESTINATION_DENIED = "DESTINATION_DENIED"
    DID_DISABLED = "DID_DISABLED"
    REJECTED_BY_RULE = "REJECTED_BY_RULE"
    TOO_MANY_FORWARDS = "TOO_MANY_FORWARDS"
    PRIVACY_UNAVAILABLE = "PRIVACY_UNAVAILABLE"
    NO_ROUTE = "NO_ROUTE"
    LOOP = "LOOP"
    NO_CANDIDATE = "NO_CANDIDATE"
    ANSWER_TOO_LONG = "ANSWER_TOO_LONG"


# The final SIP response of each reject (RFC 3261 section 21.4) and its reason phrase.
_SIP_RESPONSES: dict[RejectCode, tuple[int, str]] = {
    RejectCode.UNKNOWN_SOURCE: (403, "Forbidden"),
    RejectCode.AUTHENTICATION_REQUIRED: (407, "Proxy Authentication Required"),
    RejectCode.TRUNK_DISABLED: (403, "Forbidden"),
    RejectCode.CARRIER_DISABLED: (403, "Forbidden"),
    RejectCode.TENANT_DISABLED: (403, "Forbidden"),
    RejectCode.BAD_URI: (400, "Bad Request"),
    RejectCode.CONTROL_CHARACTER: (400, "Bad Request"),
    RejectCode.NO_CALLED_NUMBER: (484, "Address Incomplete"),
    RejectCode.BAD_NUMBER: (484, "Address Incomplete"),
    RejectCode.BLOCKED_CALLED: (403, "Forbidden"),
    RejectCode.BLOCKED_CALLING: (403, "Forbidden"),
    RejectCode.NOT_ALLOWED_CALLED: (403, "Forbidden"),
    RejectCode.NOT_ALLOWED_CALLING: (403, "Forbidden"),
    RejectCode.DESTINATION_DENIED: (403, "Forbidden"),
    RejectCode.REJECTED_BY_RULE: (403, "Forbidden"),
    RejectCode.TOO_MANY_FORWARDS: (482, "Loop Detected"),
    # RFC 3323 section 5: what a privacy service answers that cannot do what is critical.
    RejectCode.PRIVACY_UNAVAILABLE: (500, "Server Internal Error"),
    RejectCode.DID_DISABLED: (404, "Not Found"),
    RejectCode.NO_ROUTE: (404, "Not Found"),
    RejectCode.LOOP: (482, "Loop Detected"),
    RejectCode.NO_CANDIDATE: (480, "Temporarily Unavailable"),
    RejectCode.ANSWER_TOO_LONG: (480, "Temporarily Unavailable"),
}


class Account(Struct, frozen=True, gc=False):
    """To whose account a call goes: the tenant that calls or is called, the trunk that it comes
    from, and its numbers, in E.164 where they are such; the called one is that to which rules sent
    the call on, where they did. "" for what was not known when the call was refused."""

    tenant_id: str = ""
    source_trunk_id: str = ""
    calling_number: str = ""
    called_number: str = ""


NO_ACCOUNT = Account()


class Reject(Struct, frozen=True, gc=False):
    """No route: `code` for machines and statistics, `reason` for people. `answer` is the SIP
    response (code, reason phrase) that an operator's rule gives instead of the code's own;
    `realm` the one to challenge in where the code is AUTHENTICATION_REQUIRED, `is_md5_realm` if
    not by SHA-256. With `verify` the
    reject is for a caller that proves to be that identity: anybody else is to be told what an
    unknown user is, or it could be asked which users there are and what their calls may do."""

    code: RejectCode
    reason: str
    answer: tuple[int, str] | None = None
    realm: str = ""
    is_md5_realm: bool = False
    verify: DigestIdentity | None = None
    account: Account = NO_ACCOUNT

    @property
    def sip_code(self) -> int:
        """The final SIP response the caller gets."""
        return (self.answer or _SIP_RESPONSES[self.code])[0]

    @property
    def sip_reason(self) -> str:
        """The reason phrase of that response."""
        return (self.answer or _SIP_RESPONSES[self.code])[1]


class Party(Struct, frozen=True, gc=False):
    """A display name, unquoted and maybe empty, and a URI as it goes on the wire."""

    display: str
    uri: str


class Diverted(Struct, frozen=True, gc=False):
    """Who was called before, and why the call went on (RFC 5806 section 4)."""

    party: Party
    reason: str
    counter: int = 1
    private: bool = False


class Headers(Struct, frozen=True, gc=False):
    """What a leg says in headers beside From and To; what is None, "" or empty is not sent.

    `is_name_withheld` when From must not have the caller's display name, though it has no other.
    `diversions` and `history` are who was called before, the last one first, for Diversion
    (RFC 5806) and for History-Info (RFC 7044). `geolocation` is a URI (RFC 6442). `extra` are
    names and values of the operator's.
    """

    asserted_identity: Party | None = None
    preferred_identity: Party | None = None
    remote_party: Party | None = None
    is_remote_party_private: bool = False
    privacy: tuple[str, ...] = ()
    diversions: tuple[Diverted, ...] = ()
    history: tuple[Diverted, ...] = ()
    geolocation: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    is_name_withheld: bool = False


NO_HEADERS = Headers()


class Target(Struct, frozen=True, gc=False):
    """Where a leg goes, the same for all calls: the endpoint, and how it is treated.

    `destination` is the URI to send requests to. Timers are in milliseconds: `fr_timer_ms` until
    any reply, `fr_inv_timer_ms` until a final one. Requests are sent from `socket`, "" for
    Kamailio's choice, and challenges answered with `credential`. `carrier_id` is "" for a PBX.
    `reroute` says what to do when a leg fails.
    """

    trunk_id: str
    endpoint_id: str
    destination: str
    fr_timer_ms: int
    fr_inv_timer_ms: int
    carrier_id: str
    reroute: CompiledReroute
    socket: str = ""
    credential: Credential | None = None


class Leg(Struct, frozen=True, gc=False):
    """One try at one endpoint: everything Kamailio needs to send the INVITE there. The URI
    `request_uri` names whom to reach."""

    target: Target
    request_uri: str
    from_: Party
    to: Party
    headers: Headers


class Routes(Struct, frozen=True, gc=False):
    """The legs to try, at least one, and what matched. With `verify` they are for a caller that
    proves to be that identity, and for nobody else."""

    tenant_id: str
    match_kind: MatchKind
    match_id: str
    legs: tuple[Leg, ...]
    mode: GroupMode = GroupMode.SERIAL
    verify: DigestIdentity | None = None
    account: Account = NO_ACCOUNT


class Note(Struct, frozen=True, gc=False):
    """One line of a trace: at which step, about what, and what became of it."""

    step: Step
    subject: str
    text: str


Trace = list[Note]
