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
from pointsman.graphql.schedule import Schedule, load_schedule
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.routing.decide import MAX_FORWARDS
from pointsman.routing.routing_rule import MAX_REGEX_INPUT, RULE_ORDER, RuleAction
from pointsman.services import routing_rules
from pointsman.services.routing_rule_fields import MAX_REASON
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    RuleAction,
    description="What becomes of a call: GROUP sends it to a routing group, REJECT refuses it with "
    "a SIP response, CONTINUE goes on with another called number, which is screened and matched "
    f"afresh; after {MAX_FORWARDS} such changes the call is refused with 482.",
)

_NAME = "Unique among the tenant's, 1 to 100 characters."
_CALLED_PREFIX = (
    "Leading digits of the called number: +39 for E.164 numbers, anything else for what is "
    "dialled as it is (112, *72); empty for every number. At most 32 characters."
)
_CALLED_REGEX = (
    "An RE2 pattern that the whole called number must match too; empty for none. At most 256 "
    f"characters; a called number of over {MAX_REGEX_INPUT} never matches."
)
_CALLING_PREFIX = (
    "Leading digits of the calling number; empty for every caller. A caller that withholds its "
    "number, or whose number cannot be read, has none. At most 32 characters."
)
_CALLING_REGEX = (
    "An RE2 pattern that the whole calling number must match too; empty for none. At most 256 "
    f"characters; a calling number of over {MAX_REGEX_INPUT} never matches, nor does none."
)
_SOURCE_TRUNK = "The tenant's PBX trunk that the call must come from; null for any of them."
_SCHEDULE = "The tenant's schedule that says when it applies; null for always."
_SCHEDULE_OPEN = "Whether it applies while the schedule is open, or, if false, while it is closed."
_PRIORITY = "0 to 65535; lower wins among rules that nothing else tells apart but their names."
_ENABLED = "Whether it is looked at."
_ACTION = "What becomes of the call."
_ROUTING_GROUP = "For the action GROUP: the routing group of the tenant that the calls use."
_REJECT_SIP_CODE = "For the action REJECT: the SIP response, 400 to 699 but for 401 and 407."
_REJECT_SIP_REASON = (
    f"For the action REJECT: the reason phrase, one line of at most {MAX_REASON} characters; "
    "empty for the usual one of the code."
)
_FORWARD_NUMBER = (
    "For the action CONTINUE: the number that is called instead, E.164 with a plus, or what is "
    "dialled as it is (an extension, *98) in digits, * and #, at most 32; no profile reads it. It "
    "may be a DID of the tenant. An emergency number is refused, and so is one for which the rule "
    "itself holds again."
)
_CHANGES = (
    "What to change of a rule; what is absent stays as it is. Another action needs what belongs "
    "to it, and clears what belonged to the former one."
)


@strawberry.type(
    description="What becomes of calls from a tenant's PBX. Among the rules that apply, "
    f"{'; then '.join(RULE_ORDER)}. Calls to the tenant's own DIDs and domains never come here."
)
class RoutingRule:
    """models.RoutingRule."""

    id: strawberry.ID = strawberry.field(description="Names the rule for good.")
    name: str = strawberry.field(description=_NAME)
    called_prefix: str = strawberry.field(description=_CALLED_PREFIX)
    called_regex: str = strawberry.field(description=_CALLED_REGEX)
    calling_prefix: str = strawberry.field(description=_CALLING_PREFIX)
    calling_regex: str = strawberry.field(description=_CALLING_REGEX)
    schedule_open: bool = strawberry.field(description=_SCHEDULE_OPEN)
    priority: int = strawberry.field(description=_PRIORITY)
    enabled: bool = strawberry.field(description=_ENABLED)
    action: RuleAction = strawberry.field(description=_ACTION)
    reject_sip_code: int | None = strawberry.field(description=_REJECT_SIP_CODE)
    reject_sip_reason: str = strawberry.field(description=_REJECT_SIP_REASON)
    forward_number: str = strawberry.field(description=_FORWARD_NUMBER)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]
    source_trunk_id: strawberry.Private[UUID | None]
    schedule_id: strawberry.Private[UUID | None]
    routing_group_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Whose rule it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_ROUTING_GROUP)
    async def routing_group(self, info: Info) -> RoutingGroup | None:
        """The target."""
        return await load_routing_group(info, self.routing_group_id)

    @strawberry.field(description=_SOURCE_TRUNK)
    async def source_trunk(self, info: Info) -> Trunk | None:
        """Where the call comes from."""
        return await load_trunk(info, self.source_trunk_id)

    @strawberry.field(description=_SCHEDULE)
    async def schedule(self, info: Info) -> Schedule | None:
        """When it applies."""
        return await load_schedule(info, self.schedule_id)

    @classmethod
    def of(cls, row: models.RoutingRule) -> "RoutingRule":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            called_prefix=row.called_prefix,
            called_regex=row.called_regex,
            calling_prefix=row.calling_prefix,
            calling_regex=row.calling_regex,
            schedule_open=row.schedule_open,
            priority=row.priority,
            enabled=row.enabled,
            action=row.action,
            reject_sip_code=row.reject_sip_code,
            reject_sip_reason=row.reject_sip_reason,
            forward_number=row.forward_number,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            source_trunk_id=row.source_trunk_id,
            schedule_id=row.schedule_id,
            routing_group_id=row.routing_group_id,
        )


@strawberry.input(description="A routing rule to make.")
class CreateRoutingRuleInput:
    """routing_rules.create_routing_rule."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose rule it is.")
    name: str = strawberry.field(description=_NAME)
    called_prefix: str = strawberry.field(default="", description=_CALLED_PREFIX)
    called_regex: str = strawberry.field(default="", description=_CALLED_REGEX)
    calling_prefix: str = strawberry.field(default="", description=_CALLING_PREFIX)
    calling_regex: str = strawberry.field(default="", description=_CALLING_REGEX)
    source_trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description=_SOURCE_TRUNK
    )
    schedule_id: strawberry.ID | None = strawberry.field(default=None, description=_SCHEDULE)
    schedule_open: bool = strawberry.field(default=True, description=_SCHEDULE_OPEN)
    priority: int = strawberry.field(default=0, description=_PRIORITY)
    enabled: bool = strawberry.field(default=True, description=_ENABLED)
    action: RuleAction = strawberry.field(default=RuleAction.GROUP, description=_ACTION)
    routing_group_id: strawberry.ID | None = strawberry.field(
        default=None, description=_ROUTING_GROUP
    )
    reject_sip_code: int | None = strawberry.field(default=None, description=_REJECT_SIP_CODE)
    reject_sip_reason: str = strawberry.field(default="", description=_REJECT_SIP_REASON)
    forward_number: str = strawberry.field(default="", description=_FORWARD_NUMBER)


@strawberry.input(description=_CHANGES)
class UpdateRoutingRuleInput:
    """routing_rules.update_routing_rule."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    called_prefix: strawberry.Maybe[str | None] = strawberry.field(description=_CALLED_PREFIX)
    called_regex: strawberry.Maybe[str | None] = strawberry.field(description=_CALLED_REGEX)
    calling_prefix: strawberry.Maybe[str | None] = strawberry.field(description=_CALLING_PREFIX)
    calling_regex: strawberry.Maybe[str | None] = strawberry.field(description=_CALLING_REGEX)
    source_trunk_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_SOURCE_TRUNK
    )
    schedule_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(description=_SCHEDULE)
    schedule_open: strawberry.Maybe[bool | None] = strawberry.field(description=_SCHEDULE_OPEN)
    priority: strawberry.Maybe[int | None] = strawberry.field(description=_PRIORITY)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)
    action: strawberry.Maybe[RuleAction | None] = strawberry.field(description=_ACTION)
    routing_group_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=_ROUTING_GROUP
    )
    reject_sip_code: strawberry.Maybe[int | None] = strawberry.field(description=_REJECT_SIP_CODE)
    reject_sip_reason: strawberry.Maybe[str | None] = strawberry.field(
        description=_REJECT_SIP_REASON
    )
    forward_number: strawberry.Maybe[str | None] = strawberry.field(description=_FORWARD_NUMBER)


# What may be empty, which null says.
_NULLABLE = ("source_trunk_id", "schedule_id", "routing_group_id", "reject_sip_code")


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
    action: RuleAction | None = strawberry.field(
        default=None, description="Only those of this action."
    )
    source_trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those for calls from this trunk."
    )
    schedule_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that this schedule turns on and off."
    )
    routing_group_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that lead to this routing group."
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
            info.context.principal, id, **updated_fields(input, _NULLABLE)
        )
        return RoutingRule.of(row)

    @strawberry.mutation(description="Delete a routing rule.")
    async def delete_routing_rule(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await routing_rules.delete_routing_rule(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
