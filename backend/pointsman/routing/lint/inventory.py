"""A configuration as the checks look at it: its objects by id, and what refers to what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct, structs

from pointsman.routing.candidate import Candidate
from pointsman.routing.choice import Choice, Choices
from pointsman.routing.configuration import Configuration
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.named_object import NamedObject, name_objects
from pointsman.routing.objects import Objects, index_objects
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk, TrunkKind


class _Owned(Protocol):
    @property
    def tenant_id(self) -> str: ...


T = TypeVar("T", bound=_Owned)


class Inventory(Struct, frozen=True):
    """`objects` are without profiles, whose patterns may not compile.

    Of each tenant, `rules` and `plans` are the enabled ones, `dids` and `domains` all, `pbxs` the
    enabled trunks from which calls may come; `senders` are all trunks from which some may.
    `router_sockets` are the platform's own.
    """

    configuration: Configuration
    objects: Objects
    names: Mapping[str, NamedObject]
    choices: Choices
    rules: Mapping[str, Sequence[RoutingRule]]
    dids: Mapping[str, Sequence[Did]]
    domains: Mapping[str, Sequence[Domain]]
    pbxs: Mapping[str, Sequence[Trunk]]
    plans: Mapping[str, Sequence[EmergencyPlan]]
    senders: frozenset[str]
    router_sockets: frozenset[tuple[str, int]]

    def named(self, object_ids: Sequence[str]) -> list[NamedObject]:
        """The objects of these ids."""
        return [self.names[object_id] for object_id in object_ids]

    def live_tenants(self) -> Iterator[Tenant]:
        """The tenants that are enabled: nothing is wrong with calls that nobody makes."""
        return (tenant for tenant in self.configuration.tenants if tenant.enabled)

    def sending_pbxs(self, tenant_id: str) -> Sequence[Trunk]:
        """The enabled PBX trunks of a tenant from which calls may come."""
        return self.pbxs.get(tenant_id, ())

    def choice_of_group(self, group_id: str) -> Choice:
        """The choice that a group is."""
        return self.choices.of_group(self.objects.routing_groups[group_id])

    def choice_of_trunk(self, trunk_id: str) -> Choice:
        """The choice that a PBX trunk is."""
        return self.choices.of_trunk(self.objects.trunks[trunk_id])

    def live_candidates(self, choice: Choice, *, internal: bool = False) -> Iterator[Candidate]:
        """The endpoints of a choice that take calls: an internal one goes to no carrier."""
        for place in choice.places:
            if place.fault or place.draining or (internal and place.of_carrier):
                continue
            if place.choice is not None:
                yield from self.live_candidates(place.choice, internal=internal)
            for candidate in place.candidates:
                if not candidate.fault and candidate.socket not in self.router_sockets:
                    yield candidate

    def faults(self, choice: Choice, *, internal: bool = False) -> Iterator[str]:
        """Why the places of a choice take no calls."""
        for place in choice.places:
            if place.fault:
                yield f"{place.name} {place.fault}"
            elif internal and place.of_carrier:
                yield f"{place.name} is a carrier's, which takes no internal call"
            elif place.choice is not None:
                yield from self.faults(place.choice, internal=internal)
            elif place.draining:
                yield f"{place.name} is draining"
            elif not place.candidates:
                yield f"{place.name} has no endpoint"
            for candidate in () if place.fault else place.candidates:
                if candidate.fault or candidate.socket in self.router_sockets:
                    fault = candidate.fault or "is a Kamailio node of this platform"
                    yield f"{place.name} {candidate.endpoint.host} {fault}"


def take_inventory(configuration: Configuration) -> Inventory:
    """The configuration ready to be checked; nothing in it is compiled that may not compile."""
    senders = {source.trunk_id for source in configuration.sources}
    senders |= {trunk.id for trunk in configuration.trunks if trunk.digest is not None}
    sending = [t for t in configuration.trunks if t.tenant_id and t.enabled and t.id in senders]
    objects = index_objects(structs.replace(configuration, normalization_profiles=()))
    nodes = configuration.kamailio_nodes
    return Inventory(
        configuration=configuration,
        objects=objects,
        names=name_objects(configuration),
        choices=Choices(objects),
        rules=_by_tenant([rule for rule in configuration.routing_rules if rule.enabled]),
        dids=_by_tenant(configuration.dids),
        domains=_by_tenant(configuration.domains),
        pbxs=_by_tenant(sending),
        plans=_by_tenant([plan for plan in configuration.emergency_plans if plan.enabled]),
        senders=frozenset(senders),
        router_sockets=frozenset(socket for node in nodes for socket in node.sockets),
    )


def _by_tenant(items: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[item.tenant_id].append(item)
    return dict(found)


def owner_of(trunk: Trunk) -> str:
    """Whose trunk it is: the tenant whose PBX it leads to; "" for a carrier's."""
    return trunk.tenant_id if trunk.kind is TrunkKind.PBX else ""
