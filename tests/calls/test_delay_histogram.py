"""Delays by bucket, and quantiles of them."""

import math
from bisect import bisect_right
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.calls.delay_histogram import BOUNDS_MS, MOST_MS, quantile_ms

_DELAYS = st.lists(st.integers(0, MOST_MS), min_size=1, max_size=200)


def _counts(delays: list[int]) -> Counter[int]:
    """As PostgreSQL's width_bucket counts them."""
    return Counter(bisect_right(BOUNDS_MS, delay) for delay in delays)


@given(_DELAYS, st.sampled_from([0.5, 0.95]))
def test_a_quantile_is_5_percent_off_at_most(delays: list[int], share: float) -> None:
    exact = sorted(delays)[math.ceil(share * len(delays)) - 1]
    assert quantile_ms(_counts(delays), share) == pytest.approx(exact, rel=0.05)


@given(_DELAYS, _DELAYS)
def test_counts_of_two_add_up_to_those_of_both(some: list[int], others: list[int]) -> None:
    assert _counts(some) + _counts(others) == _counts(some + others)


def test_short_delays_are_told_exactly() -> None:
    for delay in range(20):
        assert quantile_ms(_counts([delay]), 0.5) == delay


def test_what_nobody_waits_for_counts_as_ten_minutes() -> None:
    assert quantile_ms(_counts([MOST_MS * 9]), 0.5) == MOST_MS


def test_of_nothing_there_is_no_quantile() -> None:
    assert quantile_ms({}, 0.5) is None
