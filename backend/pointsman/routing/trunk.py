"""A SIP interconnect with a carrier or with a tenant's PBX, and its endpoints."""

from enum import StrEnum

from msgspec import Struct

from pointsman.routing.number import NumberFormat

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

    `from_host` replaces the host in From and P-Asserted-Identity; "" keeps the caller's.
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
