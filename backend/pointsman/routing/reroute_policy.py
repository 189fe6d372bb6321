"""What happens when a leg fails: the next one, one of another carrier, or the end."""

from enum import StrEnum

from msgspec import Struct


class RerouteAction(StrEnum):
    """STOP: the caller gets the answer. NEXT: the next leg. NEXT_CARRIER: the next leg of another
    carrier. REWRITE: the caller gets another answer."""

    STOP = "STOP"
    NEXT = "NEXT"
    NEXT_CARRIER = "NEXT_CARRIER"
    REWRITE = "REWRITE"


class ReroutePhase(StrEnum):
    """Before the far end has rung (180), or after. Who reports other progress (181 to 189) and
    is then silent until the timer ends may have rung in the media: that is after, too."""

    BEFORE_RINGING = "BEFORE_RINGING"
    AFTER_RINGING = "AFTER_RINGING"
    ANY = "ANY"


class RerouteRule(Struct, frozen=True, gc=False):
    """`cause` is a final SIP code that is no success ("486"), a class of them ("5xx"), "TIMEOUT"
    (no answer in time, which is no 408 of the far end) or "TRANSPORT" (could not be sent). A code
    goes before its class, a rule for one phase before one for ANY. `sip_code` and `sip_reason`
    are what REWRITE answers. A 6xx goes on before ringing only."""

    cause: str
    action: RerouteAction
    phase: ReroutePhase = ReroutePhase.BEFORE_RINGING
    sip_code: int = 0
    sip_reason: str = ""


class ReroutePolicy(Struct, frozen=True, gc=False):
    """The policy of a trunk, else of its carrier, else of the tenant whose call it is; what no
    rule of it says, the default says. Of the platform when `tenant_id` is ""."""

    id: str
    name: str
    tenant_id: str
    rules: tuple[RerouteRule, ...] = ()
