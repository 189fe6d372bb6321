"""The breaker: how many of an endpoint's calls skip it, by how the latest ones ended.

Of the calls of a window, the share that failed; from a lower threshold to an upper one the share
of the calls that skip the endpoint rises linearly, so that one that does half of its work keeps
half of it, rather than all or nothing by turns. Below a minimum of calls nothing is said.

A window is a value: counts of calls in a few buckets of time, oldest first. The buckets slide with
the clock, so that failures are forgotten after the window's length at most, and an endpoint that
all calls skip is tried again by as many as it takes to know.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from pointsman.routing.health import Health

# What a window is divided into: counts are forgotten a bucket at a time.
BUCKETS = 10
# Replies by which the far end says that it is not there for calls (RFC 3261 sections 21.4.18 and
# 21.5.4).
_FAILURES = frozenset({480, 503})


class BreakerPolicy(Struct, frozen=True, gc=False):
    """When calls skip an endpoint.

    Over `window_s` seconds with at least `min_calls` calls: from a share `lower` of failed ones,
    `skip_at_lower` of the calls skip the endpoint, from `upper` all of them, in between linearly.
    0 < lower < upper <= 1; 0 < skip_at_lower <= 1; min_calls at least 1.
    """

    window_s: float = 60.0
    min_calls: int = 20
    lower: float = 0.3
    upper: float = 0.8
    skip_at_lower: float = 0.2


class AttemptEnd(StrEnum):
    """How a try at an endpoint ended: with a final REPLY from there, with a TIMEOUT of our own
    timers, or without having been sent at all (TRANSPORT)."""

    REPLY = "REPLY"
    TIMEOUT = "TIMEOUT"
    TRANSPORT = "TRANSPORT"


class Bucket(Struct, frozen=True, gc=False):
    """The calls that ended in a tenth of a window: the `number`-th since 1970."""

    number: int
    calls: int
    failures: int


Window = tuple[Bucket, ...]

EMPTY: Window = ()


def is_failure(end: AttemptEnd, sip_code: int = 0, *, rang: bool = False) -> bool:
    """Whether a try says that the endpoint does not work: it could not be reached, or it never
    answered, or it said so. One that rang until a timer ended it has nobody picking up; a 408
    that the far end sends is of its own far end."""
    if end is AttemptEnd.REPLY:
        return sip_code in _FAILURES
    return end is AttemptEnd.TRANSPORT or not rang


def observe(window: Window, policy: BreakerPolicy, now: float, *, failed: bool) -> Window:
    """The window with one more call, which ended now (Unix time in seconds), and without what has
    slid out of it."""
    current = _current(window, policy, now)
    kept = _within(window, current)
    calls = failures = 0
    if kept and kept[-1].number == current:
        calls, failures = kept[-1].calls, kept[-1].failures
        kept = kept[:-1]
    return (*kept, Bucket(current, calls + 1, failures + failed))


def skip_share(window: Window, policy: BreakerPolicy, now: float) -> float:
    """The share of the calls, 0 to 1, that skip the endpoint now."""
    kept = _within(window, _current(window, policy, now))
    calls = sum(bucket.calls for bucket in kept)
    if calls < max(1, policy.min_calls):
        return 0.0
    ratio = sum(bucket.failures for bucket in kept) / calls
    if ratio < policy.lower:
        return 0.0
    if ratio >= policy.upper:
        return 1.0
    climbed = (ratio - policy.lower) / (policy.upper - policy.lower)
    return policy.skip_at_lower + climbed * (1.0 - policy.skip_at_lower)


def find_health(windows: Mapping[str, Window], policy: BreakerPolicy, now: float) -> Health:
    """The health that a decision takes, of the windows by the id of their endpoint."""
    shares = {endpoint: skip_share(window, policy, now) for endpoint, window in windows.items()}
    return {endpoint: share for endpoint, share in shares.items() if share}


def _current(window: Window, policy: BreakerPolicy, now: float) -> int:
    """The number of the bucket that calls are counted in now. A clock that was set back a little
    counts on in the newest one; what lies a whole window ahead is of a clock that was wrong."""
    number = int(now * BUCKETS // policy.window_s)
    newest = window[-1].number if window else number
    return newest if number < newest < number + BUCKETS else number


def _within(window: Window, current: int) -> Window:
    """The buckets that a window ending with the current one has."""
    return tuple(bucket for bucket in window if current - BUCKETS < bucket.number <= current)
