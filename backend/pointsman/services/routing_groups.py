"""Routing groups with their trunks, and with the groups within them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.models import RoutingGroup, RoutingGroupTrunk, Tenant
from pointsman.routing.routing_group import (
    MAX_CANDIDATES,
    MISSING_INPUTS,
    GroupMode,
    Strategy,
)
from pointsman.routing.routing_group import RoutingGroup as RoutedGroup
from pointsman.routing.routing_group import RoutingGroupTrunk as RoutedGroupTrunk
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.group_places import (
    GroupTrunkInput,
    check_places,
    describe_places,
    save_places,
)
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_routing_groups(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
) -> Page[RoutingGroup]:
    """Routing groups by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    return await list_rows(
        principal, RoutingGroup, where, order=("name",), first=first, after=after
    )


async def create_routing_group(
    principal: Principal,
    *,
    tenant_id: object,
    name: str,
    trunks: Sequence[GroupTrunkInput],
    strategy: Strategy = Strategy.PRIORITY,
    mode: GroupMode = GroupMode.SERIAL,
    max_candidates: int = MAX_CANDIDATES,
) -> RoutingGroup:
    """Make a group of the tenant's PBX trunks, of trunks of carriers granted to it, and of its
    other groups."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    row = RoutingGroup(
        id=uuid4(),
        tenant=tenant,
        name=problems.check("name", validation.name, name),
        strategy=_check_strategy(problems, strategy),
        mode=mode,
        max_candidates=problems.check("maxCandidates", validation.max_candidates, max_candidates),
    )
    async with change(principal) as made:
        places = await check_places(problems, row, trunks)
        problems.raise_if_any()
        await row.save(force_create=True)
        await save_places(row, places)
        made.created(row, await _describe(row))
    return row


async def update_routing_group(
    principal: Principal,
    routing_group_id: object,
    *,
    name: str | Unset = UNSET,
    trunks: Sequence[GroupTrunkInput] | Unset = UNSET,
    strategy: Strategy | Unset = UNSET,
    mode: GroupMode | Unset = UNSET,
    max_candidates: int | Unset = UNSET,
) -> RoutingGroup:
    """Change the given fields; a list of trunks replaces the whole list."""
    await get_row(principal, RoutingGroup, routing_group_id)
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        strategy=strategy if isinstance(strategy, Unset) else _check_strategy(problems, strategy),
        mode=mode,
        max_candidates=problems.check_given(
            "maxCandidates", validation.max_candidates, max_candidates
        ),
    )
    async with change(principal) as made:
        row = await get_row(principal, RoutingGroup, routing_group_id)
        places = None
        if not isinstance(trunks, Unset):
            places = await check_places(problems, row, trunks)
        problems.raise_if_any()
        before = await _describe(row)
        await save_fields(row, fields)
        if places is not None:
            await save_places(row, places)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_routing_group(principal: Principal, routing_group_id: object) -> RoutingGroup:
    """Delete a group; raises Conflict while a rule, a DID, a plan or another group uses it."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, RoutingGroup, routing_group_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


def _check_strategy(problems: Problems, strategy: Strategy) -> Strategy:
    missing = MISSING_INPUTS.get(strategy)
    if missing:
        problems.add(
            "strategy",
            f"{strategy} needs {missing}, which the platform does not have yet",
            "use PRIORITY, WEIGHTED, ROUND or STICKY",
        )
    return strategy


async def _describe(row: RoutingGroup) -> dict[str, Any]:
    return describe(row, trunks=await describe_places(row))


async def load_routing_groups(owner: Owner = EVERYBODY) -> tuple[RoutedGroup, ...]:
    """All routing groups with their places, as the core knows them."""
    places = defaultdict(list)
    for place in await RoutingGroupTrunk.filter(
        owned_by(owner, "routing_group__tenant_id")
    ).order_by("id"):
        places[place.routing_group_id].append(
            RoutedGroupTrunk(
                trunk_id=str(place.trunk_id or ""),
                priority=place.priority,
                weight=place.weight,
                enabled=place.enabled,
                member_group_id=str(place.member_group_id or ""),
            )
        )
    return tuple(
        RoutedGroup(
            id=str(row.id),
            name=row.name,
            tenant_id=str(row.tenant_id),
            trunks=tuple(places[row.id]),
            strategy=row.strategy,
            mode=row.mode,
            max_candidates=row.max_candidates,
        )
        for row in await RoutingGroup.filter(owned_by(owner)).order_by("id")
    )
