"""The parts of a schedule: its weekly windows and its holidays."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pointsman.routing.schedule import Weekday, Window
from pointsman.services import validation
from pointsman.services.time_zones import FIRST_MOMENT, LAST_MOMENT
from pointsman.services.validation import Problems, Refused

MAX_WINDOWS = 50
MAX_HOLIDAYS = 500
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_MIDNIGHT = "24:00"
_WEEKDAYS = tuple(Weekday)
_DAY_0 = dt.date(1970, 1, 1).toordinal()


class WindowInput(Protocol):
    """What is given of a window."""

    days: Sequence[Weekday]
    start: str
    end: str


class HolidayInput(Protocol):
    """What is given of a holiday."""

    date: dt.date
    name: str


@dataclass
class OpenWindow:
    """A window as it is given, and read again."""

    days: Sequence[Weekday]
    start: str
    end: str


@dataclass
class Holiday:
    """A holiday as it is given, and read again."""

    date: dt.date
    name: str = ""


def check_windows(problems: Problems, windows: Sequence[WindowInput]) -> list[dict[str, Any]]:
    """The windows as they are stored."""
    if problems.check_count("windows", windows, MAX_WINDOWS):
        return []
    return [
        {
            "days": problems.check(f"windows[{index}].days", _days, window.days),
            "start": problems.check(f"windows[{index}].start", _start, window.start),
            "end": problems.check(f"windows[{index}].end", _end, window.end),
        }
        for index, window in enumerate(windows)
    ]


def check_holidays(problems: Problems, holidays: Sequence[HolidayInput]) -> list[dict[str, Any]]:
    """The holidays as they are stored: by date, each given once."""
    if problems.check_count("holidays", holidays, MAX_HOLIDAYS):
        return []
    checked: dict[str, dict[str, Any]] = {}
    for index, holiday in enumerate(holidays):
        path = f"holidays[{index}]"
        day = problems.check(f"{path}.date", _date, holiday.date).isoformat()
        if day in checked:
            problems.add(f"{path}.date", f"{day} is given twice", "give it once")
        name = problems.check(f"{path}.name", _optional_name, holiday.name)
        checked[day] = {"date": day, "name": name}
    return [checked[day] for day in sorted(checked)]


def read_windows(stored: Sequence[dict[str, Any]]) -> list[OpenWindow]:
    """Stored windows as they were given."""
    return [
        OpenWindow([Weekday(day) for day in window["days"]], window["start"], window["end"])
        for window in stored
    ]


def read_holidays(stored: Sequence[dict[str, Any]]) -> list[Holiday]:
    """Stored holidays as they were given, by date."""
    return [Holiday(dt.date.fromisoformat(day["date"]), day["name"]) for day in stored]


def routed_windows(stored: Sequence[dict[str, Any]]) -> tuple[Window, ...]:
    """Stored windows, as the core knows them."""
    return tuple(
        Window(
            tuple(_WEEKDAYS.index(day) for day in window.days),
            _minute_of(window.start),
            _minute_of(window.end),
        )
        for window in read_windows(stored)
    )


def routed_holidays(stored: Sequence[dict[str, Any]]) -> frozenset[int]:
    """Stored holidays, as the core knows them."""
    return frozenset(holiday.date.toordinal() - _DAY_0 for holiday in read_holidays(stored))


def _days(given: Sequence[Weekday]) -> list[str]:
    if not given:
        raise Refused("a window without a day", "give at least one day, such as MON")
    if len(set(given)) < len(given):
        raise Refused("a day is given twice", "give each day once")
    return [day.value for day in _WEEKDAYS if day in given]


def _start(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise Refused(f"{text!r} is no time of day", "write hours and minutes, 00:00 to 23:59")
    return text


def _end(text: str) -> str:
    if text != _MIDNIGHT and not _TIME.fullmatch(text):
        raise Refused(f"{text!r} is no time of day", "write hours and minutes, 00:00 to 24:00")
    return text


def _date(day: dt.date) -> dt.date:
    first, last = FIRST_MOMENT.year, LAST_MOMENT.year - 1
    if not first <= day.year <= last:
        raise Refused(f"{day} is out of range", f"use a date of the years {first} to {last}")
    return day


def _optional_name(text: str) -> str:
    return validation.name(text) if text.strip() else ""


def _minute_of(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)
