"""Weights, priorities, schedules and objects that decide nothing."""

from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.lint.opening import Opening, opening_of
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.routing_group import RoutingGroupTrunk, Strategy
from pointsman.routing.schedule import Window
from pointsman.routing.trunk import Endpoint
from tests.routing.lint.checked import clean_world, codes, findings, named
from tests.routing.lint.test_rules import ALWAYS, CLOSED, OFFICE, WEEK, schedule
from tests.routing.world import World, group, rule


def _group(strategy: Strategy, *places: tuple[int, int]) -> World:
    """A world whose group has Alpha and Beta at these priorities with these weights."""
    world = clean_world()
    entries = [
        RoutingGroupTrunk(trunk, priority, weight)
        for trunk, (priority, weight) in zip(("alpha-1", "beta-1"), places, strict=False)
    ]
    world.groups[0] = group("out", "acme", *entries, strategy=strategy)
    if len(places) < 2:
        world.emergency_plans[0] = structs.replace(
            world.emergency_plans[0], routing_group_ids=("both",)
        )
        world.groups.append(group("both", "acme", "alpha-1", "beta-1"))
    return world


@pytest.mark.parametrize(
    ("strategy", "places", "expected"),
    [
        (Strategy.PRIORITY, [(0, 1), (0, 3)], []),
        (Strategy.PRIORITY, [(0, 1), (1, 1)], []),
        (Strategy.PRIORITY, [(0, 50)], []),
        (Strategy.PRIORITY, [(0, 70), (1, 30)], [FindingCode.WEIGHT_WITHOUT_EFFECT]),
        (Strategy.PRIORITY, [(0, 1), (0, 0)], [FindingCode.WEIGHT_ZERO]),
        (Strategy.PRIORITY, [(0, 1), (0, 1_000)], [FindingCode.SHARE_TOO_SMALL]),
        (Strategy.PRIORITY, [(0, 1), (0, 998)], []),
        (Strategy.WEIGHTED, [(0, 70), (0, 30)], []),
        (Strategy.WEIGHTED, [(0, 70), (1, 30)], [FindingCode.PRIORITY_WITHOUT_EFFECT]),
        (Strategy.STICKY, [(0, 1), (1, 1)], [FindingCode.PRIORITY_WITHOUT_EFFECT]),
        (
            Strategy.WEIGHTED,
            [(0, 1), (1, 5_000)],
            [FindingCode.PRIORITY_WITHOUT_EFFECT, FindingCode.SHARE_TOO_SMALL],
        ),
        (Strategy.ROUND, [(0, 1), (1, 1)], []),
        (Strategy.ROUND, [(0, 1), (0, 5_000)], [FindingCode.WEIGHT_WITHOUT_EFFECT]),
    ],
)
def test_what_decides_nothing_among_places_is_told(
    strategy: Strategy, places: list[tuple[int, int]], expected: list[FindingCode]
) -> None:
    assert codes(_group(strategy, *places)) == expected


def test_a_place_that_is_disabled_shares_nothing() -> None:
    world = clean_world()
    world.groups.append(
        group(
            "off",
            "acme",
            RoutingGroupTrunk("alpha-1", weight=0, enabled=False),
            RoutingGroupTrunk("beta-1", weight=9),
        )
    )
    world.rules.append(rule("r", "acme", "off", "+1"))
    assert FindingCode.WEIGHT_ZERO not in codes(world)
    assert FindingCode.WEIGHT_WITHOUT_EFFECT not in codes(world)


def test_endpoints_share_as_places_do() -> None:
    world = clean_world()
    world.replace_trunk(
        structs.replace(
            world.trunks[2],
            endpoints=(
                Endpoint("a", "a.example", weight=5),
                Endpoint("b", "b.example", 5060, priority=1),
            ),
        )
    )
    (finding,) = findings(world, FindingCode.WEIGHT_WITHOUT_EFFECT)
    assert [each.name for each in finding.objects] == ["alpha-1", "a.example"]
    assert finding.message == (
        "in alpha-1, a.example has a weight and nothing of its priority to share with"
    )
    assert finding.tenant_id == ""


@pytest.mark.parametrize(
    ("windows", "more", "opening"),
    [
        ((), {}, Opening.NEVER),
        ((Window((), 0, 1440),), {}, Opening.NEVER),
        ((Window(WEEK, 0, 1440),), {}, Opening.ALWAYS),
        ((Window(WEEK, 0, 1440),), {"holidays": frozenset({1})}, Opening.SOMETIMES),
        ((Window(WEEK, 540, 540),), {}, Opening.ALWAYS),
        ((Window(WEEK, 540, 1020),), {}, Opening.SOMETIMES),
        ((Window(WEEK, 540, 1020), Window(WEEK, 1020, 540)), {}, Opening.ALWAYS),
        ((Window(WEEK, 540, 1020), Window(WEEK, 1021, 540)), {}, Opening.SOMETIMES),
        ((Window((0, 1, 2, 3, 4, 5), 0, 1440),), {}, Opening.SOMETIMES),
        ((Window((0, 1, 2, 3, 4), 0, 1440), Window((5, 6), 0, 1440)), {}, Opening.ALWAYS),
        ((Window((1, 2, 3, 4, 5, 6), 0, 1440),), {}, Opening.SOMETIMES),
    ],
)
def test_how_much_of_the_week_a_schedule_is_open(
    windows: tuple[Window, ...], more: dict[str, Any], opening: Opening
) -> None:
    assert opening_of(schedule("s", *windows, **more)) is opening


def test_schedules_that_never_change_are_told_with_their_rules() -> None:
    world = clean_world()
    world.schedules = [OFFICE, ALWAYS, CLOSED]
    world.rules[0] = structs.replace(world.rules[0], schedule_id="always")
    world.rules += [
        rule("b", "acme", "out", "+1", schedule_id="closed", schedule_open=False),
        rule("c", "acme", "out", "+2", schedule_id="office"),
    ]
    assert named(world, FindingCode.SCHEDULE_NEVER_CLOSES) == [["always", "all"]]
    assert named(world, FindingCode.SCHEDULE_NEVER_OPENS) == [["closed", "b"]]


def test_objects_that_nothing_refers_to_are_told() -> None:
    world = clean_world()
    world.schedules = [OFFICE]
    world.groups.append(group("spare", "acme", "alpha-1"))
    world.profiles = [NormalizationProfile("it", "Italy", "", "IT")]
    world.reroute_policies = [ReroutePolicy("p", "Patient", "acme")]
    assert named(world, FindingCode.UNUSED) == [["Italy"], ["Patient"], ["office"], ["spare"]]
    world.rules[0] = structs.replace(world.rules[0], schedule_id="office")
    world.groups[0] = group(
        "out", "acme", "alpha-1", "beta-1", RoutingGroupTrunk(member_group_id="spare", priority=9)
    )
    world.replace_trunk(structs.replace(world.trunks[0], normalization_profile_id="it"))
    used = {"reroute_policy_id": "p"}
    tenants, carriers, trunks = world.tenants[:], world.carriers[:], world.trunks[:]
    world.tenants[0] = structs.replace(tenants[0], **used)
    assert named(world, FindingCode.UNUSED) == []
    world.tenants, world.carriers[0] = tenants, structs.replace(carriers[0], **used)
    assert named(world, FindingCode.UNUSED) == []
    world.carriers, world.trunks[0] = carriers, structs.replace(trunks[0], **used)
    assert named(world, FindingCode.UNUSED) == []


def test_patterns_that_re2_refuses_are_told() -> None:
    world = clean_world()
    world.rules.append(rule("look", "acme", "out", "+1", calling_regex="(?=1)"))
    part = NormalizationRule(NumberDirection.INBOUND, NumberField.CALLED, "(", "")
    world.profiles = [NormalizationProfile("it", "Italy", "", "IT", rules=(part,))]
    world.replace_trunk(structs.replace(world.trunks[0], normalization_profile_id="it"))
    assert named(world, FindingCode.REGEX_REFUSED) == [["Italy"], ["look"]]
