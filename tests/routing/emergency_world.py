"""A world with emergency plans."""

from typing import Any

from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.normalization_profile import NormalizationProfile
from tests.routing.world import ACME_PBX_IP, World, group, make_world, pbx_trunk

NUMBERS = ("112", "113", "115", "118")


def make_plan(country: str = "IT", *numbers: str, **more: Any) -> EmergencyPlan:
    """Acme's for a country, by Beta and then by Alpha, unless said otherwise."""
    return EmergencyPlan(**{
        "id": f"plan-{country}", "tenant_id": "acme", "country": country,
        "numbers": numbers or NUMBERS, "calling_number": "+390400000000",
        "routing_group_ids": ("by-beta", "by-alpha"), **more,
    })  # fmt: skip


def world_of(*plans: EmergencyPlan, **profiles: str) -> World:
    """Acme, with emergency groups by Beta and by Alpha; PBXs with a profile of a country."""
    world = make_world()
    world.emergency_plans = list(plans)
    world.groups += [group("by-beta", "acme", "beta-1"), group("by-alpha", "acme", "alpha-1")]
    for name, country in profiles.items():
        world.profiles.append(NormalizationProfile(country, country, "", country))
        world.replace_trunk(
            pbx_trunk(name.replace("_", "-"), "acme", ACME_PBX_IP, normalization_profile_id=country)
        )
    return world
