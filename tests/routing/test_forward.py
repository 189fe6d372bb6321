"""Rules that send a call on with another called number."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.decide import MAX_FORWARDS
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.outcome import MatchKind, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_rule import RoutingRule, RuleAction
from tests.routing.world import (
    ALPHA_IP,
    BETA_IP,
    World,
    group,
    make_call,
    make_world,
    pbx_trunk,
    rule,
)

_ROME = "sip:+390612345678@h"


def _forward(name: str, prefix: str, to: str, **more: Any) -> RoutingRule:
    return rule(name, "acme", "", prefix, action=RuleAction.CONTINUE, forward_number=to, **more)


def _world(*rules: RoutingRule) -> World:
    world = make_world()
    world.rules = list(rules)
    return world


def test_a_call_goes_on_with_the_other_number() -> None:
    world = _world(_forward("rome", "+3906", "+40211234567"), rule("all", "acme", "out"))
    outcome = world.routes(make_call(_ROME))
    assert (outcome.match_kind, outcome.match_id) == (MatchKind.ROUTING_RULE, "all")
    assert [leg.request_uri for leg in outcome.legs] == [
        f"sip:+40211234567@{ALPHA_IP}:5060",
        f"sip:+40211234567@{BETA_IP}:5060",
    ]


def test_the_other_number_is_matched_afresh() -> None:
    world = _world(
        _forward("rome", "+3906", "+40211234567"),
        rule("romania", "acme", "bucharest", "+40"),
        rule("all", "acme", "out"),
    )
    world.groups.append(group("bucharest", "acme", "beta-1"))
    assert world.trunk_ids(make_call(_ROME)) == ["beta-1"]


def test_a_call_may_be_sent_on_to_a_number_of_the_tenant() -> None:
    world = _world(_forward("rome", "+3906", "+390402222222"))
    world.trunks.append(pbx_trunk("acme-desk", "acme", "192.0.2.11"))
    world.dids.append(Did("did-desk", "+39040222", "acme", "acme-desk"))
    outcome = world.routes(make_call(_ROME))
    assert (outcome.match_kind, outcome.match_id) == (MatchKind.DID, "did-desk")
    assert [leg.target.trunk_id for leg in outcome.legs] == ["acme-desk"]
    # Not to a disabled one, and never on from there to a carrier.
    world.dids[-1] = Did("did-desk", "+39040222", "acme", "acme-desk", enabled=False)
    world.rules.append(rule("all", "acme", "out"))
    assert world.reject(make_call(_ROME)).code is RejectCode.DID_DISABLED


def test_a_call_is_never_sent_on_to_another_tenants_number_inside() -> None:
    world = _world(_forward("rome", "+3906", "+390409999000"))
    assert world.reject(make_call(_ROME)).code is RejectCode.NO_ROUTE
    world.rules.append(rule("all", "acme", "out"))
    assert world.trunk_ids(make_call(_ROME)) == ["alpha-1", "beta-1"]


def test_a_call_is_never_sent_on_to_what_lists_forbid() -> None:
    world = _world(_forward("rome", "+3906", "+40211234567"), rule("all", "acme", "out"))
    blocked = NumberList("l", "l", "acme", ListKind.BLOCK, NumberField.CALLED, ("+40",))
    world.number_lists = [blocked]
    assert world.reject(make_call(_ROME)).code is RejectCode.BLOCKED_CALLED


def test_a_call_is_never_sent_on_to_a_class_that_is_denied() -> None:
    premium = "+39899123456"
    world = _world(_forward("rome", "+3906", premium), rule("all", "acme", "out"))
    assert world.reject(make_call(_ROME)).code is RejectCode.DESTINATION_DENIED
    # What counts is where the call goes, not what was dialled.
    away = _world(_forward("premium", premium, "+390612345678"), rule("all", "acme", "out"))
    assert away.trunk_ids(make_call(f"sip:{premium}@h")) == ["alpha-1", "beta-1"]


def test_a_number_may_be_one_that_is_dialled_as_it_is() -> None:
    world = _world(_forward("rome", "+3906", "*98"), rule("star", "acme", "out", "*"))
    assert [leg.request_uri for leg in world.legs(make_call(_ROME))] == [
        f"sip:*98@{ALPHA_IP}:5060",
        f"sip:*98@{BETA_IP}:5060",
    ]


@pytest.mark.parametrize("domain", ["acme.example", "branch.example"])
def test_the_domain_that_was_dialled_does_not_catch_the_other_number(domain: str) -> None:
    """Neither a number nor a short code: the rules decide of both."""
    world = _world(
        _forward("rome", "+3906", "100"),
        _forward("one-hundred", "100", "+40211234567"),
        rule("romania", "acme", "out", "+40"),
    )
    world.trunks.append(pbx_trunk("branch", "acme", "192.0.2.11"))
    world.domains.append(Domain("branch.example", "branch.example", "acme", "branch"))
    outcome = world.decide(make_call(f"sip:+390612345678@{domain}"))
    assert isinstance(outcome, Routes)
    if domain == "acme.example":
        assert outcome.match_id == "romania"
    else:
        # Another PBX's domain is that PBX's: no rule is asked.
        assert (outcome.match_kind, outcome.match_id) == (MatchKind.DOMAIN, "branch.example")


def test_who_calls_whence_and_when_stay_what_they_were() -> None:
    world = _world(
        _forward("rome", "+3906", "+40211234567"),
        rule("not-mine", "acme", "", "+40", calling_prefix="+40", action=RuleAction.REJECT,
             reject_sip_code=603),
        rule("mine", "acme", "out", "+40", calling_prefix="+39040", source_trunk_id="acme-pbx"),
    )  # fmt: skip
    assert world.routes(make_call(_ROME)).match_id == "mine"


def _chain(length: int) -> list[RoutingRule]:
    """+3906... is sent on to 1, 1 to 2, and so on, `length` times."""
    stations = ["+3906", *(f"*{number}" for number in range(1, length + 1))]
    return [_forward(f"to {there}", here, there) for here, there in pairwise(stations)]


def test_a_call_is_sent_on_so_often_and_no_more() -> None:
    allowed = _world(*_chain(MAX_FORWARDS), rule("end", "acme", "out", f"*{MAX_FORWARDS}"))
    assert allowed.routes(make_call(_ROME)).match_id == "end"
    too_long = _world(*_chain(MAX_FORWARDS + 1), rule("end", "acme", "out", f"*{MAX_FORWARDS + 1}"))
    reject = too_long.reject(make_call(_ROME))
    assert (reject.code, reject.sip_code) == (RejectCode.TOO_MANY_FORWARDS, 482)
    assert reject.reason == "rules send the call on more than 5 times, at last to *6"


@pytest.mark.parametrize(
    "rules",
    [
        [_forward("self", "+39", "+390612345678")],
        [_forward("a", "+3906", "+40211234567"), _forward("b", "+40", "+390612345678")],
        [_forward("a", "+3906", "1"), _forward("b", "1", "2"), _forward("c", "2", "+3906")],
    ],
)
def test_a_loop_ends(rules: list[RoutingRule]) -> None:
    assert _world(*rules).reject(make_call(_ROME)).code is RejectCode.TOO_MANY_FORWARDS


def test_the_trace_tells_every_station() -> None:
    world = _world(_forward("rome", "+3906", "+40211234567"), rule("all", "acme", "out"))
    trace: Trace = []
    world.decide(make_call("sip:+390612345678@acme.example"), trace)
    assert [(note.subject, note.text) for note in trace if note.step is Step.MATCH] == [
        ("acme.example", "the source's own domain: rules decide"),
        ("rome", "routing rule for +3906: it applies, and wins"),
        ("all", "routing rule, lost to rome: the longest called prefix wins"),
        ("rome", "sends the call on to +40211234567"),
        ("acme.example", "the domain of the number that a rule has sent on: not of this one"),
        ("all", "routing rule for all: it applies, and wins"),
    ]


_NUMBERS = ["+390612345678", "+40211234567", "+390401234000", "+390409999000", "100", "*98"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "+", "+39", "+40", "1", "*"]), st.sampled_from(_NUMBERS)),
        max_size=8,
    ),
    st.sampled_from(_NUMBERS),
)
def test_whatever_the_rules_a_call_comes_to_an_end(
    forwards: list[tuple[str, str]], called: str
) -> None:
    world = _world(
        *(
            _forward(f"f{index}", prefix, to, priority=index)
            for index, (prefix, to) in enumerate(forwards)
        ),
        rule("all", "acme", "out", "+4"),
    )
    outcome = world.decide(make_call(f"sip:{called}@h"))
    if isinstance(outcome, Routes):
        assert {leg.target.trunk_id for leg in outcome.legs} <= {"alpha-1", "beta-1"}
    else:
        assert outcome.code in (
            RejectCode.TOO_MANY_FORWARDS,
            RejectCode.NO_ROUTE,
            RejectCode.LOOP,
        )
