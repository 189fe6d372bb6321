"""Routing rules: what becomes of the calls of a tenant's PBXs."""

from typing import Any, Unpack

from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.models import RoutingGroup, RoutingRule, Schedule, Tenant, Trunk
from pointsman.models.routing_rule import LISTED_BY
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.changes import change, describe
from pointsman.services.forward_numbers import check_forward_number
from pointsman.services.routing_rule_fields import (
    RuleFields,
    check_fields,
    check_together,
    route_rule,
)
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.validation import Problems


async def list_routing_rules(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    called_prefix_starts_with: str = "",
    action: RuleAction | None = None,
    source_trunk_id: object | None = None,
    schedule_id: object | None = None,
    routing_group_id: object | None = None,
    enabled: bool | None = None,
) -> Page[RoutingRule]:
    """Routing rules by called prefix, then priority, then name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if called_prefix_starts_with:
        where &= Q(called_prefix__startswith=called_prefix_starts_with)
    if action is not None:
        where &= Q(action=action)
    if source_trunk_id is not None:
        trunk = await get_row(principal, Trunk, source_trunk_id, "sourceTrunkId")
        where &= Q(source_trunk_id=trunk.id)
    if schedule_id is not None:
        schedule = await get_row(principal, Schedule, schedule_id, "scheduleId")
        where &= Q(schedule_id=schedule.id)
    if routing_group_id is not None:
        group = await get_row(principal, RoutingGroup, routing_group_id, "routingGroupId")
        where &= Q(routing_group_id=group.id)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(
        principal,
        RoutingRule,
        where,
        order=LISTED_BY,
        first=first,
        after=after,
    )


async def create_routing_rule(
    principal: Principal, *, tenant_id: object, **fields: Unpack[RuleFields]
) -> RoutingRule:
    """Say what becomes of the tenant's calls that match."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    async with change(principal) as made:
        row = RoutingRule(tenant=tenant)
        row.update_from_dict(_check(row, {"name": "", **fields}))
        await row.save()
        await _check_forward_number(row)
        made.created(row, describe(row))
    return row


async def update_routing_rule(
    principal: Principal, routing_rule_id: object, **fields: Unpack[RuleFields]
) -> RoutingRule:
    """Change the given fields; another action clears what belonged to the former one."""
    async with change(principal) as made:
        row = await get_row(principal, RoutingRule, routing_rule_id)
        before = describe(row)
        await save_fields(row, _check(row, fields))
        await _check_forward_number(row)
        await made.updated(row, before, describe(row))
    return row


async def delete_routing_rule(principal: Principal, routing_rule_id: object) -> RoutingRule:
    """Delete a rule."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, RoutingRule, routing_rule_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


def _check(row: RoutingRule, fields: RuleFields) -> dict[str, Any]:
    """The columns of what is given for a rule, new or as it stands."""
    problems = Problems()
    columns = check_fields(problems, fields)
    check_together(problems, row, columns)
    problems.raise_if_any()
    return columns


async def _check_forward_number(row: RoutingRule) -> None:
    """Of a rule as it is written by now; raising undoes that."""
    problems = Problems()
    await check_forward_number(problems, row)
    problems.raise_if_any()


async def load_routing_rules() -> tuple[RoutedRule, ...]:
    """All routing rules, as the core knows them."""
    return tuple(route_rule(row) for row in await RoutingRule.all())
