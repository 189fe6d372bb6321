"""A SIP interconnect with a carrier or with a tenant's PBX, and its endpoints."""

from enum import StrEnum

from msgspec import Struct

from pointsman.routing.credential import Credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.number import NumberFormat
from pointsman.routing.registration import Registration

DEFAULT_FR_TIMER_MS = 5_000
DEFAULT_FR_INV_TIMER_MS = 30_000
DEFAULT_PORTS = {"UDP": 5060, "TCP": 5060, "TLS": 5061}


class TrunkKind(StrEnum):
    """Who is at the far end: a carrier, whose calls cost money, or a tenant's PBX."""

    CARRIER = "CARRIER"
    PBX = "PBX"


class Transport(StrEnum):
    """The SIP transport (RFC 3261 section 18)."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


class CallerIdPolicy(StrEnum):
    """Which caller the far end is told of.

    PASS: the caller's own number. FORCE: the trunk's `caller_id_number`. DID_OWNED: the caller's
    own if it is a DID of the tenant, else `caller_id_number`, without which the trunk is no
    candidate. ANONYMOUS: nobody (RFC 3323).
    """

    PASS = "PASS"  # noqa: S105 -- no password
    FORCE = "FORCE"
    DID_OWNED = "DID_OWNED"
    ANONYMOUS = "ANONYMOUS"


class DiversionPolicy(StrEnum):
    """How the far end is told that a call was forwarded: not at all, by Diversion (RFC 5806), by
    History-Info (RFC 7044), or by both."""

    NONE = "NONE"
    DIVERSION = "DIVERSION"
    HISTORY_INFO = "HISTORY_INFO"
    BOTH = "BOTH"


class ExtraHeader(Struct, frozen=True, gc=False):
    """A header of a name that is allowed, and the template of its value."""

    name: str
    template: str


class Endpoint(Struct, frozen=True, gc=False):
    """Where a trunk's calls are sent.

    Lower `priority` is tried first; `weight` is the share among equal priorities
    (RFC 3263 section 4, RFC 2782). Without `port` Kamailio resolves it by DNS SRV.
    """

    id: str
    host: str
    port: int | None = None
    transport: Transport = Transport.UDP
    priority: int = 0
    weight: int = 1
    enabled: bool = True

    @property
    def socket(self) -> tuple[str, int]:
        """Host and port a call to this endpoint is sent to."""
        return self.host, self.port or DEFAULT_PORTS[self.transport]

    @property
    def uri_params(self) -> str:
        """The URI parameters that pick the transport (RFC 3261 section 19.1.1)."""
        return "" if self.transport is Transport.UDP else f";transport={self.transport.lower()}"


class Trunk(Struct, frozen=True, gc=False):
    """A trunk: `tenant_id` is set for kind PBX, `carrier_id` for kind CARRIER.

    `from_host` replaces the host in From and in the identity headers; "" keeps the caller's. A
    `draining` trunk gets no new calls, and may still send. Those of a `probing` one are
    asked by OPTIONS whether they are there. `trusted`: within the trust domain of
    RFC 3325, so that it is told who calls even when the caller wants privacy. `tech_prefix` goes
    before the called number. `socket` is the one of Kamailio to send from, as
    udp:192.0.2.1:5060, "" for Kamailio's choice. `digest` tells the trunk's calls where their
    address does not, `credential` answers the far end's challenge, `registration` is made there
    with it, if any. A trunk that `lacks_secret` has one of them stored, sealed with a
    key that is not here.
    """

    id: str
    name: str
    kind: TrunkKind
    tenant_id: str = ""
    carrier_id: str = ""
    enabled: bool = True
    endpoints: tuple[Endpoint, ...] = ()
    number_format: NumberFormat = NumberFormat.PLUS_E164
    from_host: str = ""
    send_asserted_identity: bool = True
    fr_timer_ms: int = DEFAULT_FR_TIMER_MS
    fr_inv_timer_ms: int = DEFAULT_FR_INV_TIMER_MS
    draining: bool = False
    normalization_profile_id: str = ""
    tech_prefix: str = ""
    caller_id_policy: CallerIdPolicy = CallerIdPolicy.PASS
    caller_id_number: str = ""
    send_preferred_identity: bool = False
    send_remote_party_id: bool = False
    trusted: bool = True
    diversion_policy: DiversionPolicy = DiversionPolicy.NONE
    extra_headers: tuple[ExtraHeader, ...] = ()
    socket: str = ""
    reroute_policy_id: str = ""
    registration: Registration | None = None
    credential: Credential | None = None
    digest: DigestIdentity | None = None
    lacks_secret: bool = False
    probing: bool = True
