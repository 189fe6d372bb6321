"""Which routing rule a call uses, and why the others are not it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.outcome import Note, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_rule import (
    MAX_REGEX_INPUT,
    RULE_ORDER,
    RoutingRule,
    RuleAction,
    order_of,
    reason_of_order,
)
from pointsman.routing.schedule import Schedule, Window
from pointsman.routing.tenant import Tenant
from tests.routing.world import ACME_PBX_IP, World, group, make_call, make_world, pbx_trunk, rule

_OPEN = Schedule("open", "open", "acme", "UTC", ((0, 0),), (Window((0,), 720, 780),))
_CLOSED = Schedule("closed", "closed", "acme", "UTC", ((0, 0),), (Window((1,), 720, 780),))


def _world(*rules: RoutingRule) -> World:
    """Acme with these rules and a second PBX; it is Monday 12:00 UTC."""
    world = make_world()
    world.schedules = [_OPEN, _CLOSED]
    world.trunks.append(pbx_trunk("branch", "acme", "192.0.2.11"))
    world.sources.append(("192.0.2.11/32", "branch"))
    world.rules = list(rules)
    return world


def _winner(world: World, **call: Any) -> str:
    """The id of the rule that a call uses, "" for none."""
    outcome = world.decide(make_call("sip:+390612345678@h", **call))
    if isinstance(outcome, Routes):
        return outcome.match_id
    assert outcome.code is RejectCode.NO_ROUTE
    return ""


def _better_and_worse() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """For each line of the order, two rules that differ in it, and the other way round in all
    lines behind it."""
    behind: list[tuple[str, Any, Any]] = [
        ("called_prefix", "+3906", "+39"),
        ("calling_prefix", "+3904", "+39"),
        ("source_trunk_id", "acme-pbx", ""),
        ("schedule_id", "open", ""),
        ("priority", 1, 2),
        ("name", "a", "b"),
    ]
    cases = []
    for index, line in enumerate(RULE_ORDER):
        better = {field: value for field, value, _ in behind[index : index + 1]}
        worse = {field: value for field, _, value in behind[index : index + 1]}
        for field, good, bad in behind[index + 1 :]:
            better[field], worse[field] = bad, good
        cases.append((line, better, worse))
    return cases


@pytest.mark.parametrize(("line", "better", "worse"), _better_and_worse())
def test_each_line_of_the_order_goes_before_all_behind_it(
    line: str, better: dict[str, Any], worse: dict[str, Any]
) -> None:
    rules = [
        RoutingRule(id="wins", tenant_id="acme", routing_group_id="out", **{"name": "x", **better}),
        RoutingRule(id="loses", tenant_id="acme", routing_group_id="out", **{"name": "x", **worse}),
    ]
    for order in (rules, rules[::-1]):
        assert _winner(_world(*order)) == "wins"
    assert reason_of_order(*rules) == line


def test_rules_that_the_order_does_not_tell_apart_are_one_to_it() -> None:
    same = rule("same", "acme", "out")
    assert reason_of_order(same, same) == RULE_ORDER[-1]


@pytest.mark.parametrize(
    ("condition", "call", "expected"),
    [
        # the calling number's start
        ({"calling_prefix": "+39040"}, {}, True),
        ({"calling_prefix": "+390401234567"}, {}, True),
        ({"calling_prefix": "+3904012345678"}, {}, False),
        ({"calling_prefix": "+3906"}, {}, False),
        ({"calling_prefix": "10"}, {"from_uri": "sip:100@acme.example"}, True),
        ({"calling_prefix": "10"}, {"from_uri": "sip:200@acme.example"}, False),
        # all of the calling number
        ({"calling_regex": r"\+39040[0-9]+"}, {}, True),
        ({"calling_regex": r"\+39040"}, {}, False),
        ({"calling_regex": "[a-z]+"}, {"from_uri": "sip:alice@acme.example"}, True),
        # both
        ({"calling_prefix": "+39040", "calling_regex": ".*7"}, {}, True),
        ({"calling_prefix": "+39040", "calling_regex": ".*8"}, {}, False),
        # where it comes from
        ({"source_trunk_id": "acme-pbx"}, {}, True),
        ({"source_trunk_id": "branch"}, {}, False),
        ({"source_trunk_id": "branch"}, {"source_ip": "192.0.2.11"}, True),
        # when
        ({"schedule_id": "open"}, {}, True),
        ({"schedule_id": "closed"}, {}, False),
        ({"schedule_id": "open", "schedule_open": False}, {}, False),
        ({"schedule_id": "closed", "schedule_open": False}, {}, True),
        # all of the called number
        ({"called_regex": r"\+3906[0-9]{8}"}, {}, True),
        ({"called_regex": r"\+3906"}, {}, False),
        ({"enabled": False}, {}, False),
    ],
)
def test_a_rule_applies_where_its_conditions_hold(
    condition: dict[str, Any], call: dict[str, Any], expected: bool
) -> None:
    world = _world(rule("r", "acme", "out", **condition))
    assert _winner(world, **call) == ("r" if expected else "")


@pytest.mark.parametrize(
    "from_uri",
    [
        "sip:anonymous@anonymous.invalid",
        "sip:+390401234567@anonymous.invalid",
        "sip:anonymous@acme.example",
        "sip:Anonymous@acme.example",
        "sip:Restricted@acme.example",
        "sip:unknown@acme.example",
        "sip:acme.example",
        "sip:+39040x@acme.example",
        "sip:+0390401234567@acme.example",
        "sip:+390401234567890123@acme.example",
    ],
)
@pytest.mark.parametrize(
    "condition",
    [{"calling_prefix": "+"}, {"calling_prefix": "+39040"}, {"calling_regex": ".*"},
     {"calling_regex": "()"}, {"calling_regex": ".*", "calling_prefix": "+"}],
)  # fmt: skip
def test_a_caller_without_a_number_is_for_rules_of_any_caller(
    from_uri: str, condition: dict[str, Any]
) -> None:
    world = _world(rule("some", "acme", "out", **condition), rule("any", "acme", "out"))
    assert _winner(world, from_uri=from_uri) == "any"


@pytest.mark.parametrize(
    ("length", "expected"), [(MAX_REGEX_INPUT, "r"), (MAX_REGEX_INPUT + 1, "")]
)
def test_a_pattern_is_never_asked_about_a_caller_that_is_too_long(
    length: int, expected: str
) -> None:
    world = _world(rule("r", "acme", "out", calling_regex="a+"))
    assert _winner(world, from_uri=f"sip:{'a' * length}@acme.example") == expected


def test_the_next_best_rule_applies_where_the_best_does_not() -> None:
    world = _world(
        rule("rome-by-night", "acme", "out", "+3906", schedule_id="closed"),
        rule("rome-from-branch", "acme", "out", "+3906", source_trunk_id="branch"),
        rule("italy-from-italy", "acme", "out", "+39", calling_prefix="+39"),
        rule("italy", "acme", "out", "+39"),
    )
    assert _winner(world) == "italy-from-italy"
    assert _winner(world, from_uri="sip:+40211234567@acme.example") == "italy"
    assert _winner(world, source_ip="192.0.2.11") == "rome-from-branch"
    world.now += 86_400
    assert _winner(world) == "rome-by-night"


def test_a_trace_says_of_each_rule_why_it_is_not_the_one() -> None:
    world = _world(
        rule("france", "acme", "out", "+33"),
        rule("off", "acme", "out", "+3906", enabled=False),
        rule("branch", "acme", "out", "+3906", source_trunk_id="branch"),
        rule("romans", "acme", "out", "+3906", calling_prefix="+3906"),
        rule("night", "acme", "out", "+3906", schedule_id="closed"),
        rule("not-day", "acme", "out", "+3906", schedule_id="open", schedule_open=False),
        rule("odd", "acme", "out", "+3906", called_regex=".*[13579]"),
        rule("boss", "acme", "out", "+3906", calling_regex=".*0"),
        rule("day", "acme", "out", "+39", schedule_id="open"),
        rule("rest", "acme", "out", "+39"),
        rule("rest-too", "acme", "out", "+39", priority=7),
        rule("world", "acme", "out", source_trunk_id="acme-pbx"),
        rule("world-by-night", "acme", "out", schedule_id="closed"),
    )
    trace: Trace = []
    outcome = world.decide(make_call("sip:+390612345678@h"), trace)
    assert isinstance(outcome, Routes)
    assert outcome.match_id == "day"
    no = "routing rule, does not apply: "
    assert [note for note in trace if note.step is Step.MATCH] == [
        Note(Step.MATCH, subject, text)
        for subject, text in [
            ("romans", f"{no}the calling number does not start with +3906"),
            ("branch", f"{no}the call is from another trunk than its source trunk"),
            ("night", f"{no}the schedule closed is closed"),
            ("not-day", f"{no}the schedule open is open, and the rule is for while it is closed"),
            ("boss", f"{no}the calling number does not match .*0"),
            ("odd", f"{no}the called number does not match .*[13579]"),
            ("off", f"{no}it is disabled"),
            ("day", "routing rule for +39: it applies, and wins"),
            ("rest", "routing rule, lost to day: one with a schedule wins over one without"),
            ("rest-too", "routing rule, lost to day: one with a schedule wins over one without"),
            ("world", "routing rule, lost to day: the longest called prefix wins"),
            ("world-by-night", f"{no}the schedule closed is closed"),
        ]
    ]


_RULES = st.lists(
    st.builds(
        RoutingRule,
        id=st.just(""),
        name=st.just(""),
        tenant_id=st.sampled_from(["acme", "zen"]),
        routing_group_id=st.just("out"),
        called_prefix=st.sampled_from(["", "+", "+3", "+39", "+3906", "+40", "390"]),
        called_regex=st.sampled_from(["", r"\+39.*", ".*8", ".*7"]),
        calling_prefix=st.sampled_from(["", "+39", "+3904", "+40", "1"]),
        calling_regex=st.sampled_from(["", ".*", ".*7", "1.*"]),
        source_trunk_id=st.sampled_from(["", "acme-pbx", "branch"]),
        schedule_id=st.sampled_from(["", "open", "closed"]),
        schedule_open=st.booleans(),
        priority=st.integers(0, 2),
        enabled=st.booleans() | st.just(True),
    ),
    max_size=8,
)


def _is_open(schedule_id: str) -> bool:
    return schedule_id == "open"


def _applies_naively(rule: RoutingRule, calling: str, source_trunk_id: str) -> bool:
    called = "+390612345678"
    return (
        rule.enabled
        and rule.tenant_id == "acme"
        and called.startswith(rule.called_prefix)
        and calling.startswith(rule.calling_prefix)
        and rule.source_trunk_id in ("", source_trunk_id)
        and (not rule.schedule_id or _is_open(rule.schedule_id) is rule.schedule_open)
        and (not rule.called_regex or bool(re.fullmatch(rule.called_regex, called)))
        and (not rule.calling_regex or bool(calling and re.fullmatch(rule.calling_regex, calling)))
    )


@given(
    _RULES,
    st.permutations(range(8)),
    st.sampled_from(["+390401234567", "+40211234567", "100", ""]),
    st.sampled_from([(ACME_PBX_IP, "acme-pbx"), ("192.0.2.11", "branch")]),
)
def test_the_winner_is_the_first_of_all_that_apply(
    drawn: list[RoutingRule], names: list[int], calling: str, source: tuple[str, str]
) -> None:
    """With and without a trace; whatever the order in which the rules are given."""
    rules = [
        RoutingRule(**{**_fields(rule), "id": f"r{name}", "name": f"r{name}"})
        for rule, name in zip(drawn, names, strict=False)
    ]
    applying = [rule for rule in rules if _applies_naively(rule, calling, source[1])]
    applying.sort(
        key=lambda rule: (
            len(rule.called_prefix) * -1,
            len(rule.calling_prefix) * -1,
            0 if rule.source_trunk_id else 1,
            0 if rule.schedule_id else 1,
            rule.priority,
            rule.name,
        )
    )
    expected = applying[0].id if applying else ""
    world = _world(*rules)
    world.groups = [group("out", "acme", "alpha-1")]
    from_uri = f"sip:{calling}@acme.example" if calling else "sip:acme.example"
    assert _winner(world, source_ip=source[0], from_uri=from_uri) == expected
    trace: Trace = []
    call = make_call("sip:+390612345678@h", source_ip=source[0], from_uri=from_uri)
    world.decide(call, trace)
    winners = [note.subject for note in trace if note.text.endswith("it applies, and wins")]
    assert winners == ([expected] if expected else [])
    assert sorted(rules, key=order_of, reverse=True)[::-1] == sorted(rules, key=order_of)


def _fields(rule: RoutingRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in rule.__struct_fields__}


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (403, "Not from here", (403, "Not from here")),
        (486, "", (486, "Busy Here")),
        (603, "", (603, "Decline")),
        (499, "", (499, "Request Failure")),
        (599, "", (599, "Server Failure")),
        (699, "", (699, "Global Failure")),
    ],
)
def test_a_rule_refuses_with_its_own_answer(
    code: int, reason: str, expected: tuple[int, str]
) -> None:
    refusal = rule(
        "no-rome", "acme", "", "+3906",
        action=RuleAction.REJECT, reject_sip_code=code, reject_sip_reason=reason,
    )  # fmt: skip
    reject = _world(rule("all", "acme", "out"), refusal).reject(make_call("sip:+390612345678@h"))
    assert reject.code is RejectCode.REJECTED_BY_RULE
    assert (reject.sip_code, reject.sip_reason) == expected
    assert reject.reason == "the routing rule no-rome refuses calls to +390612345678"


def test_a_rule_that_refuses_says_nothing_of_numbers_of_the_tenants_own() -> None:
    world = _world(rule("none", "acme", "", action=RuleAction.REJECT, reject_sip_code=603))
    reject = world.reject(make_call("sip:+390401234000@h"))
    assert reject.code is RejectCode.LOOP


def test_a_disabled_tenant_is_refused_before_its_rules() -> None:
    world = _world(rule("none", "acme", "", action=RuleAction.REJECT, reject_sip_code=603))
    world.tenants[0] = Tenant("acme", "Acme", enabled=False)
    assert world.reject(make_call()).code is RejectCode.TENANT_DISABLED
