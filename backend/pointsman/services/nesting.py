"""Groups within groups of a tenant: what lies within each of them, and around it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from pointsman.models import RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_group import MAX_DEPTH

_Edges = Mapping[UUID, list[UUID]]


@dataclass
class Nesting:
    """Groups by their ids: their names, the groups that each has a place for, those that have a
    place for it, the carriers whose trunks it has itself, and how many trunks it has.

    Loaded under the lock of a change, it holds until that commits. Should there be circles, every
    question still comes to an end.
    """

    names: dict[UUID, str] = field(default_factory=dict)
    members: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    outers: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    carriers: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    trunks: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def put(self, group_id: UUID, name: str, places: Iterable[RoutingGroupTrunk]) -> None:
        """The group with these places instead of those that it had."""
        for member_id in self.members.pop(group_id, []):
            self.outers[member_id].remove(group_id)
        self.carriers.pop(group_id, None)
        self.trunks.pop(group_id, None)
        self.names[group_id] = name
        for place in places:
            if place.member_group_id is None:
                self.add_trunk(group_id, place.carrier_id)
            else:
                self.add_member(group_id, place.member_group_id)

    def add_member(self, group_id: UUID, member_id: UUID) -> None:
        """A place of the group for another one."""
        self.members[group_id].append(member_id)
        self.outers[member_id].append(group_id)

    def add_trunk(self, group_id: UUID, carrier_id: UUID | None) -> None:
        """A place of the group for a trunk, of a carrier or of a PBX."""
        self.trunks[group_id] += 1
        if carrier_id is not None:
            self.carriers[group_id].add(carrier_id)

    def within(self, group_id: UUID) -> set[UUID]:
        """The group, and all that lie within it."""
        return _reached(group_id, self.members)

    def around(self, group_id: UUID) -> set[UUID]:
        """The group, and all within which it lies."""
        return _reached(group_id, self.outers)

    def carriers_within(self, group_id: UUID) -> set[UUID]:
        """The carriers that calls to the group may go to."""
        return {carrier for found in self.within(group_id) for carrier in self.carriers[found]}

    def size_of(self, group_id: UUID, levels: int = MAX_DEPTH) -> int:
        """How many trunks the group comes to, each as often as it is reached."""
        members = self.members[group_id] if levels > 1 else []
        return self.trunks[group_id] + sum(self.size_of(found, levels - 1) for found in members)

    def find_circle(self, group_id: UUID, member_id: UUID) -> str:
        """The groups by which the member leads back to the group, "" when it does not."""
        for found in _levels([group_id, member_id], self.members):
            if group_id in found:
                return self._told(found[group_id])
        return ""

    def find_depth(self, group_id: UUID, member_id: UUID) -> str:
        """The groups from an outermost one, by way of the group and its member, to an innermost
        one, where those are more than there may be; else ""."""
        *_, outwards = _levels([group_id], self.outers)
        *_, inwards = _levels([member_id], self.members)
        chain = [*reversed(_any(outwards)), *_any(inwards)]
        return self._told(chain) if len(chain) > MAX_DEPTH else ""

    def _told(self, chain: list[UUID]) -> str:
        return " > ".join(self.names[group_id] for group_id in chain)


async def load_nesting(tenant_id: UUID, group_ids: Collection[UUID]) -> Nesting:
    """What has to do with these groups of the tenant."""
    nesting = Nesting()
    places = RoutingGroupTrunk.filter(tenant_id=tenant_id)
    edges = places.filter(member_group_id__isnull=False)
    for group_id, member_id in await edges.values_list("routing_group_id", "member_group_id"):
        nesting.add_member(group_id, member_id)
    around = {found for group_id in group_ids for found in nesting.around(group_id)}
    related = {found for group_id in around for found in nesting.within(group_id)}
    trunks = places.filter(member_group_id__isnull=True, routing_group_id__in=related)
    for group_id, carrier_id in await trunks.values_list("routing_group_id", "carrier_id"):
        nesting.add_trunk(group_id, carrier_id)
    groups = RoutingGroup.filter(tenant_id=tenant_id, id__in=related)
    nesting.names = dict(await groups.values_list("id", "name"))
    return nesting


def _reached(start: UUID, edges: _Edges) -> set[UUID]:
    reached, waiting = {start}, [start]
    while waiting:
        found = set(edges.get(waiting.pop(), [])) - reached
        reached |= found
        waiting += found
    return reached


def _levels(start: list[UUID], edges: _Edges) -> Iterator[dict[UUID, list[UUID]]]:
    """The groups one step away from the last of `start`, two steps, and so on, each with a chain
    that leads there; as far as groups may lie, and a step more."""
    found = {start[-1]: start}
    for _ in range(MAX_DEPTH + 1):
        yield found
        found = {
            further: [*chain, further]
            for group_id, chain in found.items()
            for further in edges.get(group_id, [])
        }
        if not found:
            return


def _any(chains: dict[UUID, list[UUID]]) -> list[UUID]:
    return next(iter(chains.values()))
