"""Carriers in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.reroute_policy import ReroutePolicy, load_reroute_policy
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.services import carriers
from pointsman.services.rows import DEFAULT_PAGE, find_row

_REROUTE_POLICY = (
    "What happens when a call to it fails, unless the trunk has a policy: one of the platform or "
    "of the carrier's own tenant."
)


@strawberry.type(
    description="A wholesale or PSTN provider: of one tenant, or of the platform and then used "
    "by the tenants it is granted to."
)
class Carrier:
    """models.Carrier."""

    id: strawberry.ID = strawberry.field(description="Names the carrier for good.")
    name: str = strawberry.field(description="Unique among its owner's, 1 to 100 characters.")
    enabled: bool = strawberry.field(
        description="A disabled carrier gets no calls, and calls from it are refused."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]
    reroute_policy_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Its owner; null for a carrier of the platform.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_REROUTE_POLICY)
    async def reroute_policy(self, info: Info) -> ReroutePolicy | None:
        """Its own; null for none."""
        return await load_reroute_policy(info, self.reroute_policy_id)

    @strawberry.field(description="The tenants that may send calls to it, its owner included.")
    async def granted_tenants(self, info: Info) -> list[Tenant]:
        """By name."""
        rows = await info.context.loaders.granted_tenants_by_carrier_id.load(UUID(self.id))
        return [Tenant.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.Carrier) -> "Carrier":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            reroute_policy_id=row.reroute_policy_id,
        )


async def load_carrier(info: Info, carrier_id: UUID | None) -> Carrier | None:
    """The carrier that a row refers to, in one statement for a whole list."""
    row = await info.context.loaders.carrier_by_id.load(carrier_id) if carrier_id else None
    return Carrier.of(row) if row else None


@strawberry.input(description="A carrier to make.")
class CreateCarrierInput:
    """carriers.create_carrier."""

    name: str = strawberry.field(description="Unique among its owner's, 1 to 100 characters.")
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Its owner; without it the carrier is the platform's."
    )
    enabled: bool = strawberry.field(default=True, description="Whether it gets calls.")
    reroute_policy_id: strawberry.ID | None = strawberry.field(
        default=None, description=_REROUTE_POLICY
    )


@strawberry.input(description="What to change of a carrier; what is absent stays as it is.")
class UpdateCarrierInput:
    """carriers.update_carrier."""

    name: strawberry.Maybe[str | None] = strawberry.field(
        description="Unique among its owner's, 1 to 100 characters."
    )
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description="Whether it gets calls.")
    reroute_policy_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_REROUTE_POLICY
    )


@strawberry.input(description="Which carriers to list.")
class CarrierFilter:
    """carriers.list_carriers."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that this tenant may use."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


CarrierResult = Annotated[
    Carrier | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("CarrierResult", description="The carrier, or why nothing was changed."),
]


@strawberry.type
class CarrierQuery:
    """Reading carriers."""

    @strawberry.field(description="One carrier, null when there is none with this id.")
    async def carrier(self, info: Info, id: strawberry.ID) -> Carrier | None:
        """One."""
        row = await find_row(info.context.principal, models.Carrier, id)
        return Carrier.of(row) if row else None

    @strawberry.field(description="Carriers by name.")
    async def carriers(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: CarrierFilter | None = None,
    ) -> Connection[Carrier]:
        """Many."""
        page = await carriers.list_carriers(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or CarrierFilter()),
        )
        return Connection.of(page, Carrier.of)


@strawberry.type
class CarrierMutation:
    """Changing carriers and grants."""

    @strawberry.mutation(description="Make a carrier.")
    async def create_carrier(self, info: Info, input: CreateCarrierInput) -> CarrierResult:
        """Create."""
        row = await carriers.create_carrier(info.context.principal, **created_fields(input))
        return Carrier.of(row)

    @strawberry.mutation(description="Change a carrier.")
    async def update_carrier(
        self, info: Info, id: strawberry.ID, input: UpdateCarrierInput
    ) -> CarrierResult:
        """Update."""
        changes = updated_fields(input, nullable=("reroute_policy_id",))
        row = await carriers.update_carrier(info.context.principal, id, **changes)
        return Carrier.of(row)

    @strawberry.mutation(description="Delete a carrier that has no trunks any more.")
    async def delete_carrier(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await carriers.delete_carrier(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))

    @strawberry.mutation(description="Let a tenant send calls to a carrier of the platform.")
    async def grant_carrier(
        self, info: Info, carrier_id: strawberry.ID, tenant_id: strawberry.ID
    ) -> CarrierResult:
        """Grant."""
        row = await carriers.grant_carrier(info.context.principal, carrier_id, tenant_id)
        return Carrier.of(row)

    @strawberry.mutation(
        description="Take a grant back; refused while a routing group of the tenant uses it."
    )
    async def revoke_carrier(
        self, info: Info, carrier_id: strawberry.ID, tenant_id: strawberry.ID
    ) -> CarrierResult:
        """Revoke."""
        row = await carriers.revoke_carrier(info.context.principal, carrier_id, tenant_id)
        return Carrier.of(row)
