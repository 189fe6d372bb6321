"""Routing groups in the schema, with their trunks."""

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
from pointsman.services import routing_groups
from pointsman.services.routing_groups import MAX_TRUNKS
from pointsman.services.rows import DEFAULT_PAGE, find_row

_NAME = "Unique among the tenant's, 1 to 100 characters."
_PRIORITY = "0 to 65535; lower is tried first."
_WEIGHT = "1 to 65535; the share of the calls that try it first, among equal priorities."
_TRUNKS = f"The trunks to choose among, at least one and {MAX_TRUNKS} at most."


@strawberry.type(description="A trunk's place in a routing group.")
class RoutingGroupTrunk:
    """models.RoutingGroupTrunk."""

    priority: int = strawberry.field(description=_PRIORITY)
    weight: int = strawberry.field(description=_WEIGHT)
    enabled: bool = strawberry.field(description="Whether the group uses it.")
    trunk_id: strawberry.Private[UUID]

    @strawberry.field(description="The trunk.")
    async def trunk(self, info: Info) -> Trunk | None:
        """The trunk."""
        return await load_trunk(info, self.trunk_id)

    @classmethod
    def of(cls, row: models.RoutingGroupTrunk) -> "RoutingGroupTrunk":
        """Wrap a row."""
        return cls(
            priority=row.priority,
            weight=row.weight,
            enabled=row.enabled,
            trunk_id=row.trunk_id,
        )


@strawberry.type(
    description="An ordered, weighted choice of a tenant's trunks: each call tries them one after "
    "the other until one takes it. Which comes first among equal priorities is hashed from the "
    "Call-ID, so that a call asked again goes the same way."
)
class RoutingGroup:
    """models.RoutingGroup."""

    id: strawberry.ID = strawberry.field(description="Names the group for good.")
    name: str = strawberry.field(description=_NAME)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose group it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_TRUNKS)
    async def trunks(self, info: Info) -> list[RoutingGroupTrunk]:
        """By priority."""
        rows = await info.context.loaders.places_by_routing_group_id.load(UUID(self.id))
        return [RoutingGroupTrunk.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.RoutingGroup) -> "RoutingGroup":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


async def load_routing_group(info: Info, routing_group_id: UUID | None) -> RoutingGroup | None:
    """The group that a row refers to, in one statement for a whole list."""
    if routing_group_id is None:
        return None
    row = await info.context.loaders.routing_group_by_id.load(routing_group_id)
    return RoutingGroup.of(row) if row else None


@strawberry.input(description="A trunk's place in a routing group.")
class RoutingGroupTrunkInput:
    """routing_groups.GroupTrunkInput."""

    trunk_id: strawberry.ID = strawberry.field(
        description="A PBX trunk of the tenant, or a trunk of a carrier granted to it."
    )
    priority: int = strawberry.field(default=0, description=_PRIORITY)
    weight: int = strawberry.field(default=1, description=_WEIGHT)
    enabled: bool = strawberry.field(default=True, description="Whether the group uses it.")


@strawberry.input(description="A routing group to make.")
class CreateRoutingGroupInput:
    """routing_groups.create_routing_group."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose group it is.")
    name: str = strawberry.field(description=_NAME)
    trunks: list[RoutingGroupTrunkInput] = strawberry.field(description=_TRUNKS)


@strawberry.input(
    description="What to change of a routing group; what is absent stays as it is, and a list "
    "that is given replaces the whole list."
)
class UpdateRoutingGroupInput:
    """routing_groups.update_routing_group."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    trunks: strawberry.Maybe[list[RoutingGroupTrunkInput] | None] = strawberry.field(
        description=_TRUNKS
    )


@strawberry.input(description="Which routing groups to list.")
class RoutingGroupFilter:
    """routing_groups.list_routing_groups."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )


RoutingGroupResult = Annotated[
    RoutingGroup | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("RoutingGroupResult", description="The group, or why nothing was changed."),
]


@strawberry.type
class RoutingGroupQuery:
    """Reading routing groups."""

    @strawberry.field(description="One routing group, null when there is none with this id.")
    async def routing_group(self, info: Info, id: strawberry.ID) -> RoutingGroup | None:
        """One."""
        row = await find_row(info.context.principal, models.RoutingGroup, id)
        return RoutingGroup.of(row) if row else None

    @strawberry.field(description="Routing groups by name.")
    async def routing_groups(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: RoutingGroupFilter | None = None,
    ) -> Connection[RoutingGroup]:
        """Many."""
        page = await routing_groups.list_routing_groups(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or RoutingGroupFilter()),
        )
        return Connection.of(page, RoutingGroup.of)


@strawberry.type
class RoutingGroupMutation:
    """Changing routing groups."""

    @strawberry.mutation(description="Make a routing group.")
    async def create_routing_group(
        self, info: Info, input: CreateRoutingGroupInput
    ) -> RoutingGroupResult:
        """Create."""
        row = await routing_groups.create_routing_group(
            info.context.principal, **created_fields(input)
        )
        return RoutingGroup.of(row)

    @strawberry.mutation(description="Change a routing group.")
    async def update_routing_group(
        self, info: Info, id: strawberry.ID, input: UpdateRoutingGroupInput
    ) -> RoutingGroupResult:
        """Update."""
        row = await routing_groups.update_routing_group(
            info.context.principal, id, **updated_fields(input)
        )
        return RoutingGroup.of(row)

    @strawberry.mutation(description="Delete a routing group that nothing uses any more.")
    async def delete_routing_group(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await routing_groups.delete_routing_group(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
