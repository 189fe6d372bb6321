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
from pointsman.routing.routing_group import (
    MAX_CANDIDATES,
    MAX_DEPTH,
    MAX_TRUNKS,
    GroupMode,
    Strategy,
)
from pointsman.services import routing_groups
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    Strategy,
    description="How a group orders its places for a call. PRIORITY: lower priority first, among "
    "equal priorities by weight, drawn by the Call-ID. The others look at no priority. WEIGHTED: "
    "all by weight, drawn by the Call-ID. ROUND: each is first in its turn, which the Call-ID "
    "says, and the others follow round the list (by priority, then name); weights say nothing. "
    "STICKY: by weight, drawn by the calling number, so that a caller always gets the same order, "
    "and a trunk that is taken out moves its own callers only; who withholds the number is drawn "
    "by the Call-ID. LEAST_COST and QUALITY are refused: they need rates, and statistics of "
    "calls, which the platform does not have yet.",
)
strawberry.enum(
    GroupMode,
    description="SERIAL: one leg after the other, until one takes the call. PARALLEL: all legs at "
    "once, and the first to answer has the call. Of groups within groups, the outermost one's "
    "counts.",
)

_NAME = "Unique among the tenant's, 1 to 100 characters."
_PRIORITY = "0 to 65535; lower is tried first."
_WEIGHT = (
    "1 to 65535; the share of the calls that try it first, among equal priorities (under WEIGHTED "
    "and STICKY, among all)."
)
_TRUNKS = (
    f"The trunks and groups to choose among, at least one. {MAX_TRUNKS} trunks at most, those of "
    f"the groups within it counted; groups lie {MAX_DEPTH} deep at most, the outermost counted, "
    "and never in a circle. A trunk that is reached twice is tried once, at its first place."
)
_STRATEGY = "How the places are ordered for a call."
_MODE = "Whether the legs of a call are tried one after the other, or all at once."
_MAX_CANDIDATES = (
    f"1 to {MAX_CANDIDATES}; at most so many endpoints are tried, of those that can take the call. "
    "Of a group within another it bounds what comes of it, but for emergency calls."
)
_OF_TRUNK = "A PBX trunk of the tenant, or a trunk of a carrier granted to it."
_OF_GROUP = "Another group of the tenant, which orders its own places by its own strategy."


@strawberry.type(description="A place in a routing group, of a trunk or of another group.")
class RoutingGroupTrunk:
    """models.RoutingGroupTrunk."""

    priority: int = strawberry.field(description=_PRIORITY)
    weight: int = strawberry.field(description=_WEIGHT)
    enabled: bool = strawberry.field(description="Whether the group uses it.")
    trunk_id: strawberry.Private[UUID | None]
    member_group_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The trunk; null for the place of a group.")
    async def trunk(self, info: Info) -> Trunk | None:
        """The trunk."""
        return await load_trunk(info, self.trunk_id)

    @strawberry.field(description="The group; null for the place of a trunk.")
    async def routing_group(self, info: Info) -> "RoutingGroup | None":
        """The group."""
        return await load_routing_group(info, self.member_group_id)

    @classmethod
    def of(cls, row: models.RoutingGroupTrunk) -> "RoutingGroupTrunk":
        """Wrap a row."""
        return cls(
            priority=row.priority,
            weight=row.weight,
            enabled=row.enabled,
            trunk_id=row.trunk_id,
            member_group_id=row.member_group_id,
        )


@strawberry.type(
    description="An ordered, weighted choice of a tenant's trunks. What is drawn is hashed from "
    "the Call-ID (or the calling number), so that a call asked again goes the same way, and over "
    "many calls each has its share."
)
class RoutingGroup:
    """models.RoutingGroup."""

    id: strawberry.ID = strawberry.field(description="Names the group for good.")
    name: str = strawberry.field(description=_NAME)
    strategy: Strategy = strawberry.field(description=_STRATEGY)
    mode: GroupMode = strawberry.field(description=_MODE)
    max_candidates: int = strawberry.field(description=_MAX_CANDIDATES)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose group it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_TRUNKS)
    async def trunks(self, info: Info) -> list[RoutingGroupTrunk]:
        """By priority, then name."""
        rows = await info.context.loaders.places_by_routing_group_id.load(UUID(self.id))
        return [RoutingGroupTrunk.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.RoutingGroup) -> "RoutingGroup":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            strategy=row.strategy,
            mode=row.mode,
            max_candidates=row.max_candidates,
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


@strawberry.input(description="A place in a routing group: give either trunkId or routingGroupId.")
class RoutingGroupTrunkInput:
    """group_places.GroupTrunkInput."""

    trunk_id: strawberry.ID | None = strawberry.field(default=None, description=_OF_TRUNK)
    routing_group_id: strawberry.ID | None = strawberry.field(default=None, description=_OF_GROUP)
    priority: int = strawberry.field(default=0, description=_PRIORITY)
    weight: int = strawberry.field(default=1, description=_WEIGHT)
    enabled: bool = strawberry.field(default=True, description="Whether the group uses it.")


@strawberry.input(description="A routing group to make.")
class CreateRoutingGroupInput:
    """routing_groups.create_routing_group."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose group it is.")
    name: str = strawberry.field(description=_NAME)
    trunks: list[RoutingGroupTrunkInput] = strawberry.field(description=_TRUNKS)
    strategy: Strategy = strawberry.field(default=Strategy.PRIORITY, description=_STRATEGY)
    mode: GroupMode = strawberry.field(default=GroupMode.SERIAL, description=_MODE)
    max_candidates: int = strawberry.field(default=MAX_CANDIDATES, description=_MAX_CANDIDATES)


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
    strategy: strawberry.Maybe[Strategy | None] = strawberry.field(description=_STRATEGY)
    mode: strawberry.Maybe[GroupMode | None] = strawberry.field(description=_MODE)
    max_candidates: strawberry.Maybe[int | None] = strawberry.field(description=_MAX_CANDIDATES)


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
