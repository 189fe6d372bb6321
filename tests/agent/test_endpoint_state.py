"""What is made of probes, step by step."""

import pytest

from pointsman.agent.endpoint_state import (
    CALLS_ANSWERED,
    EndpointState,
    Hysteresis,
    ProbeResult,
    begin,
    failing_since,
    judge,
    observe,
)
from pointsman.routing.health import EndpointHealth

_HYSTERESIS = Hysteresis(down_after=3, up_after=2)
_GOOD = ProbeResult(is_remote=True, code=200, reason="OK")
_LOST = ProbeResult(is_remote=False, code=408, reason="No Answer")


def _after(
    results: str, known: EndpointState | None = None, *, answers_calls: bool = False
) -> EndpointState:
    """The endpoint after probes, a second from each to the next: + is good, - is lost."""
    known = known or begin(0.0)
    for sign in results:
        now = known.probed_at + 1.0
        result = _GOOD if sign == "+" else _LOST
        seen = observe(known, result, sent_at=now - 0.5, now=now)
        known = judge(seen, _HYSTERESIS, now, answers_calls=answers_calls)
    return known


@pytest.mark.parametrize(
    ("results", "state", "since"),
    [
        ("", "UNKNOWN", 0),
        ("-", "UNKNOWN", 0),
        ("--", "UNKNOWN", 0),
        ("---", "DOWN", 3),
        ("+", "UP", 1),
        ("+-", "UP", 1),
        ("+--", "UP", 1),
        ("+--+", "UP", 1),
        ("+--+--", "UP", 1),
        ("+---", "DOWN", 4),
        ("+-----", "DOWN", 4),
        ("---+", "DOWN", 3),
        ("---+-+", "DOWN", 3),
        ("---++", "UP", 5),
        ("---++---", "DOWN", 8),
    ],
)
def test_it_takes_several_in_a_row(results: str, state: str, since: float) -> None:
    found = _after(results)
    assert (found.state, found.since, found.note) == (state, since, "")


def test_what_was_told_down_before_has_to_come_back_as_any_other() -> None:
    before = begin(7.0, down_since=3.0)
    assert [_after(results, before).state for results in ("", "+", "++", "-++")] == [
        "DOWN",
        "DOWN",
        "UP",
        "UP",
    ]
    assert _after("---", before).since == 3.0


@pytest.mark.parametrize("code", [200, 202, 302, 403, 404, 405, 480, 483, 486, 500, 501, 603])
def test_a_final_reply_of_the_far_end_says_that_it_is_there(code: int) -> None:
    assert ProbeResult(is_remote=True, code=code, reason="").is_alive
    assert not ProbeResult(is_remote=False, code=code, reason="").is_alive


@pytest.mark.parametrize("code", [408, 503, 504])
def test_by_some_it_says_itself_that_it_is_not(code: int) -> None:
    assert not ProbeResult(is_remote=True, code=code, reason="").is_alive


def test_one_that_answers_calls_is_up_and_that_is_said() -> None:
    found = _after("+---", answers_calls=True)
    assert (found.state, found.since, found.note, found.code) == ("UP", 1, CALLS_ANSWERED, 408)
    assert _after("-", found).state is EndpointHealth.DOWN
    assert (_after("+", found).state, _after("+", found).note) == ("UP", "")
    assert _after("---", answers_calls=True).state is EndpointHealth.UP


def test_only_calls_since_the_first_of_the_probes_that_count_speak_for_it() -> None:
    assert failing_since(_after("+--"), _HYSTERESIS) is None
    assert failing_since(_after("+---"), _HYSTERESIS) == 1.5
    assert failing_since(_after("+-----"), _HYSTERESIS) == 3.5
    assert failing_since(_after("+" + 30 * "-"), _HYSTERESIS) == 28.5
