from datetime import UTC, date, datetime
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound, Problem
from pointsman.models import ChangeRecord, Schedule
from pointsman.routing.schedule import Weekday, Window
from pointsman.services.schedule_parts import Holiday, OpenWindow
from pointsman.services.schedules import (
    create_schedule,
    delete_schedule,
    find_schedule_state,
    list_schedules,
    load_schedules,
    update_schedule,
)
from pointsman.services.time_zones import offsets_of
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")

_OFFICE = OpenWindow([Weekday.FRI, Weekday.MON], "09:00", "17:30")
_NIGHT = OpenWindow([Weekday.SUN], "22:00", "24:00")
_CHRISTMAS = Holiday(date(2026, 12, 25), "Christmas")


async def _create(
    admin: Principal, objects: Objects, name: str = "office", **more: Any
) -> Schedule:
    fields = {
        "tenant_id": objects.acme.id,
        "time_zone": "Europe/Rome",
        "windows": [_OFFICE, _NIGHT],
        "holidays": [Holiday(date(2027, 1, 1)), _CHRISTMAS],
    }
    return await create_schedule(admin, name=name, **{**fields, **more})


async def test_a_schedule_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    (loaded,) = await load_schedules()
    assert (loaded.id, loaded.name, loaded.tenant_id) == (
        str(row.id),
        "office",
        str(objects.acme.id),
    )
    assert loaded.offsets == offsets_of("Europe/Rome")
    assert loaded.windows == (Window((0, 4), 540, 1050), Window((6,), 1320, 1440))
    assert loaded.holidays == {20_812, 20_819}
    row = await update_schedule(
        admin, row.id, name="closed", time_zone="UTC", windows=[], holidays=[]
    )
    (loaded,) = await load_schedules()
    assert (loaded.name, loaded.offsets, loaded.windows, loaded.holidays) == (
        "closed",
        offsets_of("UTC"),
        (),
        frozenset(),
    )
    await delete_schedule(admin, row.id)
    assert (await list_schedules(admin)).rows == []


async def test_a_record_of_a_change_shows_what_was_written(
    admin: Principal, objects: Objects
) -> None:
    row = await _create(admin, objects)
    record = await ChangeRecord.get(object_id=row.id)
    assert record.after is not None
    assert record.after["windows"] == [
        {"days": ["MON", "FRI"], "start": "09:00", "end": "17:30"},
        {"days": ["SUN"], "start": "22:00", "end": "24:00"},
    ]
    assert record.after["holidays"] == [
        {"date": "2026-12-25", "name": "Christmas"},
        {"date": "2027-01-01", "name": ""},
    ]


async def test_everything_wrong_is_named(admin: Principal, objects: Objects) -> None:
    wrong: dict[str, Any] = {
        "name": "",
        "time_zone": "Europe/Roma",
        "windows": [
            _OFFICE,
            OpenWindow([], "24:00", "9:00"),
            OpenWindow([Weekday.MON, Weekday.MON], "09:60", "24:01"),
        ],
        "holidays": [
            _CHRISTMAS,
            Holiday(date(1999, 12, 31), "a\nb"),
            _CHRISTMAS,
            Holiday(date(2100, 1, 1)),
        ],
    }
    row = await _create(admin, objects)
    for attempt in (
        _create(admin, objects, **wrong),
        update_schedule(admin, row.id, **wrong),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        times = "write hours and minutes, 00:00 to 23:59"
        ends = "write hours and minutes, 00:00 to 24:00"
        years = "use a date of the years 2000 to 2099"
        assert caught.value.problems == (
            Problem("name", "a name of 0 characters", "use 1 to 100 characters"),
            Problem(
                "timeZone",
                "'Europe/Roma' is no time zone",
                "use a name of the IANA time zone database, such as Europe/Rome; did you mean "
                "Europe/Rome?",
            ),
            Problem(
                "windows[1].days", "a window without a day", "give at least one day, such as MON"
            ),
            Problem("windows[1].start", "'24:00' is no time of day", times),
            Problem("windows[1].end", "'9:00' is no time of day", ends),
            Problem("windows[2].days", "a day is given twice", "give each day once"),
            Problem("windows[2].start", "'09:60' is no time of day", times),
            Problem("windows[2].end", "'24:01' is no time of day", ends),
            Problem("holidays[1].date", "1999-12-31 is out of range", years),
            Problem(
                "holidays[1].name",
                "the name has a control character",
                "write it on one line, without tabs",
            ),
            Problem("holidays[2].date", "2026-12-25 is given twice", "give it once"),
            Problem("holidays[3].date", "2100-01-01 is out of range", years),
        )


async def test_lists_are_bounded(admin: Principal, objects: Objects) -> None:
    for more, path, fix in (
        ({"windows": [_OFFICE] * 51}, "windows", "give 50 at most"),
        ({"holidays": [_CHRISTMAS] * 501}, "holidays", "give 500 at most"),
    ):
        with pytest.raises(InvalidInput) as caught:
            await _create(admin, objects, **more)
        assert [(problem.path, problem.fix) for problem in caught.value.problems] == [(path, fix)]
    days = [Holiday(date.fromordinal(737_000 + number)) for number in range(500)]
    await _create(admin, objects, windows=[_OFFICE] * 50, holidays=days)


async def test_a_name_is_taken_once_a_tenant(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    await _create(admin, objects, tenant_id=objects.zen.id)
    with pytest.raises(Conflict) as caught:
        await _create(admin, objects)
    assert (caught.value.path, str(caught.value)) == (
        "name",
        "another schedule of the tenant has this name",
    )


async def test_a_tenants_schedules_are_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    row = await _create(admin, objects)
    assert (await list_schedules(of_zen)).rows == []
    assert await find_schedule_state(of_zen, row.id) is None
    for attempt in (
        update_schedule(of_zen, row.id, name="x"),
        delete_schedule(of_zen, row.id),
        _create(of_zen, objects, "x"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_schedules_are_listed_by_name(admin: Principal, objects: Objects) -> None:
    for name in ("late", "early"):
        await _create(admin, objects, name)
    await _create(admin, objects, "other", tenant_id=objects.zen.id)
    of_acme = await list_schedules(admin, tenant_id=objects.acme.id)
    assert [row.name for row in of_acme.rows] == ["early", "late"]
    assert [row.name for row in (await list_schedules(admin, name_contains="LA")).rows] == ["late"]


async def test_its_state_is_told(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    monday_noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    state = await find_schedule_state(admin, row.id, monday_noon)
    assert state is not None
    assert (state.at, state.is_open) == (monday_noon, True)
    assert state.next_change_at == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    with_offset = datetime.fromisoformat("2026-11-24T01:00:00+05:00")
    state = await find_schedule_state(admin, row.id, with_offset)
    assert state is not None
    assert (state.at, state.is_open) == (with_offset, False)
    assert state.next_change_at == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert await find_schedule_state(admin, objects.acme.id, monday_noon) is None
    empty = await _create(admin, objects, "never", windows=[])
    now = await find_schedule_state(admin, empty.id)
    assert now is not None
    assert (now.is_open, now.next_change_at) == (False, None)


@pytest.mark.parametrize(
    ("at", "fix"),
    [
        ("2026-11-23T12:00:00", "end it with Z, or with an offset as +01:00"),
        ("1999-12-31T23:59:59Z", "use the years 2000 to 2099"),
        ("2100-01-01T00:00:00Z", "use the years 2000 to 2099"),
    ],
)
async def test_a_moment_that_says_nothing_is_refused(
    admin: Principal, objects: Objects, at: str, fix: str
) -> None:
    row = await _create(admin, objects)
    with pytest.raises(InvalidInput) as caught:
        await find_schedule_state(admin, row.id, datetime.fromisoformat(at))
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == [("at", fix)]
