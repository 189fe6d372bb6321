"""What counts come to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pointsman.calls.call_statistics import (
    CALLING_CODES,
    StatisticsResolution,
    Tally,
    begin_of,
)


def test_ratios_and_means_are_of_what_they_say() -> None:
    tally = Tally(
        attempts=8, answered=4, effective=6, timed=2, duration_ms=90_000, delays={3: 1, 9: 3}
    )
    assert (tally.asr, tally.ner, tally.acd_s, tally.minutes) == (0.5, 0.75, 45.0, 1.5)
    assert (tally.pdd_median_ms, tally.pdd_p95_ms) == (9.0, 9.0)


def test_of_nothing_there_is_no_ratio() -> None:
    nothing = Tally()
    assert (nothing.asr, nothing.ner, nothing.acd_s, nothing.pdd_p95_ms) == (None,) * 4
    assert nothing.minutes == 0


def test_no_calling_code_begins_like_another() -> None:
    for code in CALLING_CODES:
        assert [each for each in CALLING_CODES if each.startswith(code)] == [code]
        assert 2 <= len(code) <= 4


@pytest.mark.parametrize(
    ("resolution", "expected"), [("MINUTE", (22, 40)), ("HOUR", (22, 0)), ("DAY", (0, 0))]
)
def test_a_moment_is_in_the_minute_hour_and_day_of_utc(
    resolution: str, expected: tuple[int, int]
) -> None:
    moment = datetime(2026, 11, 20, 0, 40, 59, 7, tzinfo=timezone(timedelta(hours=2)))
    begin = begin_of(StatisticsResolution(resolution), moment)
    assert begin == datetime(2026, 11, 19, *expected, tzinfo=UTC)
