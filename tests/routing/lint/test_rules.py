"""Rules that never decide a call, held against the decisions themselves."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.routing.decide import decide
from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.outcome import Reject, Routes
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.schedule import Schedule, Window
from pointsman.routing.snapshot import compile_snapshot
from pointsman.routing.trunk_source import TrunkSource
from tests.routing.lint.checked import clean_world, codes, findings, named
from tests.routing.world import ACME_PBX_IP, World, make_call, pbx_trunk, rule

WEEK = tuple(range(7))
OFFSETS = ((-(2**62), 0),)
SHADOWED = FindingCode.RULE_SHADOWED
NEVER = FindingCode.RULE_NEVER_APPLIES


def schedule(name: str, *windows: Window, **more: Any) -> Schedule:
    return Schedule(name, name, "acme", "UTC", OFFSETS, windows, **more)


OFFICE = schedule("office", Window((0, 1, 2, 3, 4), 540, 1020))
ALWAYS = schedule("always", Window(WEEK, 0, 1440))
CLOSED = schedule("closed")


def world_with(*rules: Any) -> World:
    """A world whose first tenant has these rules, a second PBX and three schedules."""
    world = clean_world()
    world.rules = [*rules, world.rules[1]]
    world.trunks.append(pbx_trunk("acme-two", "acme", "192.0.2.11"))
    world.sources.append(("192.0.2.11/32", "acme-two"))
    world.schedules = [OFFICE, ALWAYS, CLOSED]
    return world


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        ({}, {}),
        ({"priority": 1}, {"priority": 2, "called_regex": r"\+39.*"}),
        ({}, {"priority": 2, "calling_regex": "1.*"}),
        ({"called_regex": "a"}, {"priority": 2, "called_regex": "a"}),
        ({"called_regex": "a"}, {"priority": 2, "called_regex": "a", "calling_regex": "b"}),
        ({"source_trunk_id": "acme-pbx"}, {"priority": 2, "source_trunk_id": "acme-pbx"}),
        ({"calling_prefix": "+1"}, {"priority": 2, "calling_prefix": "+1"}),
        ({"schedule_id": "office"}, {"priority": 2, "schedule_id": "office"}),
        ({"schedule_id": "always"}, {"priority": 2}),
        ({"schedule_id": "closed", "schedule_open": False}, {"priority": 2}),
        ({"schedule_id": "always"}, {"priority": 2, "schedule_id": "office"}),
        ({"action": RuleAction.REJECT, "reject_sip_code": 403}, {"priority": 2}),
    ],
)
def test_a_rule_behind_one_that_covers_it_is_shadowed(
    winner: dict[str, Any], loser: dict[str, Any]
) -> None:
    world = world_with(
        rule("one", "acme", "out", "+39", **winner), rule("two", "acme", "out", "+39", **loser)
    )
    assert named(world, SHADOWED) == [["two", "one"]]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"called_prefix": "+39"}, {"called_prefix": "+3906"}),
        ({"called_prefix": "+39"}, {"called_prefix": "+390", "priority": 9}),
        ({"calling_prefix": "+39"}, {"calling_prefix": "+3906", "priority": 9}),
        ({"called_regex": "a"}, {"called_regex": "b"}),
        ({"called_regex": "a"}, {}),
        ({"calling_regex": "a"}, {"called_regex": "a"}),
        ({"source_trunk_id": "acme-pbx"}, {"source_trunk_id": "acme-two"}),
        ({"source_trunk_id": "acme-pbx"}, {"priority": 9}),
        ({"schedule_id": "office"}, {"schedule_id": "office", "schedule_open": False}),
        ({"schedule_id": "office"}, {"priority": 9}),
        ({"enabled": False}, {"priority": 9}),
        ({}, {"enabled": False}),
    ],
)
def test_a_rule_that_may_decide_a_call_is_not(one: dict[str, Any], two: dict[str, Any]) -> None:
    world = world_with(
        rule("one", "acme", "out", **{"prefix": one.pop("called_prefix", ""), **one}),
        rule("two", "acme", "out", **{"prefix": two.pop("called_prefix", ""), **two}),
    )
    assert named(world, SHADOWED) == []


def test_the_only_source_of_a_tenant_is_no_condition() -> None:
    world = world_with(
        rule("one", "acme", "out", source_trunk_id="acme-pbx"), rule("two", "acme", "out")
    )
    assert named(world, SHADOWED) == []
    world.sources.pop()
    assert named(world, SHADOWED) == [["two", "one"]]


def test_a_rule_of_another_tenant_shadows_none() -> None:
    world = world_with(rule("one", "acme", "out"))
    world.rules.append(rule("two", "zen", "zen-out", "+39"))
    assert SHADOWED not in codes(world)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"schedule_id": "closed"},
            "it asks for an open schedule, and closed never opens",
        ),
        (
            {"schedule_id": "always", "schedule_open": False},
            "it asks for a closed schedule, and always never closes",
        ),
        ({"source_trunk_id": "off"}, "its source trunk off is disabled"),
        (
            {"source_trunk_id": "mute"},
            "no call comes from its source trunk mute, which has no source",
        ),
    ],
)
def test_a_rule_that_never_applies_is_found(changed: dict[str, Any], reason: str) -> None:
    world = world_with(rule("one", "acme", "out"), rule("never", "acme", "out", "+39", **changed))
    world.trunks += [
        pbx_trunk("off", "acme", "192.0.2.12", enabled=False),
        pbx_trunk("mute", "acme", "192.0.2.13"),
    ]
    world.sources.append(("192.0.2.12/32", "off"))
    (finding,) = findings(world, NEVER)
    assert finding.message == f"the rule never never applies: {reason}"
    assert finding.objects[0].name == "never"
    assert named(world, SHADOWED) == []


def test_a_rule_for_numbers_of_the_tenants_own_is_behind_its_did() -> None:
    world = world_with(
        rule("own", "acme", "out", "+3904012345"),
        rule("exact", "acme", "out", "+390401234"),
        rule("wider", "acme", "out", "+39040"),
        rule("dialled", "acme", "out", "390401234"),
    )
    assert named(world, FindingCode.RULE_BEHIND_DID) == [
        ["exact", "+390401234"],
        ["own", "+390401234"],
    ]
    world.dids = []
    assert named(world, FindingCode.RULE_BEHIND_DID) == []


_RULES = st.lists(
    st.fixed_dictionaries(
        {
            "prefix": st.sampled_from(["", "+39", "+3906", "1"]),
            "called_regex": st.sampled_from(["", r"\+39.*", "1.."]),
            "calling_prefix": st.sampled_from(["", "+39"]),
            "calling_regex": st.sampled_from(["", r"\+39040.*"]),
            "source_trunk_id": st.sampled_from(["", "acme-pbx", "acme-two"]),
            "schedule_id": st.sampled_from(["", "office", "always", "closed"]),
            "schedule_open": st.booleans(),
            "priority": st.integers(0, 2),
        }
    ),
    max_size=8,
)
# A Monday at noon and a Sunday at noon.
_MOMENTS = (1_795_435_200.0, 1_795_348_800.0)


@settings(deadline=None)
@given(_RULES, st.sampled_from(["", "192.0.2.11/32"]))
def test_what_is_found_never_decides_a_call(rules: list[dict[str, Any]], second: str) -> None:
    world = world_with(*(rule(f"r{n}", "acme", "out", **r) for n, r in enumerate(rules)))
    if not second:
        world.sources.pop()
    dead = {
        finding.objects[0].id
        for code in (SHADOWED, NEVER, FindingCode.RULE_BEHIND_DID)
        for finding in findings(world, code)
    }
    snapshot = compile_snapshot(world.configuration())
    winners = set()
    for source_ip in (ACME_PBX_IP, "192.0.2.11"):
        for called in ("+390612345678", "+390401234567", "112", "123", "+4420"):
            for calling in ("+390401234567", "+39061", "100"):
                for now in _MOMENTS:
                    call = make_call(
                        f"sip:{called}@h", from_uri=f"sip:{calling}@h", source_ip=source_ip
                    )
                    outcome = decide(call, snapshot, now=now)
                    if isinstance(outcome, Routes):
                        winners.add(outcome.match_id)
                    else:
                        assert isinstance(outcome, Reject)
    assert not dead & winners


def test_a_source_that_is_narrowed_is_a_source() -> None:
    world = world_with(rule("one", "acme", "out", source_trunk_id="narrow"))
    world.trunks.append(pbx_trunk("narrow", "acme", "192.0.2.14"))
    network = ip_network(f"{ACME_PBX_IP}/32")
    world.more_sources = [TrunkSource(network, "narrow", called_prefix="9")]
    assert NEVER not in codes(world)
