"""Rules that send calls on for ever, held against the decisions themselves."""

from typing import Any

import pytest

from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.outcome import RejectCode
from pointsman.routing.routing_rule import RoutingRule, RuleAction
from tests.routing.lint.checked import codes, findings, named
from tests.routing.lint.test_rules import world_with
from tests.routing.world import World, make_call, rule

CIRCLE = FindingCode.FORWARD_IN_CIRCLE


def forward(name: str, prefix: str, number: str, **more: Any) -> RoutingRule:
    """A rule of Acme's that sends calls to a prefix on to a number."""
    return rule(name, "acme", "", prefix, action=RuleAction.CONTINUE, forward_number=number, **more)


def decided(world: World, called: str) -> str:
    """The code of a call from Acme's PBX."""
    outcome = world.decide(make_call(f"sip:{called}@h"))
    return outcome.code if hasattr(outcome, "code") else "ROUTED"


@pytest.mark.parametrize(
    ("rules", "called", "circle"),
    [
        ([forward("a", "1", "1")], "1", ["a"]),
        ([forward("a", "1", "2"), forward("b", "2", "1")], "1", ["a", "b"]),
        ([forward("a", "+4", "+4420"), forward("b", "+44", "+41")], "+4111111", ["a", "b"]),
        (
            [forward(f"r{n}", f"*{n}", f"*{n + 1}") for n in range(6)],
            "*0",
            [f"r{n}" for n in range(6)],
        ),
        (
            [
                forward("a", "1", "2", calling_prefix="+3904"),
                forward("b", "2", "1", calling_prefix="+39"),
            ],
            "1",
            ["a", "b"],
        ),
        # The way from b is certain, that from a is not.
        *(
            ([forward("a", "1", "2"), forward("b", "2", "1", **asked)], "2", ["b", "a"])
            for asked in (
                {"calling_prefix": "+39"},
                {"calling_regex": ".*"},
                {"source_trunk_id": "acme-pbx"},
                {"schedule_id": "office"},
            )
        ),
        (
            [
                forward("a", "1", "2", source_trunk_id="acme-pbx"),
                forward("b", "2", "1"),
                rule("other", "acme", "out", "2", source_trunk_id="acme-two"),
            ],
            "1",
            ["a", "b"],
        ),
        (
            [
                forward("a", "1", "2", schedule_id="office"),
                forward("b", "2", "1", schedule_id="office"),
                rule("other", "acme", "out", "2", schedule_id="office", schedule_open=False),
            ],
            "1",
            ["a", "b"],
        ),
        (
            [
                forward("a", "1", "2", calling_prefix="+39"),
                rule("other", "acme", "out", "2", called_regex="23"),
                rule("far", "acme", "out", "2", calling_prefix="+7"),
                forward("b", "2", "1"),
            ],
            "1",
            ["a", "b"],
        ),
    ],
)
def test_a_circle_that_calls_cannot_leave_is_found(
    rules: list[RoutingRule], called: str, circle: list[str]
) -> None:
    world = world_with(*rules)
    world.rules.append(rule("none", "acme", "out", "+1"))
    assert named(world, CIRCLE) == [circle]
    assert decided(world, called) == RejectCode.TOO_MANY_FORWARDS


@pytest.mark.parametrize(
    "rules",
    [
        [forward("a", "1", "2"), rule("b", "acme", "out", "2")],
        [forward("a", "1", "2")],
        [forward("a", "1", "+390401234567"), forward("b", "+", "1")],
        [forward("a", "1", "112"), forward("b", "112", "1")],
        [forward("a", "1", "2"), forward("b", "2", "1", called_regex="22")],
        [forward(f"r{n}", f"*{n}", f"*{n + 1}") for n in range(5)],
        [
            forward("a", "1", "2", source_trunk_id="acme-pbx"),
            forward("b", "2", "1", source_trunk_id="acme-two"),
        ],
        [
            forward("a", "1", "2", schedule_id="office"),
            forward("b", "2", "1", schedule_id="office", schedule_open=False),
        ],
        [
            forward("a", "1", "2", calling_prefix="+39"),
            forward("b", "2", "1", calling_prefix="+44"),
        ],
    ],
)
def test_where_a_call_may_leave_nothing_is_said(rules: list[RoutingRule]) -> None:
    assert named(world_with(*rules), CIRCLE) == []


def test_a_circle_is_told_once_with_its_way() -> None:
    world = world_with(forward("a", "1", "2"), forward("b", "2", "3"), forward("c", "3", "1"))
    (finding,) = findings(world, CIRCLE)
    assert "a (2) -> b (3) -> c (1)" in finding.message
    assert (finding.tenant_id, len(finding.objects)) == ("acme", 3)


def test_with_too_many_rules_in_the_way_nothing_is_said() -> None:
    in_the_way = [rule(f"r{n}", "acme", "out", "2", called_regex=f"2{n}0") for n in range(101)]
    world = world_with(forward("a", "1", "2"), *in_the_way, forward("b", "2", "1", priority=9))
    assert named(world, CIRCLE) == []
    world.rules = [r for r in world.rules if r.id not in {"r0", "r1"}]
    assert named(world, CIRCLE) == [["a", "b"]]


def test_a_pattern_that_does_not_compile_matches_nothing_and_is_told_itself() -> None:
    world = world_with(
        forward("a", "1", "2"),
        rule("broken", "acme", "out", "2", called_regex="("),
        forward("b", "2", "1", priority=9),
    )
    assert codes(world)[:2] == [CIRCLE, FindingCode.REGEX_REFUSED]
