"""Storing what nodes report at the same time, each report in a transaction that is committed."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from pointsman.calls.call import CallState
from pointsman.calls.event import ReportedEvent, read_event
from pointsman.database_url import connection_parameters
from pointsman.models import CallAttempt, CallEvent, CallRecord
from pointsman.services.call_records import Stored, store_events
from pointsman.services.incomplete_calls import mark_incomplete_calls
from tests.calls import reported
from tests.waiting import until_found

_LOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _read(*said: dict[str, Any]) -> list[ReportedEvent]:
    return [read_event(json.dumps(each).encode()) for each in said]


async def _store(node: str, reports: Sequence[list[ReportedEvent]]) -> list[Stored]:
    return await asyncio.gather(*(store_events(node, report) for report in reports))


@pytest.mark.usefixtures("committed")
async def test_records_of_a_call_that_are_stored_at_the_same_time_make_one_whole_call() -> None:
    names = [f"call-{number}" for number in range(20)]
    made = (reported.end, reported.start, reported.answer)
    stored = await _store("node-1", [_read(each(name)) for name in names for each in made])
    assert stored == [Stored(stored=1)] * 60
    ended = await CallRecord.filter(state=CallState.ENDED, duration_ms=60_500, revision=25)
    assert sorted(call.sip_call_id for call in ended) == sorted(names)
    assert await CallAttempt.all().count() == 20


@pytest.mark.usefixtures("committed")
async def test_a_record_that_comes_twice_at_the_same_time_is_stored_once() -> None:
    forth = _read(*(reported.start(f"call-{number}") for number in range(50)))
    stored = await _store("node-1", [forth, forth[::-1]] * 3)
    assert sum(each.stored for each in stored) == 50
    assert sum(each.duplicates for each in stored) == 250
    assert await CallEvent.all().count() == await CallRecord.all().count() == 50


@pytest.mark.usefixtures("committed")
async def test_calls_are_stored_while_others_are_marked_as_incomplete() -> None:
    old = [f"{number}.000000" for number in range(1_000, 1_200)]
    starts = [_read(reported.start() | {"started": at, "at": at}) for at in old]
    ends = [_read(reported.end() | {"started": at, "at": at}) for at in old]
    await _store("node-1", starts)
    marked, *_ = await asyncio.gather(
        mark_incomplete_calls(60, 60), _store("node-1", ends), mark_incomplete_calls(60, 60)
    )
    assert marked <= 200
    assert await CallRecord.filter(state=CallState.ENDED).count() == 200


async def test_a_table_that_is_locked_for_a_while_loses_nothing(committed: str) -> None:
    locking = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with locking.transaction():
            await locking.execute("LOCK call_record IN ACCESS EXCLUSIVE MODE")
            storing = asyncio.create_task(store_events("node-1", _read(reported.start())))
            await until_found(lambda: locking.fetchval(_LOCKED))
            assert not storing.done()
    finally:
        await locking.close()
    assert await storing == Stored(stored=1)
    assert await CallRecord.all().count() == 1
