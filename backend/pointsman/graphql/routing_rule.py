"""Routing rules in the schema."""

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
from pointsman.services import routing_rules
from pointsman.services.rows import DEFAULT_PAGE, find_row

_NAME = "Unique among the tenant's, 1 to 100 characters."
_ROUTING_GROUP = "The routing group of the tenant that the calls use."
_CALLED_PREFIX = (
    "Leading digits of the called number: +39 for E.164 numbers, anything else for what is "
    "dialled as it is (112, *72); empty for every number."
)
_CALLED_REGEX = (
    "An RE2 pattern that the whole called number must match too; empty for none. At most 256 "
    "characters; a called number of over 64 never matches."
)
_PRIORITY = "0 to 65535; lower wins among equal called prefixes."


@strawberry.type(
    description="Which calls from a tenant's PBX use which routing group. Among the rules that "
    "match, the longest calledPrefix wins, then the lowest priority, then the first by name. "
    "Calls to the tenant's own DIDs and domains never come here."
)
class RoutingRule:
    """models.RoutingRule."""

    id: strawberry.ID = strawberry.field(description="Names the rule for good.")
    name: str = strawberry.field(description=_NAME)
    called_prefix: str = strawberry.field(description=_CALLED_PREFIX)
    called_regex: str = strawberry.field(description=_CALLED_REGEX)
    priority: int = strawberry.field(description=_PRIORITY)
    enabled: bool = strawberry.field(description="Whether it is looked at.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]
    routing_group_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose rule it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_ROUTING_GROUP)
    async def routing_group(self, info: Info) -> RoutingGroup | None:
        """The target."""
        return await load_routing_group(info, self.routing_group_id)

    @classmethod
    def of(cls, row: models.RoutingRule) -> "RoutingRule":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            called_prefix=row.called_prefix,
            called_regex=row.called_regex,
            priority=row.priority,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            routing_group_id=row.routing_group_id,
        )


@strawberry.input(description="A routing rule to make.")
class CreateRoutingRuleInput:
    """routing_rules.create_routing_rule."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose rule it is.")
    name: str = strawberry.field(description=_NAME)
    routing_group_id: strawberry.ID = strawberry.field(description=_ROUTING_GROUP)
    called_prefix: str = strawberry.field(default="", description=_CALLED_PREFIX)
    called_regex: str = strawberry.field(default="", description=_CALLED_REGEX)
    priority: int = strawberry.field(default=0, description=_PRIORITY)
    enabled: bool = strawberry.field(default=True, description="Whether it is looked at.")


@strawberry.input(description="What to change of a rule; what is absent stays as it is.")
class UpdateRoutingRuleInput:
    """routing_rules.update_routing_rule."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    routing_group_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_ROUTING_GROUP
    )
    called_prefix: strawberry.Maybe[str | None] = strawberry.field(description=_CALLED_PREFIX)
    called_regex: strawberry.Maybe[str | None] = strawberry.field(description=_CALLED_REGEX)
    priority: strawberry.Maybe[int | None] = strawberry.field(description=_PRIORITY)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether it is looked at."
    )


@strawberry.input(description="Which routing rules to list.")
class RoutingRuleFilter:
    """routing_rules.list_routing_rules."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    called_prefix_starts_with: str = strawberry.field(
        default="", description="Leading part of calledPrefix, such as +39."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


RoutingRuleResult = Annotated[
    RoutingRule | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("RoutingRuleResult", description="The rule, or why nothing was changed."),
]


@strawberry.type
class RoutingRuleQuery:
    """Reading routing rules."""

    @strawberry.field(description="One routing rule, null when there is none with this id.")
    async def routing_rule(self, info: Info, id: strawberry.ID) -> RoutingRule | None:
        """One."""
        row = await find_row(info.context.principal, models.RoutingRule, id)
        return RoutingRule.of(row) if row else None

    @strawberry.field(description="Routing rules by calledPrefix, then priority, then name.")
    async def routing_rules(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: RoutingRuleFilter | None = None,
    ) -> Connection[RoutingRule]:
        """Many."""
        page = await routing_rules.list_routing_rules(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or RoutingRuleFilter()),
        )
        return Connection.of(page, RoutingRule.of)


@strawberry.type
class RoutingRuleMutation:
    """Changing routing rules."""

    @strawberry.mutation(description="Make a routing rule.")
    async def create_routing_rule(
        self, info: Info, input: CreateRoutingRuleInput
    ) -> RoutingRuleResult:
        """Create."""
        row = await routing_rules.create_routing_rule(
            info.context.principal, **created_fields(input)
        )
        return RoutingRule.of(row)

    @strawberry.mutation(description="Change a routing rule.")
    async def update_routing_rule(
        self, info: Info, id: strawberry.ID, input: UpdateRoutingRuleInput
    ) -> RoutingRuleResult:
        """Update."""
        row = await routing_rules.update_routing_rule(
            info.context.principal, id, **updated_fields(input)
        )
        return RoutingRule.of(row)

    @strawberry.mutation(description="Delete a routing rule.")
    async def delete_routing_rule(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await routing_rules.delete_routing_rule(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
