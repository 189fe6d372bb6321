"""The objects of a configuration by their ids, for what is compiled of them."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

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


class Objects(Struct, frozen=True):
    """By id; under "" the reroute policy of those that have none."""

    tenants: Mapping[str, Tenant]
    carriers: Mapping[str, Carrier]
    trunks: Mapping[str, Trunk]
    profiles: Mapping[str, CompiledProfile]
    presentations: Mapping[str, Presentation]
    routing_groups: Mapping[str, RoutingGroup]
    schedules: Mapping[str, Schedule]
    reroutes: Mapping[str, CompiledReroute]


def index_objects(configuration: Configuration) -> Objects:
    """The objects by id; raises BadRegex for a pattern that RE2 does not take."""
    carriers = _by_id(configuration.carriers)
    profiles = {
        profile.id: compile_profile(profile) for profile in configuration.normalization_profiles
    }
    return Objects(
        tenants=_by_id(configuration.tenants),
        carriers=carriers,
        trunks=_by_id(configuration.trunks),
        profiles=profiles,
        presentations=compile_presentations(configuration.trunks, carriers, profiles),
        routing_groups=_by_id(configuration.routing_groups),
        schedules=_by_id(configuration.schedules),
        reroutes={
            "": compile_reroute(None),
            **{policy.id: compile_reroute(policy) for policy in configuration.reroute_policies},
        },
    )


def _by_id(items: tuple[T, ...]) -> dict[str, T]:
    return {item.id: item for item in items}
