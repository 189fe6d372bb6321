"""Schedules over HTTP: their state, and what is refused."""

from tests.graphql.conftest import Client, Ids


async def test_its_state_is_told_of_a_moment_and_of_now(client: Client, acme: Ids) -> None:
    noon = await client.run("ScheduleIsOpen", id=acme.schedule, at="2026-11-23T13:00:00+01:00")
    assert noon == {
        "at": "2026-11-23T12:00:00+00:00",
        "isOpen": True,
        "nextChangeAt": "2026-11-23T16:30:00+00:00",
    }
    now = await client.run("ScheduleIsOpen", id=acme.schedule)
    assert now["nextChangeAt"] > now["at"]
    assert await client.run("ScheduleIsOpen", id=acme.tenant) is None


async def test_a_moment_without_a_zone_is_refused(client: Client, acme: Ids) -> None:
    body = await client.execute("ScheduleIsOpen", id=acme.schedule, at="2026-11-23T13:00:00")
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["message"] == (
        "at: the time says not in which zone, end it with Z, or with an offset as +01:00"
    )


async def test_every_problem_has_its_path(client: Client, acme: Ids) -> None:
    result = await client.run(
        "CreateSchedule",
        input={
            "tenantId": acme.tenant,
            "name": "s",
            "timeZone": "Rome/Europe",
            "windows": [
                {"days": ["MON"], "start": "09:00", "end": "17:00"},
                {"days": [], "start": "9", "end": "25:00"},
            ],
            "holidays": [{"date": "2026-12-25"}, {"date": "2026-12-25"}],
        },
    )
    assert [problem["path"] for problem in result["problems"]] == [
        "timeZone",
        "windows[1].days",
        "windows[1].start",
        "windows[1].end",
        "holidays[1].date",
    ]
