"""Weekly windows and holidays in a time zone: pure integer arithmetic on Unix time."""

from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from math import floor

from msgspec import Struct

_DAY_S = 86_400
_DAY_MIN = 1_440
# 1970-01-01, day 0, was a Thursday.
_WEEKDAY_OF_DAY_0 = 3
_HORIZON_S = 366 * _DAY_S


class Weekday(StrEnum):
    """The days of the week, Monday first (ISO 8601)."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


class Window(Struct, frozen=True, gc=False):
    """Open on each of `days` (0 is Monday) from `start` to `end`, minutes of the local day; an
    `end` at or before `start` is the next day's. 24:00 is 1440."""

    days: tuple[int, ...]
    start: int
    end: int


class Schedule(Struct, frozen=True, gc=False):
    """Open within a window unless it is a holiday.

    Windows are what a clock on the wall shows: in an hour that a change of the clocks skips
    nothing opens, in one that it repeats a window opens twice. A window belongs to the day on
    which it begins: on a holiday none begins, and one that began the evening before ends at its
    own time. (Split it at 24:00 to have it closed from midnight on.)

    `offsets` are the time zone's: from each moment (Unix time in seconds, ascending, the first
    for all that is before as well) its offset from UTC in seconds. `holidays` are local days, as
    days since 1970-01-01.
    """

    id: str
    name: str
    tenant_id: str
    time_zone: str
    offsets: tuple[tuple[int, int], ...]
    windows: tuple[Window, ...] = ()
    holidays: frozenset[int] = frozenset()


_Spans = tuple[tuple[int, int], ...]


class OpeningHours(Struct, frozen=True):
    """A schedule ready to be asked: the moments from which each of `offsets` holds, and when it
    is open on each kind of day, as minutes of it, in order and apart from each other. A kind is a
    weekday, whether the day before is a holiday, and whether the day itself is one."""

    name: str
    moments: tuple[int, ...]
    offsets: tuple[int, ...]
    holidays: frozenset[int]
    days: tuple[_Spans, ...]

    def spans(self, day: int) -> _Spans:
        """When it is open on a local day, as days since 1970-01-01."""
        holidays = self.holidays
        kind = (day + _WEEKDAY_OF_DAY_0) % 7 * 4 + (day - 1 in holidays) * 2 + (day in holidays)
        return self.days[kind]


def compile_schedule(schedule: Schedule) -> OpeningHours:
    """The schedule ready to be asked."""
    begun: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for window in schedule.windows:
        end = window.end if window.end > window.start else window.end + _DAY_MIN
        for weekday in window.days:
            begun[weekday].append((window.start, end))
    return OpeningHours(
        name=schedule.name,
        moments=tuple(moment for moment, _ in schedule.offsets),
        offsets=tuple(offset for _, offset in schedule.offsets),
        holidays=schedule.holidays,
        days=tuple(
            _join(_of_day_before(before) + _of_day(own))
            for weekday in range(7)
            for before in (begun[weekday - 1], [])
            for own in (begun[weekday], [])
        ),
    )


def is_open(hours: OpeningHours, now: float) -> bool:
    """Whether it is open at `now`, Unix time in seconds."""
    moment = floor(now)
    offset = hours.offsets[max(bisect_right(hours.moments, moment) - 1, 0)]
    day, second = divmod(moment + offset, _DAY_S)
    minute = second // 60
    return any(start <= minute < end for start, end in hours.spans(day))


def next_change(hours: OpeningHours, now: float) -> int | None:
    """When it next opens or closes (Unix time in seconds), None if not within 366 days."""
    current, moment = is_open(hours, now), floor(now)
    for start, end, offset in _stretches(hours, moment, moment + _HORIZON_S):
        for edge in _edges(hours, start, end, offset):
            if edge > moment and is_open(hours, edge) != current:
                return edge
    return None


def _of_day(begun: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What windows are of the day on which they begin."""
    return [(start, min(end, _DAY_MIN)) for start, end in begun]


def _of_day_before(begun: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What windows are of the day after that."""
    return [(0, end - _DAY_MIN) for _, end in begun if end > _DAY_MIN]


def _join(spans: list[tuple[int, int]]) -> _Spans:
    """The spans in order, with those that overlap or touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _stretches(hours: OpeningHours, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The time from `start` to `end` in parts of one offset each: begin, end, offset."""
    index = max(bisect_right(hours.moments, start) - 1, 0)
    while start < end:
        following = hours.moments[index + 1] if index + 1 < len(hours.moments) else end
        yield start, min(following, end), hours.offsets[index]
        start, index = following, index + 1


def _edges(hours: OpeningHours, start: int, end: int, offset: int) -> Iterator[int]:
    """The moments of a stretch at which it may open or close, in order: its start, where the
    clocks change, and the edges of the spans."""
    yield start
    for day in range((start + offset) // _DAY_S, (end + offset) // _DAY_S + 1):
        for span in hours.spans(day):
            for minute in span:
                edge = day * _DAY_S + minute * 60 - offset
                if start < edge < end:
                    yield edge
