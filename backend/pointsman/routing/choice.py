"""Where a match leads: a routing group, or a single PBX trunk, ready to choose from.

Compiled once with the snapshot: the trunks and endpoints in their order, what forbids each of
them whatever the call, and the parts of their URIs that no call changes.
"""

from typing import cast

from msgspec import Struct, structs

from pointsman.routing.candidate import Candidate, candidate_of
from pointsman.routing.objects import Objects
from pointsman.routing.routing_group import (
    MAX_DEPTH,
    MAX_TRUNKS,
    MISSING_INPUTS,
    GroupMode,
    RoutingGroup,
    RoutingGroupTrunk,
    Strategy,
)
from pointsman.routing.share import has_ties
from pointsman.routing.trunk import Trunk, TrunkKind


class Place(Struct, frozen=True, gc=False):
    """A place of a choice: a trunk with its candidates, or a group with a choice of its own.

    `priority` is 0 where the strategy looks at none. `fault` says why no call of the tenant takes
    it. A `draining` one is left to emergency calls; one that is not `live` has nothing for others.
    """

    id: str
    name: str
    priority: int
    weight: int
    fault: str
    live: bool
    draining: bool = False
    of_carrier: bool = False
    candidates: tuple[Candidate, ...] = ()
    tied: bool = False
    choice: "Choice | None" = None


class Choice(Struct, frozen=True, gc=False):
    """The places to choose among, by priority and name; `tied` when there is something to draw.
    `size` is how many trunks are reached, each as often as it is."""

    id: str
    name: str
    strategy: Strategy
    mode: GroupMode
    max_candidates: int
    places: tuple[Place, ...]
    tied: bool
    size: int
    plain: "Plain | None"


class Plain(Struct, frozen=True, gc=False):
    """What most choices are: the same candidates in the same order for every call, but for calls
    that come from one of them or may not go to all of them."""

    candidates: tuple[Candidate, ...]
    trunk_ids: frozenset[str]
    sockets: frozenset[tuple[str, int]]
    has_carrier: bool


class Choices:
    """Compiles the choices that groups are, each once, however many others it is within.

    What the services refuse is bounded here all the same, should a database have it: a group that
    lies too deep (or around itself) or that brings too many trunks is a place with a fault.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._compiled: dict[tuple[str, int], Choice] = {}

    def of_group(self, group: RoutingGroup) -> Choice:
        """The choice that a group is."""
        return self._of_group(group, MAX_DEPTH)

    def of_trunk(self, trunk: Trunk) -> Choice:
        """The choice that a PBX trunk is, to which DIDs and domains lead."""
        alone = (RoutingGroupTrunk(trunk.id),)
        return self._compile(RoutingGroup(trunk.id, trunk.name, trunk.tenant_id, alone), 1)

    def in_order(self, plan_id: str, tenant_id: str, group_ids: tuple[str, ...]) -> Choice:
        """The choice of several groups of the tenant, one after the other."""
        plan = RoutingGroup(plan_id, "", tenant_id)
        entries = [
            RoutingGroupTrunk(priority=priority, member_group_id=group_id)
            for priority, group_id in enumerate(group_ids)
        ]
        places = [self._compile_member(plan, entry, MAX_DEPTH, MAX_TRUNKS) for entry in entries]
        return _choice_of(plan, places, self._objects)

    def _of_group(self, group: RoutingGroup, levels: int) -> Choice:
        key = group.id, levels
        if key not in self._compiled:
            self._compiled[key] = self._compile(group, levels)
        return self._compiled[key]

    def _compile(self, group: RoutingGroup, levels: int) -> Choice:
        places: list[Place] = []
        left = MAX_TRUNKS
        for entry in group.trunks:
            if entry.member_group_id:
                place = self._compile_member(group, entry, levels - 1, left)
            else:
                place = _compile_place(group, entry, self._objects)
            left -= _size_of(place)
            places.append(place)
        return _choice_of(group, places, self._objects)

    def _compile_member(
        self, group: RoutingGroup, entry: RoutingGroupTrunk, levels: int, left: int
    ) -> Place:
        member = self._objects.routing_groups.get(entry.member_group_id)
        if member is None:
            return _out_of_reach(entry, entry.member_group_id)
        choice = self._of_group(member, levels) if levels else None
        fault = _fault_of_entry(group, entry)
        if member.tenant_id != group.tenant_id:
            fault = "is of another tenant"
        elif choice is None:
            fault = f"lies more than {MAX_DEPTH} groups deep"
        elif choice.size > left:
            fault = f"takes the group beyond {MAX_TRUNKS} trunks"
        return Place(
            id=member.id,
            name=member.name,
            priority=entry.priority,
            weight=entry.weight,
            fault=fault,
            live=not fault and choice is not None and any(place.live for place in choice.places),
            choice=choice,
        )


def _choice_of(group: RoutingGroup, places: list[Place], objects: Objects) -> Choice:
    by_priority = group.strategy is Strategy.PRIORITY
    ordered = sorted(places, key=lambda place: (place.priority, place.name, place.id))
    if not by_priority:
        ordered = [structs.replace(place, priority=0) for place in ordered]
    return Choice(
        id=group.id,
        name=group.name,
        strategy=group.strategy,
        mode=group.mode,
        max_candidates=group.max_candidates,
        places=tuple(ordered),
        tied=has_ties(ordered),
        size=sum(map(_size_of, ordered)),
        plain=_plain_of(ordered, objects),
    )


def _plain_of(places: list[Place], objects: Objects) -> Plain | None:
    """The candidates of places among which no call has anything drawn, if they are such. Choices of
    the same carriers' endpoints share one: what few objects are for many tenants stays near."""
    if has_ties(places) or any(place.choice is not None or place.tied for place in places):
        return None
    live = [place for place in places if not place.fault and not place.draining]
    found = [candidate for place in live for candidate in place.candidates if not candidate.fault]
    if not found:
        return None
    if not all(place.of_carrier for place in live):
        return _make_plain(live, found)
    # Endpoints that are equal are the same object, which their plain keeps.
    key = tuple(map(id, found))
    shared = cast("Plain | None", objects.of_carriers.get(key))
    if shared is None:
        shared = objects.of_carriers[key] = _make_plain(live, found)
    return shared


def _make_plain(live: list[Place], found: list[Candidate]) -> Plain:
    return Plain(
        tuple(found),
        frozenset(place.id for place in live),
        frozenset(candidate.socket for candidate in found),
        any(place.of_carrier for place in live),
    )


def _size_of(place: Place) -> int:
    """How many trunks a place leads to, of those that calls ever get to."""
    if place.choice is None:
        return 1
    return 0 if place.fault else place.choice.size


def _compile_place(group: RoutingGroup, entry: RoutingGroupTrunk, objects: Objects) -> Place:
    tenant_id = group.tenant_id
    trunk = objects.trunks.get(entry.trunk_id)
    if trunk is None:
        return _out_of_reach(entry, entry.trunk_id)
    candidates = [candidate_of(tenant_id, trunk, e, objects) for e in trunk.endpoints]
    fault = _fault_of_entry(group, entry) or _fault_of_trunk(tenant_id, trunk, objects)
    return Place(
        id=trunk.id,
        name=trunk.name,
        priority=entry.priority,
        weight=entry.weight,
        fault=fault,
        live=not fault and not trunk.draining and any(not c.fault for c in candidates),
        draining=trunk.draining,
        of_carrier=trunk.kind is TrunkKind.CARRIER,
        candidates=tuple(sorted(candidates, key=_priority)),
        tied=has_ties(candidates),
    )


def _out_of_reach(entry: RoutingGroupTrunk, object_id: str) -> Place:
    """A place of what the tenant's part of a configuration has not."""
    return Place(
        object_id, object_id, entry.priority, entry.weight, "is of another tenant", live=False
    )


def _fault_of_entry(group: RoutingGroup, entry: RoutingGroupTrunk) -> str:
    missing = MISSING_INPUTS.get(group.strategy)
    if missing:
        return (
            f"is in a group ordered by {group.strategy}, which needs {missing} that are not there"
        )
    return "" if entry.enabled else "is disabled in its group"


def _fault_of_trunk(tenant_id: str, trunk: Trunk, objects: Objects) -> str:
    if not trunk.enabled:
        return "is disabled"
    if trunk.kind is TrunkKind.PBX:
        return "" if trunk.tenant_id == tenant_id else "is of another tenant"
    carrier = objects.carriers[trunk.carrier_id]
    if not carrier.enabled:
        return "is of a disabled carrier"
    return "" if tenant_id in carrier.tenant_ids else "is of a carrier not granted to the tenant"


def _priority(candidate: Candidate) -> int:
    return candidate.priority
