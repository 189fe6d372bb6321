"""Domains in the schema."""

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
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.services import domains
from pointsman.services.rows import DEFAULT_PAGE, find_row

_NAME = (
    "A host name, unique on the platform; kept in lower case. An address only by an administrator "
    "of the platform."
)


@strawberry.type(
    description="A SIP domain of a tenant: calls whose Request-URI has this host go to its PBX, "
    "and never on to a carrier."
)
class Domain:
    """models.Domain."""

    id: strawberry.ID = strawberry.field(description="Names the domain for good.")
    name: str = strawberry.field(description=_NAME)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]
    pbx_trunk_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose domain it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description="The PBX trunk that its calls go to.")
    async def pbx_trunk(self, info: Info) -> Trunk | None:
        """The target."""
        return await load_trunk(info, self.pbx_trunk_id)

    @classmethod
    def of(cls, row: models.Domain) -> "Domain":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            pbx_trunk_id=row.pbx_trunk_id,
        )


@strawberry.input(description="A domain to make.")
class CreateDomainInput:
    """domains.create_domain."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose domain it is.")
    name: str = strawberry.field(description=_NAME)
    pbx_trunk_id: strawberry.ID = strawberry.field(
        description="The PBX trunk of the tenant that its calls go to."
    )


@strawberry.input(description="What to change of a domain; what is absent stays as it is.")
class UpdateDomainInput:
    """domains.update_domain."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    pbx_trunk_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="The PBX trunk of the tenant that its calls go to."
    )


@strawberry.input(description="Which domains to list.")
class DomainFilter:
    """domains.list_domains."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )


DomainResult = Annotated[
    Domain | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("DomainResult", description="The domain, or why nothing was changed."),
]


@strawberry.type
class DomainQuery:
    """Reading domains."""

    @strawberry.field(description="One domain, null when there is none with this id.")
    async def domain(self, info: Info, id: strawberry.ID) -> Domain | None:
        """One."""
        row = await find_row(info.context.principal, models.Domain, id)
        return Domain.of(row) if row else None

    @strawberry.field(description="Domains by name.")
    async def domains(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: DomainFilter | None = None,
    ) -> Connection[Domain]:
        """Many."""
        page = await domains.list_domains(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or DomainFilter()),
        )
        return Connection.of(page, Domain.of)


@strawberry.type
class DomainMutation:
    """Changing domains."""

    @strawberry.mutation(description="Make a domain.")
    async def create_domain(self, info: Info, input: CreateDomainInput) -> DomainResult:
        """Create."""
        row = await domains.create_domain(info.context.principal, **created_fields(input))
        return Domain.of(row)

    @strawberry.mutation(description="Change a domain.")
    async def update_domain(
        self, info: Info, id: strawberry.ID, input: UpdateDomainInput
    ) -> DomainResult:
        """Update."""
        row = await domains.update_domain(info.context.principal, id, **updated_fields(input))
        return Domain.of(row)

    @strawberry.mutation(description="Delete a domain.")
    async def delete_domain(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await domains.delete_domain(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
