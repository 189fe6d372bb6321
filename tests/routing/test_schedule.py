"""Whether a schedule is open: exact moments, and everything that a naive evaluation says."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import add
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.schedule import (
    OpeningHours,
    Schedule,
    Weekday,
    Window,
    compile_schedule,
    is_open,
    next_change,
)

_EPOCH = date(1970, 1, 1)
_ZONES = (
    "UTC",
    "Europe/Rome",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
)
_WORKDAYS = (0, 1, 2, 3, 4)
_ALL_DAYS = tuple(range(7))


@cache
def _offsets(zone: str) -> tuple[tuple[int, int], ...]:
    """The zone's offsets from 2009 to 2041, found hour by hour where a day has a change."""
    info = ZoneInfo(zone)

    def offset(moment: int) -> int:
        found = datetime.fromtimestamp(moment, info).utcoffset()
        assert found is not None
        return int(found.total_seconds())

    start = int(datetime(2009, 1, 1, tzinfo=UTC).timestamp())
    offsets = [(start, offset(start))]
    for day in range(start, start + 32 * 366 * 86_400, 86_400):
        if offset(day) == offset(day + 86_400):
            continue
        for quarter in range(day, day + 86_400, 900):
            if offset(quarter + 900) != offsets[-1][1]:
                offsets.append((quarter + 900, offset(quarter + 900)))
    return tuple(offsets)


def _hours(
    zone: str, *windows: tuple[tuple[int, ...], str, str], holidays: tuple[str, ...] = ()
) -> OpeningHours:
    return compile_schedule(
        Schedule(
            id="office",
            name="office",
            tenant_id="acme",
            time_zone=zone,
            offsets=_offsets(zone),
            windows=tuple(
                Window(days, _minute(start), _minute(end)) for days, start, end in windows
            ),
            holidays=frozenset((date.fromisoformat(day) - _EPOCH).days for day in holidays),
        )
    )


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _at(text: str) -> int:
    """Unix time of "2026-11-23T12:00:00Z"."""
    return int(datetime.fromisoformat(text).timestamp())


def _is_open_naively(
    zone: str, windows: tuple[Window, ...], holidays: frozenset[int], moment: float
) -> bool:
    """As the clock on the wall shows it, of today's windows and of yesterday's that go on."""
    wall = datetime.fromtimestamp(moment, ZoneInfo(zone)).replace(tzinfo=None)
    for begun in (wall.date(), wall.date() - timedelta(days=1)):
        midnight = datetime(begun.year, begun.month, begun.day)  # noqa: DTZ001 -- wall clock
        if (begun - _EPOCH).days in holidays:
            continue
        for window in windows:
            end = window.end if window.end > window.start else window.end + 1440
            opens = midnight + timedelta(minutes=window.start)
            closes = midnight + timedelta(minutes=end)
            if begun.weekday() in window.days and opens <= wall < closes:
                return True
    return False


def test_weekdays_are_in_the_order_of_their_numbers() -> None:
    assert [day.value for day in Weekday] == ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Monday 2026-11-23 in Rome, an hour ahead of UTC.
        ("2026-11-23T07:59:59Z", False),
        ("2026-11-23T08:00:00Z", True),
        ("2026-11-23T16:29:59Z", True),
        ("2026-11-23T16:30:00Z", False),
        # Friday and the weekend
        ("2026-11-27T16:29:59Z", True),
        ("2026-11-28T12:00:00Z", False),
        ("2026-11-29T12:00:00Z", False),
        # a summer's Monday, two hours ahead
        ("2026-07-06T06:59:59Z", False),
        ("2026-07-06T07:00:00Z", True),
        ("2026-07-06T15:29:59Z", True),
        ("2026-07-06T15:30:00Z", False),
    ],
)
def test_office_hours_are_those_of_the_local_clock(moment: str, expected: bool) -> None:
    hours = _hours("Europe/Rome", (_WORKDAYS, "09:00", "17:30"))
    assert is_open(hours, _at(moment)) is expected


def test_a_part_of_a_second_belongs_to_the_second_that_began() -> None:
    hours = _hours("UTC", (_WORKDAYS, "09:00", "17:30"))
    assert not is_open(hours, _at("2026-11-23T09:00:00Z") - 0.001)
    assert is_open(hours, _at("2026-11-23T17:30:00Z") - 0.001)


@pytest.mark.parametrize(
    ("window", "moment", "expected"),
    [
        # to the end of the day
        (((0,), "18:00", "24:00"), "2026-11-23T23:59:59Z", True),
        (((0,), "18:00", "24:00"), "2026-11-24T00:00:00Z", False),
        # into the next day
        (((0,), "22:00", "06:00"), "2026-11-23T21:59:59Z", False),
        (((0,), "22:00", "06:00"), "2026-11-23T22:00:00Z", True),
        (((0,), "22:00", "06:00"), "2026-11-24T05:59:59Z", True),
        (((0,), "22:00", "06:00"), "2026-11-24T06:00:00Z", False),
        (((0,), "22:00", "06:00"), "2026-11-23T05:00:00Z", False),
        # from Sunday into Monday
        (((6,), "22:00", "06:00"), "2026-11-23T05:00:00Z", True),
        # until midnight, written as the next day's
        (((0,), "22:00", "00:00"), "2026-11-23T23:59:59Z", True),
        (((0,), "22:00", "00:00"), "2026-11-24T00:00:00Z", False),
        # a whole day, from nine to nine
        (((0,), "09:00", "09:00"), "2026-11-23T08:59:59Z", False),
        (((0,), "09:00", "09:00"), "2026-11-23T09:00:00Z", True),
        (((0,), "09:00", "09:00"), "2026-11-24T08:59:59Z", True),
        (((0,), "09:00", "09:00"), "2026-11-24T09:00:00Z", False),
        (((0,), "00:00", "24:00"), "2026-11-23T00:00:00Z", True),
        (((0,), "00:00", "24:00"), "2026-11-24T00:00:00Z", False),
    ],
)
def test_a_window_may_end_on_the_next_day(
    window: tuple[tuple[int, ...], str, str], moment: str, expected: bool
) -> None:
    assert is_open(_hours("UTC", window), _at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Christmas is a Friday in 2026.
        ("2026-12-24T12:00:00Z", True),
        ("2026-12-25T12:00:00Z", False),
        ("2026-12-26T12:00:00Z", True),
        # The window of the eve ends at its own time, that of the holiday never begins.
        ("2026-12-25T05:59:59Z", True),
        ("2026-12-25T06:00:00Z", False),
        ("2026-12-25T23:00:00Z", False),
        ("2026-12-26T05:00:00Z", False),
        ("2026-12-26T22:00:00Z", True),
    ],
)
def test_no_window_begins_on_a_holiday(moment: str, expected: bool) -> None:
    hours = _hours(
        "UTC",
        (_ALL_DAYS, "09:00", "17:00"),
        (_ALL_DAYS, "22:00", "06:00"),
        holidays=("2026-12-25",),
    )
    assert is_open(hours, _at(moment)) is expected


def test_a_holiday_is_the_local_day() -> None:
    hours = _hours("Pacific/Apia", (_ALL_DAYS, "00:00", "24:00"), holidays=("2026-12-25",))
    # Apia is 13 hours ahead of UTC.
    assert is_open(hours, _at("2026-12-24T10:59:59Z"))
    assert not is_open(hours, _at("2026-12-24T11:00:00Z"))
    assert not is_open(hours, _at("2026-12-25T10:59:59Z"))
    assert is_open(hours, _at("2026-12-25T11:00:00Z"))


def test_a_schedule_without_windows_is_never_open() -> None:
    hours = _hours("UTC")
    assert not is_open(hours, _at("2026-11-23T12:00:00Z"))
    assert next_change(hours, _at("2026-11-23T12:00:00Z")) is None


@pytest.mark.parametrize(
    ("zone", "window", "moment", "expected"),
    [
        # Rome, 2026-03-29: 02:00 becomes 03:00, at 01:00 UTC.
        ("Europe/Rome", ("01:30", "02:30"), "2026-03-29T00:59:59Z", True),
        ("Europe/Rome", ("01:30", "02:30"), "2026-03-29T01:00:00Z", False),
        ("Europe/Rome", ("02:15", "02:45"), "2026-03-29T00:59:59Z", False),
        ("Europe/Rome", ("02:15", "02:45"), "2026-03-29T01:00:00Z", False),
        ("Europe/Rome", ("03:00", "04:00"), "2026-03-29T00:59:59Z", False),
        ("Europe/Rome", ("03:00", "04:00"), "2026-03-29T01:00:00Z", True),
        # and 2026-10-25: 03:00 becomes 02:00, at 01:00 UTC, so that 02:30 comes twice.
        ("Europe/Rome", ("02:30", "03:00"), "2026-10-25T00:30:00Z", True),
        ("Europe/Rome", ("02:30", "03:00"), "2026-10-25T00:59:59Z", True),
        ("Europe/Rome", ("02:30", "03:00"), "2026-10-25T01:00:00Z", False),
        ("Europe/Rome", ("02:30", "03:00"), "2026-10-25T01:30:00Z", True),
        ("Europe/Rome", ("02:30", "03:00"), "2026-10-25T02:00:00Z", False),
        # New York, 2026-03-08 and 2026-11-01.
        ("America/New_York", ("03:00", "04:00"), "2026-03-08T06:59:59Z", False),
        ("America/New_York", ("03:00", "04:00"), "2026-03-08T07:00:00Z", True),
        ("America/New_York", ("01:00", "02:00"), "2026-11-01T05:59:59Z", True),
        ("America/New_York", ("01:00", "01:30"), "2026-11-01T06:00:00Z", True),
        ("America/New_York", ("01:00", "02:00"), "2026-11-01T07:00:00Z", False),
        # Lord Howe moves by half an hour: 2026-10-04 02:00 becomes 02:30, at 15:30 UTC before.
        ("Australia/Lord_Howe", ("02:00", "02:30"), "2026-10-03T15:29:59Z", False),
        ("Australia/Lord_Howe", ("02:00", "02:30"), "2026-10-03T15:30:00Z", False),
        ("Australia/Lord_Howe", ("02:30", "03:00"), "2026-10-03T15:30:00Z", True),
        # and back on 2026-04-05, 02:00 becomes 01:30, at 15:00 UTC before.
        ("Australia/Lord_Howe", ("01:30", "02:00"), "2026-04-04T14:59:59Z", True),
        ("Australia/Lord_Howe", ("01:30", "02:00"), "2026-04-04T15:00:00Z", True),
        ("Australia/Lord_Howe", ("01:30", "02:00"), "2026-04-04T15:30:00Z", False),
        # Casablanca goes back for Ramadan, 2026-02-15 at 02:00 UTC, and forth on 2026-03-22.
        ("Africa/Casablanca", ("02:00", "03:00"), "2026-02-15T01:59:59Z", True),
        ("Africa/Casablanca", ("02:00", "03:00"), "2026-02-15T02:00:00Z", True),
        ("Africa/Casablanca", ("03:00", "04:00"), "2026-03-22T01:59:59Z", False),
        ("Africa/Casablanca", ("03:00", "04:00"), "2026-03-22T02:00:00Z", True),
        # Kolkata never moves, São Paulo no longer.
        ("Asia/Kolkata", ("09:00", "10:00"), "2026-11-23T03:29:59Z", False),
        ("Asia/Kolkata", ("09:00", "10:00"), "2026-11-23T03:30:00Z", True),
        ("America/Sao_Paulo", ("00:00", "01:00"), "2026-11-01T02:59:59Z", False),
        ("America/Sao_Paulo", ("00:00", "01:00"), "2026-11-01T03:00:00Z", True),
        # São Paulo, 2018-11-04: midnight became 01:00, at 03:00 UTC.
        ("America/Sao_Paulo", ("00:00", "01:00"), "2018-11-04T03:00:00Z", False),
        ("America/Sao_Paulo", ("01:00", "02:00"), "2018-11-04T03:00:00Z", True),
        # Apia had no 2011-12-30.
        ("Pacific/Apia", ("23:00", "24:00"), "2011-12-30T09:59:59Z", True),
        ("Pacific/Apia", ("00:00", "01:00"), "2011-12-30T10:00:00Z", True),
    ],
)
def test_the_second_at_which_the_clocks_change(
    zone: str, window: tuple[str, str], moment: str, expected: bool
) -> None:
    assert is_open(_hours(zone, (_ALL_DAYS, *window)), _at(moment)) is expected


def test_before_the_first_and_after_the_last_offset_the_nearest_one_holds() -> None:
    schedule = Schedule("s", "s", "acme", "X", ((1_000_000, 3600), (2_000_000, 7200)))
    hours = compile_schedule(
        Schedule("s", "s", "acme", "X", schedule.offsets, (Window(_ALL_DAYS, 0, 60),))
    )
    assert is_open(hours, -3600)
    assert not is_open(hours, -3601)
    day = 4_000 * 86_400
    assert is_open(hours, day - 7200)
    assert not is_open(hours, day - 7201)


_WINDOWS = st.lists(
    st.builds(
        Window,
        st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
        st.integers(0, 1439),
        st.integers(0, 1440),
    ),
    max_size=6,
).map(tuple)
_FIRST, _LAST = _at("2026-01-01T00:00:00Z"), _at("2040-12-31T00:00:00Z")
_ANY_MOMENT = st.integers(_FIRST, _LAST)


@st.composite
def _questions(draw: st.DrawFn) -> tuple[str, tuple[Window, ...], frozenset[int], int]:
    """A zone, windows, holidays near a moment, and the moment: any, or one near a change of the
    clocks."""
    zone = draw(st.sampled_from(_ZONES))
    changes = [moment for moment, _ in _offsets(zone)[1:]]
    moments = _ANY_MOMENT
    if changes:
        near = st.integers(-90_000, 90_000) | st.sampled_from((-1, 0, 1))
        moments |= st.builds(add, st.sampled_from(changes), near)
    moment = draw(moments)
    holidays = draw(st.frozensets(st.integers(-3, 3), max_size=3))
    return zone, draw(_WINDOWS), frozenset(moment // 86_400 + day for day in holidays), moment


@given(_questions())
def test_it_is_open_when_a_naive_evaluation_says_so(
    question: tuple[str, tuple[Window, ...], frozenset[int], int],
) -> None:
    zone, windows, holidays, moment = question
    hours = compile_schedule(Schedule("s", "s", "acme", zone, _offsets(zone), windows, holidays))
    assert is_open(hours, moment) is _is_open_naively(zone, windows, holidays, moment)


@pytest.mark.parametrize("zone", _ZONES)
def test_every_change_of_the_clocks_agrees_with_a_naive_evaluation(zone: str) -> None:
    windows = (Window(_ALL_DAYS, 0, 75), Window(_ALL_DAYS, 105, 155), Window((6,), 1400, 30))
    hours = compile_schedule(Schedule("s", "s", "acme", zone, _offsets(zone), windows))
    for change, _ in _offsets(zone)[1:]:
        for moment in (change - 1, change, *range(change - 10_800, change + 10_800, 900)):
            expected = _is_open_naively(zone, windows, frozenset(), moment)
            assert is_open(hours, moment) is expected, datetime.fromtimestamp(moment, UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T12:00:00Z", "2026-11-23T16:30:00Z"),
        ("2026-11-23T16:30:00Z", "2026-11-24T08:00:00Z"),
        ("2026-11-23T08:00:00Z", "2026-11-23T16:30:00Z"),
        # over the weekend
        ("2026-11-27T17:00:00Z", "2026-11-30T08:00:00Z"),
        # over Christmas (a Friday) and the weekend after it
        ("2026-12-24T17:00:00Z", "2026-12-28T08:00:00Z"),
        # over the change of the clocks
        ("2026-03-27T17:00:00Z", "2026-03-30T07:00:00Z"),
    ],
)
def test_the_next_change_is_told(moment: str, expected: str) -> None:
    hours = _hours("Europe/Rome", (_WORKDAYS, "09:00", "17:30"), holidays=("2026-12-25",))
    assert next_change(hours, _at(moment)) == _at(expected)


def test_the_clocks_themselves_may_be_the_next_change() -> None:
    hours = _hours("Europe/Rome", (_ALL_DAYS, "01:30", "02:30"))
    assert next_change(hours, _at("2026-03-29T00:45:00Z")) == _at("2026-03-29T01:00:00Z")


@pytest.mark.parametrize(
    "windows",
    [
        ((_ALL_DAYS, "00:00", "24:00"),),
        ((_ALL_DAYS, "09:00", "09:00"),),
        ((_ALL_DAYS, "08:00", "20:00"), (_ALL_DAYS, "19:00", "08:00")),
    ],
)
def test_what_is_always_open_never_changes_but_for_a_holiday(
    windows: tuple[tuple[tuple[int, ...], str, str], ...],
) -> None:
    moment = _at("2026-11-23T12:00:00Z")
    assert next_change(_hours("Europe/Rome", *windows), moment) is None
    with_holiday = _hours("Europe/Rome", *windows, holidays=("2026-12-25",))
    change = next_change(with_holiday, moment)
    assert change is not None
    assert is_open(with_holiday, change - 1)
    assert not is_open(with_holiday, change)


@given(_questions())
def test_nothing_changes_before_the_next_change(
    question: tuple[str, tuple[Window, ...], frozenset[int], int],
) -> None:
    zone, windows, holidays, moment = question
    hours = compile_schedule(Schedule("s", "s", "acme", zone, _offsets(zone), windows, holidays))
    current, change = is_open(hours, moment), next_change(hours, moment)
    assert change is None or is_open(hours, change) is not current
    until = moment + 9 * 86_400 if change is None else min(change, moment + 9 * 86_400)
    assert all(is_open(hours, between) is current for between in range(moment, until, 1_800))
