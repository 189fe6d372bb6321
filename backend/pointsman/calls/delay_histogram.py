"""Delays counted by how long they were: counts of several histograms add up to that of all.

A bucket's delays differ by a tenth at most, so that a quantile is told with an error of 5 % at most
however often counts were added up; what nearly all calls have, up to 20 ms, exactly.
"""

from collections.abc import Mapping
from itertools import pairwise

# Nobody waits longer for a call to ring: what does counts as this long.
MOST_MS = 600_000


def _make_bounds() -> tuple[int, ...]:
    bounds = [1]
    while bounds[-1] < MOST_MS:
        bounds.append(max(bounds[-1] + 1, bounds[-1] * 11 // 10))
    return (*bounds[:-1], MOST_MS)


# Of each bucket from 1 on the least delay, in milliseconds; bucket 0 is of no delay at all.
BOUNDS_MS = _make_bounds()
# Where a bucket's delays are told to be: as far from its least as from its greatest, relatively.
_TOLD_MS = (
    0.0,
    *(2 * least * (after - 1) / (least + after - 1) for least, after in pairwise(BOUNDS_MS)),
    float(MOST_MS),
)


def quantile_ms(counts: Mapping[int, int], share: float) -> float | None:
    """The delay that `share` of all are no longer than (nearest rank), None without any; `counts`
    are by bucket."""
    rank = share * sum(counts.values())
    reached = 0
    for bucket in sorted(counts):
        reached += counts[bucket]
        if reached >= rank:
            return _TOLD_MS[bucket]
    return None
