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


class OpeningHours(Struct, frozen=True):
    """A schedule ready to be asked: the moments from which each of `offsets` holds, and for each
    weekday the spans that begin on it, as minutes of that day, up to 2879 of the next. Spans of a
    weekday are in order and apart from each other."""

    name: str
    moments: tuple[int, ...]
    offsets: tuple[int, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[int]


def compile_schedule(schedule: Schedule) -> OpeningHours:
    """The schedule ready to be asked."""
    by_weekday: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for window in schedule.windows:
        end = window.end if window.end > window.start else window.end + _DAY_MIN
        for weekday in window.days:
            by_weekday[weekday].append((window.start, end))
    return OpeningHours(
        name=schedule.name,
        moments=tuple(moment for moment, _ in schedule.offsets),
        offsets=tuple(offset for _, offset in schedule.offsets),
        spans=tuple(tuple(_join(sorted(spans))) for spans in by_weekday),
        holidays=schedule.holidays,
    )


def is_open(hours: OpeningHours, now: float) -> bool:
    """Whether it is open at `now`, Unix time in seconds."""
    moment = floor(now)
    offset = hours.offsets[max(bisect_right(hours.moments, moment) - 1, 0)]
    day, second = divmod(moment + offset, _DAY_S)
    minute = second // 60
    return _is_within(hours, day, minute) or _is_within(hours, day - 1, minute + _DAY_MIN)


def next_change(hours: OpeningHours, now: float) -> int | None:
    """When it next opens or closes (Unix time in seconds), None if not within 366 days."""
    current, moment = is_open(hours, now), floor(now)
    for start, end, offset in _stretches(hours, moment, moment + _HORIZON_S):
        for edge in _edges(hours, start, end, offset):
            if edge > moment and is_open(hours, edge) != current:
                return edge
    return None


def _is_within(hours: OpeningHours, day: int, minute: int) -> bool:
    """Whether a span that begins on this day holds the minute, counted from its midnight."""
    for start, end in hours.spans[(day + _WEEKDAY_OF_DAY_0) % 7]:
        if start <= minute < end:
            return day not in hours.holidays
    return False


def _join(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted spans with those that overlap or touch made one."""
    while spans:
        start, end = spans.pop(0)
        while spans and spans[0][0] <= end:
            end = max(end, spans.pop(0)[1])
        yield start, end


def _stretches(hours: OpeningHours, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The time from `start` to `end` in parts of one offset each: begin, end, offset."""
    index = max(bisect_right(hours.moments, start) - 1, 0)
    while start < end:
        following = hours.moments[index + 1] if index + 1 < len(hours.moments) else end
        yield start, min(following, end), hours.offsets[index]
        start, index = following, index + 1


def _edges(hours: OpeningHours, start: int, end: int, offset: int) -> Iterator[int]:
    """The moments of a stretch at which it may open or close, in order: its start, where the
    clocks change, and the edges of the spans, those of the day before among them."""
    yield start
    for day in range((start + offset) // _DAY_S, (end + offset) // _DAY_S + 1):
        minutes = {minute for span in _spans_of(hours, day) for minute in span}
        before = {minute - _DAY_MIN for span in _spans_of(hours, day - 1) for minute in span}
        for minute in sorted(minutes | before):
            edge = day * _DAY_S + minute * 60 - offset
            if 0 <= minute < _DAY_MIN and start < edge < end:
                yield edge


def _spans_of(hours: OpeningHours, day: int) -> tuple[tuple[int, int], ...]:
    return hours.spans[(day + _WEEKDAY_OF_DAY_0) % 7] if day not in hours.holidays else ()
