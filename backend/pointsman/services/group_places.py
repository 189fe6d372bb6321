"""The places of a routing group: trunks, and other groups of the tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from tortoise.models import Model

from pointsman.auth import Principal, scope
from pointsman.models import Did, RoutingGroup, RoutingGroupTrunk, Trunk
from pointsman.routing.routing_group import MAX_DEPTH, MAX_TRUNKS
from pointsman.services import validation
from pointsman.services.changes import describe
from pointsman.services.nesting import Nesting, load_nesting
from pointsman.services.rows import read_id
from pointsman.services.validation import Problems

R = TypeVar("R", bound=Model)

_SHOWN = ("trunk_id", "member_group_id", "priority", "weight", "enabled")


class GroupTrunkInput(Protocol):
    """What is given of a place: of the trunk or of the group whose id it has."""

    trunk_id: Any
    routing_group_id: Any
    priority: int
    weight: int
    enabled: bool


@dataclass
class Place:
    """A place as it is given."""

    trunk_id: object = None
    priority: int = 0
    weight: int = 1
    enabled: bool = True
    routing_group_id: object = None


class _Known(NamedTuple):
    """The trunks and groups that the tenant may use, of those that are asked for."""

    trunks: dict[UUID, Trunk]
    groups: dict[UUID, RoutingGroup]


async def check_places(
    problems: Problems, row: RoutingGroup, given: Sequence[GroupTrunkInput]
) -> list[RoutingGroupTrunk]:
    """The places that the group is to have, under the lock of its change."""
    if not given:
        problems.add("trunks", "a group without trunks leads nowhere", "give at least one trunk")
    if problems.check_count("trunks", given, MAX_TRUNKS):
        return []
    known = await _find_known(row.tenant_id, given)
    places: dict[str, RoutingGroupTrunk] = {}
    seen: set[UUID] = set()
    for index, place in enumerate(given):
        path = f"trunks[{index}]"
        places[path] = RoutingGroupTrunk(
            **_check_target(problems, path, place, known, seen),
            routing_group_id=row.id,
            tenant_id=row.tenant_id,
            priority=problems.check(f"{path}.priority", validation.priority, place.priority),
            weight=problems.check(f"{path}.weight", validation.weight, place.weight),
            enabled=place.enabled,
        )
    await _check_nesting(problems, row, places)
    return list(places.values())


async def save_places(row: RoutingGroup, places: list[RoutingGroupTrunk]) -> None:
    """Put these places of the group where its former ones were."""
    await RoutingGroupTrunk.filter(routing_group=row).delete()
    await RoutingGroupTrunk.bulk_create(places)


async def describe_places(row: RoutingGroup) -> list[dict[str, Any]]:
    """The places, as an audit record keeps them."""
    order = ("priority", "trunk_id", "member_group_id")
    places = await RoutingGroupTrunk.filter(routing_group=row).order_by(*order)
    return [{key: describe(place)[key] for key in _SHOWN} for place in places]


async def _find_known(tenant_id: UUID, given: Sequence[GroupTrunkInput]) -> _Known:
    of_tenant = Principal("tenant", tenant_id)
    trunk_ids = [read_id(place.trunk_id) for place in given]
    group_ids = [read_id(place.routing_group_id) for place in given]
    trunks = await Trunk.filter(scope(of_tenant, Trunk), id__in=[i for i in trunk_ids if i])
    groups = await RoutingGroup.filter(
        scope(of_tenant, RoutingGroup), id__in=[i for i in group_ids if i]
    )
    return _Known({trunk.id: trunk for trunk in trunks}, {group.id: group for group in groups})


def _find(rows: dict[UUID, R], object_id: object) -> R | None:
    key = read_id(object_id)
    return rows.get(key) if key else None


def _check_target(
    problems: Problems, path: str, place: GroupTrunkInput, known: _Known, seen: set[UUID]
) -> dict[str, UUID | None]:
    """The columns that say what the place is of."""
    if (place.trunk_id is None) == (place.routing_group_id is None):
        problems.add(
            f"{path}.trunkId",
            "a place is of one trunk or of one routing group",
            "give either trunkId or routingGroupId",
        )
        return {}
    trunk = _find(known.trunks, place.trunk_id)
    group = _find(known.groups, place.routing_group_id)
    target = trunk or group
    if target is None:
        _refuse_target(problems, path, place)
        return {}
    if target.id in seen:
        noun, field = ("trunk", "trunkId") if trunk else ("group", "routingGroupId")
        problems.add(f"{path}.{field}", f"the {noun} is given twice", "give it once")
    seen.add(target.id)
    if trunk:
        return {"trunk_id": trunk.id, "carrier_id": trunk.carrier_id}
    return {"member_group_id": target.id}


def _refuse_target(problems: Problems, path: str, place: GroupTrunkInput) -> None:
    if place.trunk_id is not None:
        problems.add(
            f"{path}.trunkId",
            f"the tenant has no trunk with the id {place.trunk_id}",
            "use a PBX trunk of the tenant, or grant the trunk's carrier to it first",
        )
    else:
        problems.add(
            f"{path}.routingGroupId",
            f"the tenant has no routing group with the id {place.routing_group_id}",
            "use another routing group of the same tenant",
        )


async def _check_nesting(
    problems: Problems, row: RoutingGroup, places: dict[str, RoutingGroupTrunk]
) -> None:
    """Refuse circles, and what lies too deep, leads to too many trunks, or takes the calls of a
    DID to a carrier, in the group or in one around it."""
    members = {
        path: place.member_group_id
        for path, place in places.items()
        if place.member_group_id is not None
    }
    nesting = await load_nesting(row.tenant_id, [row.id, *members.values()])
    nesting.put(row.id, row.name, places.values())
    before = len(problems.found)
    for path, member_id in members.items():
        _check_member(problems, f"{path}.routingGroupId", row.id, member_id, nesting)
    if len(problems.found) > before:
        return
    around = nesting.around(row.id)
    _check_size(problems, row.id, around, nesting)
    if nesting.carriers_within(row.id):
        did = await Did.filter(routing_group_id__in=around).first()
        if did is not None:
            problems.add(
                "trunks",
                f"the DID {did.prefix} leads here, and a DID's calls never go to a carrier",
                "keep the carriers' trunks in a group of their own",
            )


def _check_member(
    problems: Problems, path: str, group_id: UUID, member_id: UUID, nesting: Nesting
) -> None:
    circle = nesting.find_circle(group_id, member_id)
    if circle:
        problems.add(path, f"groups in a circle: {circle}", "leave this group out")
        return
    chain = nesting.find_depth(group_id, member_id)
    if chain:
        problems.add(
            path,
            f"groups more than {MAX_DEPTH} deep: {chain}",
            "put the trunks of one of them into the one around it",
        )


def _check_size(problems: Problems, group_id: UUID, around: set[UUID], nesting: Nesting) -> None:
    for found in (group_id, *sorted(around - {group_id})):
        size = nesting.size_of(found)
        if size > MAX_TRUNKS:
            problems.add(
                "trunks",
                f"the group {nesting.names[found]} comes to {size} trunks, those of the groups "
                "within it counted",
                f"keep to {MAX_TRUNKS}",
            )
            return
