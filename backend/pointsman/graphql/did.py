"""DIDs in the schema."""

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
from pointsman.graphql.routing_group import RoutingGroup, load_routing_group
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.services import dids
from pointsman.services.rows import DEFAULT_PAGE, find_row

_PREFIX = (
    "A number or the leading digits of a range, in E.164 with a plus, such as +390401234. Unique "
    "on the platform; ranges of two tenants never overlap. The longest prefix wins."
)
_PBX_TRUNK = "The PBX trunk of the tenant that its calls go to."
_ROUTING_GROUP = "The routing group of the tenant's PBX trunks that its calls go to."
_ENABLED = "Calls to a disabled DID are refused with SIP 404."


@strawberry.type(
    description="A number, or a range of numbers, of a tenant. Its calls go to the tenant's PBX, "
    "and never on to a carrier."
)
class Did:
    """models.Did."""

    id: strawberry.ID = strawberry.field(description="Names the DID for good.")
    prefix: str = strawberry.field(description=_PREFIX)
    enabled: bool = strawberry.field(description=_ENABLED)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]
    pbx_trunk_id: strawberry.Private[UUID | None]
    routing_group_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Whose number it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=f"{_PBX_TRUNK} Null when it has a routing group.")
    async def pbx_trunk(self, info: Info) -> Trunk | None:
        """One of the two targets."""
        return await load_trunk(info, self.pbx_trunk_id)

    @strawberry.field(description=f"{_ROUTING_GROUP} Null when it has a PBX trunk.")
    async def routing_group(self, info: Info) -> RoutingGroup | None:
        """The other of the two targets."""
        return await load_routing_group(info, self.routing_group_id)

    @classmethod
    def of(cls, row: models.Did) -> "Did":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            prefix=row.prefix,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            pbx_trunk_id=row.pbx_trunk_id,
            routing_group_id=row.routing_group_id,
        )


@strawberry.input(
    description="A DID to make: with pbxTrunkId or with routingGroupId, exactly one of the two."
)
class CreateDidInput:
    """dids.create_did."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose number it is.")
    prefix: str = strawberry.field(description=_PREFIX)
    pbx_trunk_id: strawberry.ID | None = strawberry.field(default=None, description=_PBX_TRUNK)
    routing_group_id: strawberry.ID | None = strawberry.field(
        default=None, description=_ROUTING_GROUP
    )
    enabled: bool = strawberry.field(default=True, description=_ENABLED)


@strawberry.input(
    description="What to change of a DID; what is absent stays as it is. To move from a PBX trunk "
    "to a routing group give the one and null for the other."
)
class UpdateDidInput:
    """dids.update_did."""

    prefix: strawberry.Maybe[str | None] = strawberry.field(description=_PREFIX)
    pbx_trunk_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(description=_PBX_TRUNK)
    routing_group_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_ROUTING_GROUP
    )
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)


@strawberry.input(description="Which DIDs to list.")
class DidFilter:
    """dids.list_dids."""

    prefix_starts_with: str = strawberry.field(
        default="", description="Leading part of the prefix, such as +39."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


DidResult = Annotated[
    Did | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("DidResult", description="The DID, or why nothing was changed."),
]


@strawberry.type
class DidQuery:
    """Reading DIDs."""

    @strawberry.field(description="One DID, null when there is none with this id.")
    async def did(self, info: Info, id: strawberry.ID) -> Did | None:
        """One."""
        row = await find_row(info.context.principal, models.Did, id)
        return Did.of(row) if row else None

    @strawberry.field(description="DIDs by prefix.")
    async def dids(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: DidFilter | None = None,
    ) -> Connection[Did]:
        """Many."""
        page = await dids.list_dids(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or DidFilter()),
        )
        return Connection.of(page, Did.of)


@strawberry.type
class DidMutation:
    """Changing DIDs."""

    @strawberry.mutation(description="Give a number or a range to a tenant.")
    async def create_did(self, info: Info, input: CreateDidInput) -> DidResult:
        """Create."""
        row = await dids.create_did(info.context.principal, **created_fields(input))
        return Did.of(row)

    @strawberry.mutation(description="Change a DID.")
    async def update_did(self, info: Info, id: strawberry.ID, input: UpdateDidInput) -> DidResult:
        """Update."""
        changes = updated_fields(input, nullable=("pbx_trunk_id", "routing_group_id"))
        row = await dids.update_did(info.context.principal, id, **changes)
        return Did.of(row)

    @strawberry.mutation(description="Take a number or a range from its tenant.")
    async def delete_did(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await dids.delete_did(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
