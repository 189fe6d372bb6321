"""Time zones: their names, and when their clocks change.

The names are those of the tzdata package, which every node has in the same version; the data is
the machine's own where it has some (zoneinfo.TZPATH), so that a change of the law comes with the
operating system's updates, and else the package's.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from pointsman.services.validation import Refused

# The time in which offsets are known; before and after it the first and the last one hold.
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)
# How far apart offsets are compared. No zone has ever gone there and back within a week (the
# shortest summer, Morocco's around Ramadan, has four): a test looks at all of them by the day.
_STEP_S = 7 * 86_400


def read_time_zone(text: str) -> str:
    """A name of the IANA database."""
    text = text.strip()
    known = list_time_zones()
    if text not in known:
        fix = "use a name of the IANA time zone database, such as Europe/Rome"
        by_lower = {name.lower(): name for name in known}
        near = get_close_matches(text.lower()[:64], by_lower, n=1)
        if near:
            fix = f"{fix}; did you mean {by_lower[near[0]]}?"
        raise Refused(f"{text!r} is no time zone", fix)
    return text


@cache
def list_time_zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


@cache
def offsets_of(name: str) -> tuple[tuple[int, int], ...]:
    """The offsets of a time zone from 2000 to 2100: from which moment (Unix time in seconds) it
    is how many seconds ahead of UTC."""
    zone = ZoneInfo(name)
    start, last = int(FIRST_MOMENT.timestamp()), int(LAST_MOMENT.timestamp())
    before = _offset_at(zone, start)
    offsets = [(start, before)]
    while start < last:
        end = min(start + _STEP_S, last)
        after = _offset_at(zone, end)
        offsets += _find_changes(zone, start, before, end, after)
        start, before = end, after
    return tuple(offsets)


def _find_changes(
    zone: ZoneInfo, start: int, before: int, end: int, after: int
) -> Iterator[tuple[int, int]]:
    """The changes between two moments with these offsets, by halves."""
    if before == after:
        return
    if end - start == 1:
        yield end, after
        return
    middle = (start + end) // 2
    between = _offset_at(zone, middle)
    yield from _find_changes(zone, start, before, middle, between)
    yield from _find_changes(zone, middle, between, end, after)


def _offset_at(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset() or timedelta()
    return round(offset.total_seconds())
