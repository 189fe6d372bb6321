"""How many calls skip an endpoint, by how the latest ones ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.breaker import (
    BUCKETS,
    EMPTY,
    AttemptEnd,
    BreakerPolicy,
    Bucket,
    Window,
    find_health,
    is_failure,
    observe,
    skip_share,
)

# 10 s in buckets of 1 s.
POLICY = BreakerPolicy(window_s=10.0, min_calls=10, lower=0.2, upper=0.6, skip_at_lower=0.2)
T = 1_000_000.0


def _window(calls: int, failures: int, at: float = T) -> Window:
    window = EMPTY
    for number in range(calls):
        window = observe(window, POLICY, at, failed=number < failures)
    return window


@pytest.mark.parametrize(
    ("end", "sip_code", "rang", "failure"),
    [
        (AttemptEnd.TIMEOUT, 408, False, True),
        (AttemptEnd.TIMEOUT, 408, True, False),
        (AttemptEnd.TRANSPORT, 0, False, True),
        (AttemptEnd.TRANSPORT, 477, False, True),
        (AttemptEnd.REPLY, 480, False, True),
        (AttemptEnd.REPLY, 503, False, True),
        (AttemptEnd.REPLY, 503, True, True),
        (AttemptEnd.REPLY, 408, False, False),
        (AttemptEnd.REPLY, 200, True, False),
        (AttemptEnd.REPLY, 404, False, False),
        (AttemptEnd.REPLY, 486, True, False),
        (AttemptEnd.REPLY, 487, True, False),
        (AttemptEnd.REPLY, 500, False, False),
        (AttemptEnd.REPLY, 603, False, False),
    ],
)
def test_what_counts_against_an_endpoint(
    end: AttemptEnd, sip_code: int, rang: bool, failure: bool
) -> None:
    assert is_failure(end, sip_code, rang=rang) is failure


@pytest.mark.parametrize(
    ("calls", "failures", "share"),
    [
        (0, 0, 0.0),
        (9, 9, 0.0),  # one short of the minimum
        (10, 0, 0.0),
        (10, 1, 0.0),
        (100, 19, 0.0),
        (100, 20, 0.2),  # the lower threshold
        (100, 30, 0.4),
        (100, 40, 0.6),
        (100, 50, 0.8),
        (100, 60, 1.0),  # the upper one
        (100, 61, 1.0),
        (10, 10, 1.0),
    ],
)
def test_the_share_rises_linearly_between_the_thresholds(
    calls: int, failures: int, share: float
) -> None:
    assert skip_share(_window(calls, failures), POLICY, T) == pytest.approx(share)


def test_the_defaults_are_a_minute_and_twenty_calls() -> None:
    policy, window = BreakerPolicy(), EMPTY
    for number in range(20):
        assert skip_share(window, policy, T) == 0.0
        window = observe(window, policy, T, failed=number < 6)
    assert skip_share(window, policy, T) == pytest.approx(0.2)
    assert skip_share(window, policy, T + 53) == pytest.approx(0.2)
    assert skip_share(window, policy, T + 61) == 0.0


def test_an_endpoint_recovers_as_its_failures_slide_out() -> None:
    window = _window(20, 20)
    window = observe(window, POLICY, T + 5, failed=False)
    assert window == (Bucket(1_000_000, 20, 20), Bucket(1_000_005, 1, 0))
    assert skip_share(window, POLICY, T + 9.9) == 1.0
    assert skip_share(window, POLICY, T + 10) == 0.0
    window = observe(window, POLICY, T + 10, failed=True)
    assert window == (Bucket(1_000_005, 1, 0), Bucket(1_000_010, 1, 1))


def test_good_calls_bring_the_share_down_before_that() -> None:
    window = _window(10, 10)
    shares = []
    for number in range(40):
        shares.append(skip_share(window, POLICY, T + number / 10))
        window = observe(window, POLICY, T + number / 10, failed=False)
    assert shares[:7] == [1.0] * 7  # 10 of 16 calls
    assert shares[15] == pytest.approx(0.6)  # 10 of 25
    assert shares == sorted(shares, reverse=True)
    assert skip_share(window, POLICY, T + 4) == pytest.approx(0.2)  # 10 of 50
    window = observe(window, POLICY, T + 4, failed=False)
    assert skip_share(window, POLICY, T + 4) == 0.0


def test_a_clock_set_back_a_little_counts_on_and_one_set_far_back_starts_anew() -> None:
    window = _window(10, 10)
    window = observe(window, POLICY, T - 3, failed=False)
    assert window == (Bucket(1_000_000, 11, 10),)
    assert skip_share(window, POLICY, T - 3) == 1.0
    assert skip_share(window, POLICY, T - 3_600) == 0.0
    window = observe(window, POLICY, T - 3_600, failed=False)
    assert window == (Bucket(996_400, 1, 0),)


def test_health_tells_of_those_that_calls_skip() -> None:
    windows = {"well": _window(50, 1), "ill": _window(10, 4), "dead": _window(10, 10), "new": EMPTY}
    assert find_health(windows, POLICY, T) == {"ill": pytest.approx(0.6), "dead": 1.0}
    assert find_health(windows, POLICY, T + 10) == {}


_COUNTS = st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
_POLICIES = st.builds(
    BreakerPolicy,
    window_s=st.floats(1, 3_600),
    min_calls=st.integers(0, 30),
    lower=st.floats(0.01, 0.5),
    upper=st.floats(0.51, 1.0),
    skip_at_lower=st.floats(0.01, 1.0),
)


@given(_COUNTS, _POLICIES)
def test_one_more_failure_never_lowers_the_share(
    counts: tuple[int, int], policy: BreakerPolicy
) -> None:
    calls, failures = counts
    shares = [
        skip_share((Bucket(int(T * BUCKETS // policy.window_s), calls, failed),), policy, T)
        for failed in range(failures + 1)
    ]
    assert shares == sorted(shares)
    assert all(share == 0.0 or policy.skip_at_lower <= share <= 1.0 for share in shares)
    if calls < policy.min_calls:
        assert set(shares) == {0.0}


@given(st.integers(20, 2_000), _POLICIES, st.data())
def test_between_the_thresholds_a_call_more_or_less_changes_little(
    calls: int, policy: BreakerPolicy, data: st.DataObject
) -> None:
    """So that nothing flaps: the ramp is no steeper than its ends say."""
    failures = data.draw(st.integers(0, calls - 1))
    ratios = [failures / calls, (failures + 1) / calls]
    if policy.min_calls > calls or not all(policy.lower <= r <= policy.upper for r in ratios):
        return
    number = int(T * BUCKETS // policy.window_s)
    low, high = (
        skip_share((Bucket(number, calls, failed),), policy, T)
        for failed in (failures, failures + 1)
    )
    steepest = (1 - policy.skip_at_lower) / (policy.upper - policy.lower)
    assert 0 <= high - low <= steepest / calls + 1e-9


@given(st.lists(st.tuples(st.floats(-5, 30), st.booleans()), max_size=60), _POLICIES)
def test_a_window_stays_small_and_ends_empty(
    calls: list[tuple[float, bool]], policy: BreakerPolicy
) -> None:
    window, now = EMPTY, T
    for passed, failed in calls:
        now += passed
        window = observe(window, policy, now, failed=failed)
        assert 1 <= len(window) <= BUCKETS
        assert [b.number for b in window] == sorted({b.number for b in window})
        assert all(0 <= bucket.failures <= bucket.calls for bucket in window)
    assert skip_share(window, policy, now + 200 + policy.window_s * 1.2) == 0.0
