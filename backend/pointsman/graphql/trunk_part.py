"""The parts of a trunk in the schema: who may send as it, and where its calls are sent."""

from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.context import Info
from pointsman.graphql.endpoint_state import EndpointHealth
from pointsman.routing.extra_header import (
    ALLOWED_NAMES,
    MAX_NAME,
    MAX_PLACEHOLDERS,
    MAX_TEMPLATE,
    PLACEHOLDERS,
)
from pointsman.routing.trunk import Transport
from pointsman.services.trunk_parts import MAX_ENDPOINTS, MAX_SOURCES

strawberry.enum(Transport, description="The SIP transport (RFC 3261 section 18).")

SOURCES = (
    "Who may send as this trunk. Of the sources that hold for a call, the one of the longest "
    "network wins, then the one with a transport, with a port, with the longest techPrefix, "
    f"calledPrefix, callingPrefix. {MAX_SOURCES} at most."
)
ENDPOINTS = f"Where calls to this trunk are sent, {MAX_ENDPOINTS} at most."
_CIDR = (
    "An address or a network such as 192.0.2.0/28, IPv4 from /8 and IPv6 from /16 on. Only an "
    "administrator of the platform lets it overlap with one of another owner."
)
_SOURCE_TRANSPORT = "Only calls that come by this transport; null for any."
_SOURCE_PORT = "Only calls from this port of the sender, 1 to 65535; null for any."
_TECH_PREFIX = (
    "Only calls whose called number starts with it: it is cut off before anything else looks at "
    "the number. Digits, * and #, 16 at most; empty for none."
)
_CALLED_PREFIX = (
    "Only calls whose called number, behind techPrefix and as the sender writes it, starts with "
    "it. 32 characters at most; empty for any."
)
_CALLING_PREFIX = (
    "Only calls whose calling number, as the sender writes it, starts with it. 32 characters at "
    "most; empty for any."
)
_HEADER_NAME = (
    f"A name that starts with X-, {MAX_NAME} characters at most, or one of "
    f"{', '.join(ALLOWED_NAMES)}."
)
_HEADER_TEMPLATE = (
    f"Its value, 1 to {MAX_TEMPLATE} characters on one line, with {MAX_PLACEHOLDERS} placeholders "
    f"at most: {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}."
)
_HOST = "Host name, IPv4 or IPv6 address."
_PORT = "1 to 65535; null leaves it to DNS SRV (RFC 3263), or the transport's default."
_PRIORITY = "0 to 65535; lower is tried first."
_WEIGHT = "1 to 65535; the share among equal priorities."


@strawberry.type(
    description="Who may send as a trunk: a network, and what narrows it. No two trunks of the "
    "platform have the same."
)
class TrunkSource:
    """models.TrunkSource."""

    cidr: str = strawberry.field(description=_CIDR)
    transport: Transport | None = strawberry.field(description=_SOURCE_TRANSPORT)
    port: int | None = strawberry.field(description=_SOURCE_PORT)
    tech_prefix: str = strawberry.field(description=_TECH_PREFIX)
    called_prefix: str = strawberry.field(description=_CALLED_PREFIX)
    calling_prefix: str = strawberry.field(description=_CALLING_PREFIX)

    @classmethod
    def of(cls, row: models.TrunkSource) -> "TrunkSource":
        """Wrap a row."""
        return cls(
            cidr=str(row.cidr),
            transport=row.transport,
            port=row.port,
            tech_prefix=row.tech_prefix,
            called_prefix=row.called_prefix,
            calling_prefix=row.calling_prefix,
        )


@strawberry.input(description="Who may send as a trunk: a network, and what narrows it.")
class TrunkSourceInput:
    """trunk_parts.SourceInput."""

    cidr: str = strawberry.field(description=_CIDR)
    transport: Transport | None = strawberry.field(default=None, description=_SOURCE_TRANSPORT)
    port: int | None = strawberry.field(default=None, description=_SOURCE_PORT)
    tech_prefix: str = strawberry.field(default="", description=_TECH_PREFIX)
    called_prefix: str = strawberry.field(default="", description=_CALLED_PREFIX)
    calling_prefix: str = strawberry.field(default="", description=_CALLING_PREFIX)


@strawberry.type(description="Where a trunk's calls are sent.")
class TrunkEndpoint:
    """models.TrunkEndpoint."""

    id: strawberry.ID = strawberry.field(description="Stays while host, port and transport stay.")
    host: str = strawberry.field(description=_HOST)
    port: int | None = strawberry.field(description=_PORT)
    transport: Transport = strawberry.field(description="The SIP transport.")
    priority: int = strawberry.field(description=_PRIORITY)
    weight: int = strawberry.field(description=_WEIGHT)
    enabled: bool = strawberry.field(description="Whether calls are sent there.")

    @strawberry.field(
        description="What each Kamailio node that probes it has found; empty where none does."
    )
    async def health(self, info: Info) -> list[EndpointHealth]:
        """By the name of the node."""
        rows = await info.context.loaders.states_by_endpoint_id.load(UUID(self.id))
        return [EndpointHealth.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.TrunkEndpoint) -> "TrunkEndpoint":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            host=row.host,
            port=row.port,
            transport=row.transport,
            priority=row.priority,
            weight=row.weight,
            enabled=row.enabled,
        )


@strawberry.input(description="Where a trunk's calls are sent.")
class TrunkEndpointInput:
    """trunk_parts.EndpointInput."""

    host: str = strawberry.field(description=_HOST)
    port: int | None = strawberry.field(default=None, description=_PORT)
    transport: Transport = strawberry.field(default=Transport.UDP, description="The SIP transport.")
    priority: int = strawberry.field(default=0, description=_PRIORITY)
    weight: int = strawberry.field(default=1, description=_WEIGHT)
    enabled: bool = strawberry.field(default=True, description="Whether calls are sent there.")


@strawberry.type(description="A header that is added to each call to a trunk.")
class ExtraHeader:
    """An object of models.Trunk.extra_headers."""

    name: str = strawberry.field(description=_HEADER_NAME)
    template: str = strawberry.field(description=_HEADER_TEMPLATE)


@strawberry.input(description="A header that is added to each call to a trunk.")
class ExtraHeaderInput:
    """trunk_fields.ExtraHeaderInput."""

    name: str = strawberry.field(description=_HEADER_NAME)
    template: str = strawberry.field(description=_HEADER_TEMPLATE)
