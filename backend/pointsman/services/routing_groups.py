"""Routing groups with their trunks."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, scope
from pointsman.models import Did, RoutingGroup, RoutingGroupTrunk, Tenant, Trunk
from pointsman.routing.routing_group import RoutingGroup as RoutedGroup
from pointsman.routing.routing_group import RoutingGroupTrunk as RoutedGroupTrunk
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import (
    DEFAULT_PAGE,
    Page,
    get_row,
    list_rows,
    read_id,
    save_fields,
)
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems

MAX_TRUNKS = 100


class GroupTrunkInput(Protocol):
    """What is given of a trunk's place in a group."""

    trunk_id: Any
    priority: int
    weight: int
    enabled: bool


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
    principal: Principal, *, tenant_id: object, name: str, trunks: Sequence[GroupTrunkInput]
) -> RoutingGroup:
    """Make a group of the tenant's PBX trunks and of trunks of carriers granted to it."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    places = await _check_trunks(problems, tenant.id, trunks)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await RoutingGroup.create(tenant=tenant, name=name)
        await _save_trunks(row, places)
        made.created(row, await _describe(row))
    return row


async def update_routing_group(
    principal: Principal,
    routing_group_id: object,
    *,
    name: str | Unset = UNSET,
    trunks: Sequence[GroupTrunkInput] | Unset = UNSET,
) -> RoutingGroup:
    """Change the given fields; a list of trunks replaces the whole list."""
    row = await get_row(principal, RoutingGroup, routing_group_id)
    problems = Problems()
    fields = given(name=problems.check_given("name", validation.name, name))
    places = None
    if not isinstance(trunks, Unset):
        places = await _check_trunks(problems, row.tenant_id, trunks)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, RoutingGroup, routing_group_id)
        if places is not None:
            await _check_dids(problems, row, places)
            problems.raise_if_any()
        before = await _describe(row)
        await save_fields(row, fields)
        if places is not None:
            await _save_trunks(row, places)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_routing_group(principal: Principal, routing_group_id: object) -> RoutingGroup:
    """Delete a group; raises Conflict while a rule or a DID uses it."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, RoutingGroup, routing_group_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


async def _check_trunks(
    problems: Problems, tenant_id: UUID, trunks: Sequence[GroupTrunkInput]
) -> list[RoutingGroupTrunk]:
    if not trunks:
        problems.add("trunks", "a group without trunks leads nowhere", "give at least one trunk")
    if problems.check_count("trunks", trunks, MAX_TRUNKS):
        return []
    ids = [read_id(place.trunk_id) for place in trunks]
    usable = await Trunk.filter(
        scope(Principal("tenant", tenant_id), Trunk), id__in=[i for i in ids if i is not None]
    )
    by_id = {trunk.id: trunk for trunk in usable}
    places = []
    for index, (place, trunk_id) in enumerate(zip(trunks, ids, strict=True)):
        path = f"trunks[{index}]"
        trunk = by_id.get(trunk_id) if trunk_id else None
        if trunk is None:
            problems.add(
                f"{path}.trunkId",
                f"the tenant has no trunk with the id {place.trunk_id}",
                "use a PBX trunk of the tenant, or grant the trunk's carrier to it first",
            )
            continue
        if trunk_id in ids[:index]:
            problems.add(f"{path}.trunkId", "the trunk is given twice", "give it once")
        places.append(
            RoutingGroupTrunk(
                trunk_id=trunk.id,
                tenant_id=tenant_id,
                carrier_id=trunk.carrier_id,
                priority=problems.check(f"{path}.priority", validation.priority, place.priority),
                weight=problems.check(f"{path}.weight", validation.weight, place.weight),
                enabled=place.enabled,
            )
        )
    return places


async def _check_dids(
    problems: Problems, row: RoutingGroup, places: list[RoutingGroupTrunk]
) -> None:
    if any(place.carrier_id is not None for place in places) and await Did.exists(
        routing_group_id=row.id
    ):
        problems.add(
            "trunks",
            "a DID uses this group, and a DID's calls never go to a carrier",
            "keep the carriers' trunks in a group of their own",
        )


async def _save_trunks(row: RoutingGroup, places: list[RoutingGroupTrunk]) -> None:
    await RoutingGroupTrunk.filter(routing_group=row).delete()
    for place in places:
        place.routing_group_id = row.id
    await RoutingGroupTrunk.bulk_create(places)


async def _describe(row: RoutingGroup) -> dict[str, Any]:
    places = await RoutingGroupTrunk.filter(routing_group=row).order_by("priority", "trunk_id")
    shown = ("trunk_id", "priority", "weight", "enabled")
    return describe(row, trunks=[{key: describe(place)[key] for key in shown} for place in places])


async def load_routing_groups() -> tuple[RoutedGroup, ...]:
    """All routing groups with their trunks, as the core knows them."""
    places = defaultdict(list)
    for place in await RoutingGroupTrunk.all().order_by("trunk_id"):
        places[place.routing_group_id].append(
            RoutedGroupTrunk(str(place.trunk_id), place.priority, place.weight, place.enabled)
        )
    return tuple(
        RoutedGroup(str(row.id), row.name, str(row.tenant_id), tuple(places[row.id]))
        for row in await RoutingGroup.all()
    )
