"""Routing rules: which outbound calls use which routing group."""

from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.models import RoutingRule, Tenant
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import (
    DEFAULT_PAGE,
    Page,
    get_reference,
    get_row,
    list_rows,
    save_fields,
)
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_routing_rules(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    called_prefix_starts_with: str = "",
    enabled: bool | None = None,
) -> Page[RoutingRule]:
    """Routing rules by called prefix, then priority, then name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if called_prefix_starts_with:
        where &= Q(called_prefix__startswith=called_prefix_starts_with)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(
        principal,
        RoutingRule,
        where,
        order=("called_prefix", "priority", "name"),
        first=first,
        after=after,
    )


async def create_routing_rule(
    principal: Principal,
    *,
    tenant_id: object,
    name: str,
    routing_group_id: object,
    called_prefix: str = "",
    called_regex: str = "",
    priority: int = 0,
    enabled: bool = True,
) -> RoutingRule:
    """Send the tenant's calls that match to one of its routing groups."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    called_prefix = problems.check("calledPrefix", validation.dial_prefix, called_prefix)
    called_regex = problems.check("calledRegex", validation.regex, called_regex)
    priority = problems.check("priority", validation.priority, priority)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await RoutingRule.create(
            tenant=tenant,
            name=name,
            routing_group_id=_routing_group(routing_group_id),
            called_prefix=called_prefix,
            called_regex=called_regex,
            priority=priority,
            enabled=enabled,
        )
        made.created(row, describe(row))
    return row


async def update_routing_rule(
    principal: Principal,
    routing_rule_id: object,
    *,
    name: str | Unset = UNSET,
    routing_group_id: object | Unset = UNSET,
    called_prefix: str | Unset = UNSET,
    called_regex: str | Unset = UNSET,
    priority: int | Unset = UNSET,
    enabled: bool | Unset = UNSET,
) -> RoutingRule:
    """Change the given fields."""
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        called_prefix=problems.check_given("calledPrefix", validation.dial_prefix, called_prefix),
        called_regex=problems.check_given("calledRegex", validation.regex, called_regex),
        priority=problems.check_given("priority", validation.priority, priority),
        enabled=enabled,
    )
    problems.raise_if_any()
    if routing_group_id is not UNSET:
        fields["routing_group_id"] = _routing_group(routing_group_id)
    async with change(principal) as made:
        row = await get_row(principal, RoutingRule, routing_rule_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_routing_rule(principal: Principal, routing_rule_id: object) -> RoutingRule:
    """Delete a rule."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, RoutingRule, routing_rule_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


def _routing_group(object_id: object) -> object:
    return get_reference("routing group of the tenant", object_id, "routingGroupId")


async def load_routing_rules() -> tuple[RoutedRule, ...]:
    """All routing rules, as the core knows them."""
    return tuple(
        RoutedRule(
            id=str(row.id),
            name=row.name,
            tenant_id=str(row.tenant_id),
            routing_group_id=str(row.routing_group_id),
            called_prefix=row.called_prefix,
            called_regex=row.called_regex,
            priority=row.priority,
            enabled=row.enabled,
        )
        for row in await RoutingRule.all()
    )
