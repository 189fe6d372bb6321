"""The objects of a configuration by their ids, for what is compiled of them."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import Protocol, TypeVar, cast

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.configuration import Configuration
from pointsman.routing.normalization import CompiledProfile, compile_profile
from pointsman.routing.presentation import Presentation, compile_presentations
from pointsman.routing.reroute import CompiledReroute, compile_reroute
from pointsman.routing.routing_group import RoutingGroup
from pointsman.routing.schedule import Schedule
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)
V = TypeVar("V")


class Objects(Struct, frozen=True):
    """By id; under "" the reroute policy of those that have none. `of_carriers` is what choices
    have compiled of carriers' trunks, which many of them share."""

    tenants: Mapping[str, Tenant]
    carriers: Mapping[str, Carrier]
    trunks: Mapping[str, Trunk]
    profiles: Mapping[str, CompiledProfile]
    presentations: Mapping[str, Presentation]
    routing_groups: Mapping[str, RoutingGroup]
    schedules: Mapping[str, Schedule]
    reroutes: Mapping[str, CompiledReroute]
    of_carriers: dict[object, object]


NONE = Objects({}, {}, {}, {}, {}, {}, {}, {"": compile_reroute(None)}, {})


def index_objects(configuration: Configuration, others: Objects = NONE) -> Objects:
    """The objects of a configuration, and others that they may refer to; raises BadRegex for a
    pattern that RE2 does not take."""
    carriers = _over(_by_id(configuration.carriers), others.carriers)
    compiled = {
        profile.id: compile_profile(profile) for profile in configuration.normalization_profiles
    }
    profiles = _over(compiled, others.profiles)
    presentations = compile_presentations(configuration.trunks, carriers, profiles)
    reroutes = {policy.id: compile_reroute(policy) for policy in configuration.reroute_policies}
    return Objects(
        tenants=_over(_by_id(configuration.tenants), others.tenants),
        carriers=carriers,
        trunks=_over(_by_id(configuration.trunks), others.trunks),
        profiles=profiles,
        presentations=_over(presentations, others.presentations),
        routing_groups=_over(_by_id(configuration.routing_groups), others.routing_groups),
        schedules=_over(_by_id(configuration.schedules), others.schedules),
        reroutes=_over(reroutes, others.reroutes),
        of_carriers={} if others is NONE else others.of_carriers,
    )


def _by_id(items: tuple[T, ...]) -> dict[str, T]:
    return {item.id: item for item in items}


def _over(own: dict[str, V], others: Mapping[str, V]) -> Mapping[str, V]:
    """The others are many for a few of one's own: they are not copied."""
    return ChainMap(own, cast("MutableMapping[str, V]", others)) if others else own
