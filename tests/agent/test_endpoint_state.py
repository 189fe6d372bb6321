"""What is made of probes, step by step."""

import pytest

from pointsman.agent.endpoint_state import (
    CALLS_ANSWERED,
    NEVER_ANSWERED,
    EndpointState,
    Evidence,
    Hysteresis,
    ProbeResult,
    begin,
    is_failing,
    judge,
    observe,
)
from pointsman.routing.health import EndpointHealth

_HYSTERESIS = Hysteresis(down_after=3, up_after=2, call_evidence_s=100.0)
_GOOD = ProbeResult(is_remote=True, code=200, reason="OK")
_LOST = ProbeResult(is_remote=False, code=408, reason="No Answer")
_REFUSED = ProbeResult(is_remote=True, code=503, reason="Maintenance")
# It has answered probes, before all that is told here.
_PROBED = Evidence(answers_probes=True)


def _after(
    results: str, known: EndpointState | None = None, evidence: Evidence = _PROBED
) -> EndpointState:
    """The endpoint after probes, a second from each to the next: + good, - lost, ! refused."""
    known = known or begin(0.0)
    for sign in results:
        now = known.probed_at + 1.0
        seen = observe(known, {"+": _GOOD, "-": _LOST, "!": _REFUSED}[sign], now)
        known = judge(seen, _HYSTERESIS, now, evidence)
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
    found = _after("+---", evidence=Evidence(answered_at=1.0))
    assert (found.state, found.since, found.note, found.code) == ("UP", 1, CALLS_ANSWERED, 408)
    assert _after("-", found).state is EndpointHealth.DOWN
    assert (_after("+", found).state, _after("+", found).note) == ("UP", "")
    assert _after("---", evidence=Evidence(answered_at=1.0)).state is EndpointHealth.UP


def test_a_call_that_was_answered_counts_for_as_long_as_is_said() -> None:
    evidence = Evidence(answered_at=5.0, answers_probes=True)
    assert _after(105 * "-", evidence=evidence).state is EndpointHealth.UP
    assert _after(106 * "-", evidence=evidence).state is EndpointHealth.DOWN


@pytest.mark.parametrize(
    ("answered_at", "failed_at", "state"),
    [(2.0, 1.0, "UP"), (2.0, 2.0, "UP"), (2.0, 3.0, "DOWN"), (0.0, 3.0, "DOWN")],
)
@pytest.mark.parametrize("results", ["---", "+---"])
def test_a_call_that_failed_later_counts_for_more(
    results: str, answered_at: float, failed_at: float, state: str
) -> None:
    evidence = Evidence(answered_at=answered_at, failed_at=failed_at)
    assert _after(results, evidence=evidence).state == state
    assert _after("--", evidence=evidence).state is EndpointHealth.UNKNOWN


def test_one_that_never_answers_probes_is_not_down_for_that() -> None:
    found = _after("---", evidence=Evidence())
    assert (found.state, found.note) == ("UNKNOWN", NEVER_ANSWERED)
    # A call that failed is for a while, or else it would never be tried again.
    failed = Evidence(failed_at=5.0)
    assert _after(105 * "-", evidence=failed).state is EndpointHealth.DOWN
    assert _after(106 * "-", evidence=failed).state is EndpointHealth.UNKNOWN
    # Calls were answered, long ago.
    answered = Evidence(answered_at=5.0)
    assert _after(105 * "-", evidence=answered).state is EndpointHealth.UP
    assert _after(106 * "-", evidence=answered).state is EndpointHealth.UNKNOWN


def test_one_that_says_itself_that_it_is_no_good_is_down() -> None:
    assert _after("!!!", evidence=Evidence()).state is EndpointHealth.DOWN


def test_one_that_has_answered_a_probe_is_down_when_it_answers_no_more() -> None:
    assert _after("+---", evidence=Evidence()).state is EndpointHealth.DOWN
    # Before this agent knew it.
    assert _after("---", evidence=_PROBED).state is EndpointHealth.DOWN


def test_only_failed_probes_in_a_row_ask_what_calls_come_to() -> None:
    assert [is_failing(_after(results), _HYSTERESIS) for results in ("+--", "+---", "---+")] == [
        False,
        True,
        False,
    ]
