import json
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from pointsman.calls.call import Call, CallOutcome, CallState, call_of, read_moment
from pointsman.calls.event import CallEnd, read_event
from tests.calls import reported


def _call(*said: dict[str, Any]) -> Call:
    return call_of([read_event(json.dumps(each).encode()).event for each in said])


def test_a_call_is_the_same_in_whatever_order_its_events_come() -> None:
    said = (reported.start(), reported.answer(), reported.end())
    facts = {
        (call.key, call.state, call.started_at, call.answered_at, call.ended_at, call.duration_ms,
         call.sip_code, call.to_tag, call.attempts)
        for call in (_call(*order) for order in permutations(said))
    }  # fmt: skip
    ((_, state, *_, duration_ms, sip_code, to_tag, attempts),) = facts
    assert (state, duration_ms, sip_code, to_tag, len(attempts)) == (
        CallState.ENDED, 60_500, 200, "b2", 1
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([reported.start()], CallState.STARTED),
        ([reported.answer()], CallState.ANSWERED),
        ([reported.start(), reported.answer()], CallState.ANSWERED),
        ([reported.end()], CallState.ENDED),
        ([reported.start(), reported.end()], CallState.ENDED),
    ],
)
def test_its_state_is_how_far_it_got(said: list[dict[str, Any]], state: CallState) -> None:
    assert _call(*said).state is state


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([reported.start()], CallOutcome.IN_PROGRESS),
        ([reported.start(), reported.answer()], CallOutcome.IN_PROGRESS),
        ([reported.answer(), reported.end()], CallOutcome.ANSWERED),
        # Whatever is said of its end: a 2xx went to the caller.
        ([reported.answer(), reported.end(cause="failed")], CallOutcome.ANSWERED),
        ([reported.start(), reported.end(cause="rejected")], CallOutcome.REJECTED),
        ([reported.start(), reported.end(cause="failed")], CallOutcome.FAILED),
        ([reported.start(), reported.end(cause="cancelled")], CallOutcome.CANCELLED),
        # Only what was answered ends so; the record of the answer is on its way.
        *(
            ([reported.start(), reported.end(cause=cause)], CallOutcome.ANSWERED)
            for cause in ("bye_caller", "bye_callee", "expired", "unreachable", "unknown")
        ),
    ],
)
def test_its_outcome_is_what_became_of_it(said: list[dict[str, Any]], outcome: CallOutcome) -> None:
    assert _call(*said).outcome is outcome


def test_a_call_that_nobody_answered_lasted_no_time() -> None:
    tries = [reported.attempt(sip_code=503, end="REPLY"), reported.attempt(1, sip_code=486)]
    call = _call(reported.start(), reported.end(cause="failed", sip_code=486, attempts=tries))
    assert call.end is not None
    assert (call.end.cause, call.duration_ms, call.answered_at) == (CallEnd.FAILED, 0, None)
    assert [(attempt.place, attempt.sip_code) for attempt in call.attempts] == [(0, 503), (1, 486)]


def test_a_call_that_lasts_has_no_duration_yet() -> None:
    call = _call(reported.start(), reported.answer())
    assert (call.duration_ms, call.ended_at, call.sip_code) == (None, None, 200)


def test_a_clock_that_was_set_meanwhile_is_told_and_nothing_is_made_of_it() -> None:
    call = _call(reported.start(), reported.answer(after_s=2), reported.end(after_s=-3600))
    assert (call.state, call.clock_went_back, call.duration_ms) == (CallState.ENDED, True, None)
    assert not _call(reported.start(), reported.answer(), reported.end()).clock_went_back


def test_a_moment_is_exact_to_the_microsecond() -> None:
    assert read_moment("1795000000.000001") == datetime(2026, 11, 18, 11, 6, 40, 1, tzinfo=UTC)
