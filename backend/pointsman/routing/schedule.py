"""Weekly windows and holidays in a time zone."""

from msgspec import Struct


class Window(Struct, frozen=True, gc=False):
    """Open on each of `days` (0 is Monday) from `start` to `end`, minutes of the local day; an
    `end` at or before `start` is the next day's. 24:00 is 1440."""

    days: tuple[int, ...]
    start: int
    end: int


class Schedule(Struct, frozen=True, gc=False):
    """Open within a window unless it is a holiday.

    `offsets` are the time zone's: from each moment (Unix time in seconds, ascending, the first
    before all) its offset from UTC in seconds. `holidays` are local days, as days since
    1970-01-01, on which no window opens.
    """

    id: str
    name: str
    tenant_id: str
    time_zone: str
    offsets: tuple[tuple[int, int], ...]
    windows: tuple[Window, ...] = ()
    holidays: frozenset[int] = frozenset()
