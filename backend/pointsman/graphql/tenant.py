"""Tenants in the schema."""

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
from pointsman.routing.destination_class import DestinationClass
from pointsman.services import tenants
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    DestinationClass,
    description="Kinds of numbers that may cost much more than others: PREMIUM_RATE and "
    "SHARED_COST of every country, SATELLITE (+870, +881), INTERNATIONAL_NETWORK (+882, +883, "
    "+979 and every other code that is no country's).",
)

_ALLOWED_CLASSES = (
    "The classes of numbers that its calls may go to: each is denied until it stands here. Only "
    "an administrator of the platform says so."
)
_ALLOWED_COUNTRIES = (
    "The countries (ISO 3166-1 alpha-2, such as IT) whose numbers its calls may go to, whatever "
    f"their class, {tenants.MAX_COUNTRIES} at most. Only an administrator of the platform says so."
)
_REROUTE_POLICY = (
    "What happens when a call of the tenant fails, unless the trunk or its carrier has a policy: "
    "one of the platform or of the tenant, which may choose it itself."
)


@strawberry.type(
    description="A customer whose calls are routed. It owns domains, PBX trunks, DIDs, routing "
    "groups and routing rules; no call of one tenant ever sees another's."
)
class Tenant:
    """models.Tenant."""

    id: strawberry.ID = strawberry.field(description="Names the tenant for good.")
    name: str = strawberry.field(description="Unique on the platform, 1 to 100 characters.")
    enabled: bool = strawberry.field(
        description="Calls from and to a disabled tenant are refused with SIP 403."
    )
    allowed_classes: list[DestinationClass] = strawberry.field(description=_ALLOWED_CLASSES)
    allowed_countries: list[str] = strawberry.field(description=_ALLOWED_COUNTRIES)
    # By its id, since a policy has its tenant: neither type could be there before the other.
    reroute_policy_id: strawberry.ID | None = strawberry.field(description=_REROUTE_POLICY)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def of(cls, row: models.Tenant) -> "Tenant":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            enabled=row.enabled,
            allowed_classes=[DestinationClass(name) for name in row.allowed_classes],
            allowed_countries=row.allowed_countries,
            reroute_policy_id=strawberry.ID(str(row.reroute_policy_id))
            if row.reroute_policy_id
            else None,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


async def load_tenant(info: Info, tenant_id: UUID | None) -> Tenant | None:
    """The tenant that a row refers to, in one statement for a whole list."""
    row = await info.context.loaders.tenant_by_id.load(tenant_id) if tenant_id else None
    return Tenant.of(row) if row else None


@strawberry.input(description="A tenant to make.")
class CreateTenantInput:
    """tenants.create_tenant."""

    name: str = strawberry.field(description="Unique on the platform, 1 to 100 characters.")
    enabled: bool = strawberry.field(default=True, description="Whether its calls are routed.")
    allowed_classes: list[DestinationClass] = strawberry.field(
        default_factory=list, description=_ALLOWED_CLASSES
    )
    allowed_countries: list[str] = strawberry.field(
        default_factory=list, description=_ALLOWED_COUNTRIES
    )
    reroute_policy_id: strawberry.ID | None = strawberry.field(
        default=None, description=_REROUTE_POLICY
    )


@strawberry.input(description="What to change of a tenant; what is absent stays as it is.")
class UpdateTenantInput:
    """tenants.update_tenant."""

    name: strawberry.Maybe[str | None] = strawberry.field(
        description="Unique on the platform, 1 to 100 characters."
    )
    enabled: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether its calls are routed."
    )
    allowed_classes: strawberry.Maybe[list[DestinationClass] | None] = strawberry.field(
        description=_ALLOWED_CLASSES
    )
    allowed_countries: strawberry.Maybe[list[str] | None] = strawberry.field(
        description=_ALLOWED_COUNTRIES
    )
    reroute_policy_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_REROUTE_POLICY
    )


@strawberry.input(description="Which tenants to list.")
class TenantFilter:
    """tenants.list_tenants."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


TenantResult = Annotated[
    Tenant | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("TenantResult", description="The tenant, or why nothing was changed."),
]


@strawberry.type
class TenantQuery:
    """Reading tenants."""

    @strawberry.field(description="One tenant, null when there is none with this id.")
    async def tenant(self, info: Info, id: strawberry.ID) -> Tenant | None:
        """One."""
        row = await find_row(info.context.principal, models.Tenant, id)
        return Tenant.of(row) if row else None

    @strawberry.field(description="Tenants by name.")
    async def tenants(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: TenantFilter | None = None,
    ) -> Connection[Tenant]:
        """Many."""
        page = await tenants.list_tenants(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or TenantFilter()),
        )
        return Connection.of(page, Tenant.of)


@strawberry.type
class TenantMutation:
    """Changing tenants."""

    @strawberry.mutation(description="Make a tenant.")
    async def create_tenant(self, info: Info, input: CreateTenantInput) -> TenantResult:
        """Create."""
        row = await tenants.create_tenant(info.context.principal, **created_fields(input))
        return Tenant.of(row)

    @strawberry.mutation(description="Change a tenant.")
    async def update_tenant(
        self, info: Info, id: strawberry.ID, input: UpdateTenantInput
    ) -> TenantResult:
        """Update."""
        changes = updated_fields(input, nullable=("reroute_policy_id",))
        row = await tenants.update_tenant(info.context.principal, id, **changes)
        return Tenant.of(row)

    @strawberry.mutation(description="Delete a tenant that owns nothing any more.")
    async def delete_tenant(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await tenants.delete_tenant(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
