"""Calls are kept by their day, on a database where commits are commits."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from pointsman.calls.event import read_event
from pointsman.database_url import connection_parameters
from pointsman.models import CallAttempt, CallEvent, CallRecord
from pointsman.services.call_records import Stored, store_events
from pointsman.services.record_partitions import DAYS_AHEAD, TABLES, Days, keep_days
from tests.calls import reported
from tests.waiting import until_found

TODAY = datetime.fromtimestamp(reported.STARTED, UTC).date()
_USED = "SELECT DISTINCT tableoid::regclass::text AS name FROM {}"
_LOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _started(days_ago: int) -> str:
    return f"{reported.STARTED - days_ago * 86_400}.000000"


async def _store(days_ago: int, call_id: str) -> Stored:
    made: Any = (reported.start, reported.answer, reported.end)
    started = _started(days_ago)
    said = [each(call_id) | {"started": started} for each in made]
    return await store_events("node-1", [read_event(json.dumps(each).encode()) for each in said])


async def _partitions(url: str, table: str) -> list[str]:
    """Those of a table that have a row."""
    connection = await asyncpg.connect(**connection_parameters(url))
    try:
        rows = await connection.fetch(_USED.format(table))
        return sorted(row["name"] for row in rows)
    finally:
        await connection.close()


@pytest.mark.usefixtures("committed")
async def test_today_and_some_days_ahead_are_made_once() -> None:
    days = tuple(TODAY + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1))
    assert await keep_days(TODAY, 0) == Days(made=days)
    assert await keep_days(TODAY, 0) == Days()
    assert await keep_days(TODAY + timedelta(days=1), 0) == Days(
        made=(TODAY + timedelta(days=DAYS_AHEAD + 1),)
    )


async def test_a_call_is_kept_with_its_day(committed: str) -> None:
    await keep_days(TODAY, 0)
    assert await _store(0, "call-1") == Stored(stored=3)
    for table in ("call_event", "call_record", "call_attempt"):
        assert await _partitions(committed, table) == [f"{table}_{TODAY:%Y%m%d}"]


async def test_what_came_before_its_day_was_made_moves_there(committed: str) -> None:
    assert await _store(5, "late") == Stored(stored=3)
    assert await _partitions(committed, "call_record") == ["call_record_rest"]
    day = TODAY - timedelta(days=5)
    assert day in (await keep_days(TODAY, 0)).made
    for table in ("call_event", "call_record", "call_attempt"):
        assert await _partitions(committed, table) == [f"{table}_{day:%Y%m%d}"]
    assert await _store(5, "late") == Stored(duplicates=3)
    assert await CallRecord.all().count() == await CallAttempt.all().count() == 1


@pytest.mark.parametrize("days_ago", [20_000, -365])
async def test_a_clock_that_is_wrong_makes_no_days_and_loses_no_call(
    committed: str, days_ago: int
) -> None:
    assert await _store(days_ago, "call-1") == Stored(stored=3)
    await keep_days(TODAY, 0)
    assert await _partitions(committed, "call_record") == ["call_record_rest"]
    assert await _store(days_ago, "call-1") == Stored(duplicates=3)


async def test_days_that_are_too_old_are_dropped_with_all_of_their_calls(committed: str) -> None:
    for days_ago in (0, 29, 30, 31, 45, 20_000):
        await _store(days_ago, f"call-{days_ago}")
    await keep_days(TODAY, 0)
    dropped = tuple(TODAY - timedelta(days=ago) for ago in (45, 31))
    assert (await keep_days(TODAY, 30)).dropped == dropped
    kept = await CallRecord.all().order_by("-started_at")
    assert [call.sip_call_id for call in kept] == ["call-0", "call-29", "call-30"]
    assert await CallEvent.all().count() == 9
    assert await CallAttempt.all().count() == 3
    assert (await keep_days(TODAY, 30)).dropped == ()
    for table in TABLES:
        assert f"{table}_{dropped[0]:%Y%m%d}" not in await _partitions(committed, table)


async def test_calls_are_stored_while_days_are_made(committed: str) -> None:
    reports = [_store(days_ago % 7, f"call-{days_ago}") for days_ago in range(40)]
    stored, days = await asyncio.gather(asyncio.gather(*reports), keep_days(TODAY, 0))
    assert stored == [Stored(stored=3)] * 40
    assert TODAY in days.made
    await keep_days(TODAY, 0)
    assert await CallRecord.all().count() == 40
    assert "call_record_rest" not in await _partitions(committed, "call_record")


async def test_a_day_whose_table_is_in_use_is_made_later(committed: str) -> None:
    reading = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with reading.transaction():
            await reading.execute("LOCK call_record IN ACCESS EXCLUSIVE MODE")
            making = asyncio.create_task(keep_days(TODAY, 0))
            await until_found(lambda: reading.fetchval(_LOCKED))
            with pytest.raises(Exception, match="lock timeout"):
                await making
    finally:
        await reading.close()
    assert TODAY in (await keep_days(TODAY, 0)).made
