"""Trunks in the schema, with their sources and endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.carrier import Carrier, load_carrier
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk_part import (
    ENDPOINTS,
    SOURCES,
    TrunkEndpoint,
    TrunkEndpointInput,
    TrunkSource,
    TrunkSourceInput,
)
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import (
    DEFAULT_FR_INV_TIMER_MS,
    DEFAULT_FR_TIMER_MS,
    TrunkKind,
)
from pointsman.services import trunks
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    TrunkKind,
    description="Who is at the far end: CARRIER, whose calls cost money, or a tenant's PBX.",
)
strawberry.enum(
    NumberFormat,
    description="How the far end writes E.164 numbers, in both directions: PLUS_E164 is "
    "+390401234567, E164 is 390401234567, INTERNATIONAL_00 is 00390401234567. A number with a "
    "plus is understood in each; what is no E.164 number (an extension, *72, john.doe) passes "
    "as it is.",
)

_NAME = "Unique among its owner's trunks, 1 to 100 characters."
_ENABLED = "A disabled trunk gets no calls, and calls from it are refused."
_FROM_HOST = "Host of From and P-Asserted-Identity towards this trunk; empty keeps the caller's."
_SEND_ASSERTED_IDENTITY = "Whether P-Asserted-Identity is sent (RFC 3325)."
_FR_TIMER_MS = "How long to wait for any reply, 100 to 32000 milliseconds."
_FR_INV_TIMER_MS = "How long to wait for a final reply, 1000 to 180000 milliseconds."


@strawberry.type(
    description="A SIP interconnect with a carrier or with a tenant's PBX: who may send, where to "
    "send, and how the far end wants its calls."
)
class Trunk:
    """models.Trunk."""

    id: strawberry.ID = strawberry.field(description="Names the trunk for good.")
    name: str = strawberry.field(description=_NAME)
    kind: TrunkKind = strawberry.field(description="PBX with a tenant, CARRIER with a carrier.")
    enabled: bool = strawberry.field(description=_ENABLED)
    number_format: NumberFormat = strawberry.field(description="How the far end writes numbers.")
    from_host: str = strawberry.field(description=_FROM_HOST)
    send_asserted_identity: bool = strawberry.field(description=_SEND_ASSERTED_IDENTITY)
    fr_timer_ms: int = strawberry.field(description=_FR_TIMER_MS)
    fr_inv_timer_ms: int = strawberry.field(description=_FR_INV_TIMER_MS)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]
    carrier_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The tenant whose PBX it leads to; null for kind CARRIER.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner of a PBX trunk."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description="The carrier it leads to; null for kind PBX.")
    async def carrier(self, info: Info) -> Carrier | None:
        """The carrier of a carrier's trunk."""
        return await load_carrier(info, self.carrier_id)

    @strawberry.field(description=SOURCES)
    async def sources(self, info: Info) -> list[TrunkSource]:
        """By address."""
        rows = await info.context.loaders.sources_by_trunk_id.load(UUID(self.id))
        return [TrunkSource.of(row) for row in rows]

    @strawberry.field(description=ENDPOINTS)
    async def endpoints(self, info: Info) -> list[TrunkEndpoint]:
        """By priority, then host."""
        rows = await info.context.loaders.endpoints_by_trunk_id.load(UUID(self.id))
        return [TrunkEndpoint.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.Trunk) -> "Trunk":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            kind=row.kind,
            enabled=row.enabled,
            number_format=row.number_format,
            from_host=row.from_host,
            send_asserted_identity=row.send_asserted_identity,
            fr_timer_ms=row.fr_timer_ms,
            fr_inv_timer_ms=row.fr_inv_timer_ms,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            carrier_id=row.carrier_id,
        )


async def load_trunk(info: Info, trunk_id: UUID | None) -> Trunk | None:
    """The trunk that a row refers to, in one statement for a whole list."""
    row = await info.context.loaders.trunk_by_id.load(trunk_id) if trunk_id else None
    return Trunk.of(row) if row else None


@strawberry.input(
    description="A trunk to make: with tenantId to that tenant's PBX, with carrierId to the "
    "carrier; exactly one of the two."
)
class CreateTrunkInput:
    """trunks.create_trunk."""

    name: str = strawberry.field(description=_NAME)
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="The tenant whose PBX it leads to."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="The carrier it leads to."
    )
    enabled: bool = strawberry.field(default=True, description=_ENABLED)
    number_format: NumberFormat = strawberry.field(
        default=NumberFormat.PLUS_E164, description="How the far end writes numbers."
    )
    from_host: str = strawberry.field(default="", description=_FROM_HOST)
    send_asserted_identity: bool = strawberry.field(
        default=True, description=_SEND_ASSERTED_IDENTITY
    )
    fr_timer_ms: int = strawberry.field(default=DEFAULT_FR_TIMER_MS, description=_FR_TIMER_MS)
    fr_inv_timer_ms: int = strawberry.field(
        default=DEFAULT_FR_INV_TIMER_MS, description=_FR_INV_TIMER_MS
    )
    sources: list[TrunkSourceInput] = strawberry.field(default_factory=list, description=SOURCES)
    endpoints: list[TrunkEndpointInput] = strawberry.field(
        default_factory=list, description=ENDPOINTS
    )


@strawberry.input(
    description="What to change of a trunk; what is absent stays as it is, and a list that is "
    "given replaces the whole list."
)
class UpdateTrunkInput:
    """trunks.update_trunk."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)
    number_format: strawberry.Maybe[NumberFormat | None] = strawberry.field(
        description="How the far end writes numbers."
    )
    from_host: strawberry.Maybe[str | None] = strawberry.field(description=_FROM_HOST)
    send_asserted_identity: strawberry.Maybe[bool | None] = strawberry.field(
        description=_SEND_ASSERTED_IDENTITY
    )
    fr_timer_ms: strawberry.Maybe[int | None] = strawberry.field(description=_FR_TIMER_MS)
    fr_inv_timer_ms: strawberry.Maybe[int | None] = strawberry.field(description=_FR_INV_TIMER_MS)
    sources: strawberry.Maybe[list[TrunkSourceInput] | None] = strawberry.field(description=SOURCES)
    endpoints: strawberry.Maybe[list[TrunkEndpointInput] | None] = strawberry.field(
        description=ENDPOINTS
    )


@strawberry.input(description="Which trunks to list.")
class TrunkFilter:
    """trunks.list_trunks."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    kind: TrunkKind | None = strawberry.field(default=None, description="Only those of this kind.")
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those to this tenant's PBX."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those to this carrier."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


TrunkResult = Annotated[
    Trunk | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("TrunkResult", description="The trunk, or why nothing was changed."),
]


@strawberry.type
class TrunkQuery:
    """Reading trunks."""

    @strawberry.field(description="One trunk, null when there is none with this id.")
    async def trunk(self, info: Info, id: strawberry.ID) -> Trunk | None:
        """One."""
        row = await find_row(info.context.principal, models.Trunk, id)
        return Trunk.of(row) if row else None

    @strawberry.field(description="Trunks by name.")
    async def trunks(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: TrunkFilter | None = None,
    ) -> Connection[Trunk]:
        """Many."""
        page = await trunks.list_trunks(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or TrunkFilter()),
        )
        return Connection.of(page, Trunk.of)


@strawberry.type
class TrunkMutation:
    """Changing trunks."""

    @strawberry.mutation(description="Make a trunk.")
    async def create_trunk(self, info: Info, input: CreateTrunkInput) -> TrunkResult:
        """Create."""
        row = await trunks.create_trunk(info.context.principal, **created_fields(input))
        return Trunk.of(row)

    @strawberry.mutation(description="Change a trunk.")
    async def update_trunk(
        self, info: Info, id: strawberry.ID, input: UpdateTrunkInput
    ) -> TrunkResult:
        """Update."""
        row = await trunks.update_trunk(info.context.principal, id, **updated_fields(input))
        return Trunk.of(row)

    @strawberry.mutation(description="Delete a trunk that nothing uses any more.")
    async def delete_trunk(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await trunks.delete_trunk(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
