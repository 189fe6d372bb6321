"""The walk over the legs of a call, as Kamailio does it: tests/sip/scenarios show the same."""

from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.failover import Attempt, LegAnswer, Walk, walk
from pointsman.routing.outcome import NO_HEADERS, Leg, MatchKind, Party, Routes, Target
from pointsman.routing.reroute import TIMEOUT, TRANSPORT, Verdict, compile_reroute
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase, ReroutePolicy, RerouteRule
from pointsman.routing.routing_group import GroupMode

STOP, NEXT, CARRIER = RerouteAction.STOP, RerouteAction.NEXT, RerouteAction.NEXT_CARRIER
REWRITE = RerouteAction.REWRITE
AFTER, ANY = ReroutePhase.AFTER_RINGING, ReroutePhase.ANY


def _leg(name: str, carrier: str, *rules: RerouteRule) -> Leg:
    party = Party("", "sip:x@y")
    policy = ReroutePolicy("p", "p", "acme", rules)
    target = Target(f"{name}-trunk", name, "sip:y", 5_000, 30_000, carrier, compile_reroute(policy))
    return Leg(target, "sip:x@y", party, party, NO_HEADERS)


def _routes(*legs: Leg, mode: GroupMode = GroupMode.SERIAL) -> Routes:
    return Routes("acme", MatchKind.ROUTING_RULE, "rule", legs, mode)


def _seen(walked: Walk) -> tuple[list[str], tuple[int, str]]:
    tried = [attempt.leg.target.endpoint_id for attempt in walked.attempts]
    return tried, (walked.sip_code, walked.sip_reason)


_RULES = [
    RerouteRule("486", NEXT),
    RerouteRule("404", CARRIER),
    RerouteRule("480", REWRITE, ANY, 404, "Nobody There"),
    RerouteRule(TIMEOUT, CARRIER, AFTER),
    RerouteRule("603", NEXT),
    RerouteRule("487", STOP, ANY),
]


@pytest.mark.parametrize(
    ("outcomes", "tried", "final"),
    [
        ({}, ["a1"], (200, "")),
        ({"a1": "202"}, ["a1"], (202, "")),
        # by default
        ({"a1": "503"}, ["a1", "a2"], (200, "")),
        ({"A": "503"}, ["a1", "a2", "b1"], (200, "")),
        ({"A": "503", "B": "500"}, ["a1", "a2", "b1"], (500, "")),
        ({"A": "503", "B": "503"}, ["a1", "a2", "b1"], (500, "Service Unavailable")),
        ({"A": "503", "B": TIMEOUT}, ["a1", "a2", "b1"], (408, "Request Timeout")),
        ({"A": "503", "B": "408"}, ["a1", "a2", "b1"], (408, "")),
        ({"A": "503", "B": TRANSPORT}, ["a1", "a2", "b1"], (480, "Temporarily Unavailable")),
        ({"A": TRANSPORT, "B": "486"}, ["a1", "a2", "b1"], (486, "")),
        ({"a1": "402"}, ["a1"], (402, "")),
        ({"a1": "302"}, ["a1"], (302, "")),
        ({"a1": "487"}, ["a1"], (487, "")),
        # by rule
        ({"A": "486"}, ["a1", "a2", "b1"], (200, "")),
        ({"A": "404"}, ["a1", "b1"], (200, "")),
        ({"A": "404", "B": "404"}, ["a1", "b1"], (404, "")),
        ({"a1": "480"}, ["a1"], (404, "Nobody There")),
        ({"a1": "603"}, ["a1", "a2"], (200, "")),
        # the closest thing that is said of a leg counts
        ({"A": "486", "a2-trunk": "200"}, ["a1", "a2"], (200, "")),
        ({"A": "486", "a2-trunk": "486", "a2": "404"}, ["a1", "a2", "b1"], (200, "")),
    ],
)
def test_legs_are_tried_in_turn(
    outcomes: dict[str, str], tried: list[str], final: tuple[int, str]
) -> None:
    legs = [_leg(name, name[0].upper(), *_RULES) for name in ("a1", "a2", "b1")]
    answers = {key: LegAnswer(cause) for key, cause in outcomes.items()}
    assert _seen(walk(_routes(*legs), answers)) == (tried, final)


@pytest.mark.parametrize(
    ("answer", "tried", "final"),
    [
        (LegAnswer("503", rang=True), ["a1"], (500, "Service Unavailable")),
        (LegAnswer("503", progress=True), ["a1", "a2"], (200, "")),
        (LegAnswer("486", rang=True), ["a1"], (486, "")),
        (LegAnswer("486", progress=True), ["a1", "a2"], (200, "")),
        (LegAnswer("480", rang=True), ["a1"], (404, "Nobody There")),
        (LegAnswer("603", rang=True), ["a1"], (603, "")),
        # no answer: another carrier is asked, by the rule for after ringing
        (LegAnswer(TIMEOUT, rang=True), ["a1", "b1"], (200, "")),
        (LegAnswer(TIMEOUT, progress=True), ["a1", "b1"], (200, "")),
        (LegAnswer(TIMEOUT), ["a1", "a2"], (200, "")),
    ],
)
def test_who_has_rung_is_another_matter(
    answer: LegAnswer, tried: list[str], final: tuple[int, str]
) -> None:
    legs = [_leg(name, name[0].upper(), *_RULES) for name in ("a1", "a2", "b1")]
    assert _seen(walk(_routes(*legs), {"a1": answer})) == (tried, final)


def test_pbxs_have_no_carrier_and_are_told_apart_by_their_trunk() -> None:
    first = _leg("p1", "", RerouteRule("404", CARRIER))
    same = structs.replace(first, target=structs.replace(first.target, endpoint_id="p1-too"))
    routes = _routes(first, same, _leg("p2", ""))
    assert _seen(walk(routes, {"p1": LegAnswer("404")})) == (["p1", "p2"], (200, ""))


def test_an_attempt_says_what_was_answered_and_what_came_of_it() -> None:
    legs = (_leg("a1", "A"), _leg("b1", "B"))
    assert walk(_routes(*legs), {"A": LegAnswer("503")}) == Walk(
        (
            Attempt(legs[0], LegAnswer("503"), Verdict(NEXT)),
            Attempt(legs[1], LegAnswer("200"), None),
        ),
        200,
        "",
    )


@pytest.mark.parametrize(
    ("outcomes", "final", "cancelled"),
    [
        ([None, None, None], (200, ""), [False, True, True]),
        (["503", None, None], (200, ""), [False, False, True]),
        (["486", None, "603"], (200, ""), [False, False, False]),
        # who declines for everybody ends the call (RFC 3261 section 16.7)
        (["486", "603", None], (603, ""), [False, False, True]),
        (["603", "600", "486"], (603, ""), [False] * 3),
        # tm makes one answer of several challenges
        (["401", "407", "486"], (401, "Unauthorized"), [False] * 3),
        (["407", "486", "407"], (407, "Proxy Authentication Required"), [False] * 3),
        (["407", "401", "302"], (302, ""), [False] * 3),
        # the best answer: 6xx, 3xx, the helpful 4xx, 4xx, 5xx, each by its number, then its place
        (["503", "486", "603"], (603, ""), [False] * 3),
        (["404", "302", "500"], (302, ""), [False] * 3),
        (["404", "407", "500"], (407, ""), [False] * 3),
        (["486", "404", "484"], (484, ""), [False] * 3),
        (["486", TIMEOUT, TRANSPORT], (408, "Request Timeout"), [False] * 3),
        (["486", "404", TRANSPORT], (404, ""), [False] * 3),
        (["503", "500", TRANSPORT], (500, ""), [False] * 3),
        (["503", "504", TRANSPORT], (500, "Service Unavailable"), [False] * 3),
        ([TRANSPORT] * 3, (480, "Temporarily Unavailable"), [False] * 3),
        # and a policy may say it otherwise
        (["503", "480", "500"], (404, "Nobody There"), [False] * 3),
    ],
)
def test_legs_that_are_tried_at_once_leave_the_best_answer(
    outcomes: list[str | None], final: tuple[int, str], cancelled: list[bool]
) -> None:
    names = ("a1", "b1", "c1")
    legs = [_leg(name, name[0].upper(), *_RULES) for name in names]
    given: dict[str, Any] = {
        name: LegAnswer(cause) for name, cause in zip(names, outcomes, strict=True) if cause
    }
    walked = walk(_routes(*legs, mode=GroupMode.PARALLEL), given)
    assert _seen(walked) == (list(names), final)
    assert [attempt.cancelled for attempt in walked.attempts] == cancelled
    assert [attempt.verdict is None for attempt in walked.attempts] == [
        not cause for cause in outcomes
    ]
