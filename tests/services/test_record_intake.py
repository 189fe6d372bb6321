"""Reports of many nodes, stored together, on a database where commits are commits."""

import asyncio
import json
from dataclasses import replace

import asyncpg
import pytest
from msgspec import structs

from pointsman.calls.event import ReportedEvent, read_event
from pointsman.database import DATABASE_ERRORS
from pointsman.database_url import connection_parameters
from pointsman.models import CallEvent, CallRecord
from pointsman.services.call_records import Stored
from pointsman.services.record_intake import MOST_AT_ONCE, RecordIntake, TooManyRecords
from tests.calls import reported
from tests.waiting import until_found

_LOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"
_TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM call_event"


def _start(call_id: str, node: str = "node-1") -> list[ReportedEvent]:
    return [read_event(json.dumps(reported.start(call_id) | {"node": node}).encode())]


async def test_what_comes_while_others_are_written_is_written_together(committed: str) -> None:
    intake = RecordIntake()
    names = [(f"call-{number}", f"node-{number % 5}") for number in range(300)]
    stored = await asyncio.gather(*(intake.store(node, _start(name, node)) for name, node in names))
    assert stored == [Stored(stored=1)] * 300
    assert intake.events == 0
    connection = await asyncpg.connect(**connection_parameters(committed))
    try:
        assert await connection.fetchval(_TRANSACTIONS) <= 2
    finally:
        await connection.close()


@pytest.mark.usefixtures("committed")
async def test_each_report_is_told_what_became_of_its_own() -> None:
    intake = RecordIntake()
    same = _start("call-1")
    other = [read_event(json.dumps(reported.start("call-1", code="DID")).encode())]
    orphan = [read_event(json.dumps(reported.start("call-2", tenant="nobody")).encode())]
    stored = await asyncio.gather(
        *(intake.store("node-1", report) for report in (same, same, other, orphan, []))
    )
    assert stored == [
        Stored(stored=1),
        Stored(duplicates=1),
        Stored(conflicts=1),
        Stored(stored=1, orphans=1),
        Stored(),
    ]


async def test_more_than_may_wait_is_refused_and_what_waits_is_stored(committed: str) -> None:
    intake = RecordIntake(most_waiting=3)
    locking = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with locking.transaction():
            await locking.execute("LOCK call_event IN ACCESS EXCLUSIVE MODE")
            storing = [
                asyncio.create_task(intake.store("node-1", _start(f"call-{n}"))) for n in range(3)
            ]
            await until_found(lambda: locking.fetchval(_LOCKED))
            with pytest.raises(TooManyRecords):
                await intake.store("node-1", _start("call-3"))
            assert intake.events == 3
    finally:
        await locking.close()
    assert await asyncio.gather(*storing) == [Stored(stored=1)] * 3
    assert await intake.store("node-1", _start("call-3")) == Stored(stored=1)


async def test_what_fails_unforeseen_leaves_nobody_behind_it_waiting(committed: str) -> None:
    intake = RecordIntake()
    unforeseen: list[BaseException] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: unforeseen.append(context["exception"])
    )
    # read_event() makes none such.
    (read,) = _start("call-1")
    bad = [replace(read, event=structs.replace(read.event, started="never"))]
    locking = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with locking.transaction():
            await locking.execute("LOCK call_event IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(intake.store("node-1", _start("call-0")))
            await until_found(lambda: locking.fetchval(_LOCKED))
            failing = asyncio.create_task(intake.store("node-1", bad * (MOST_AT_ONCE + 1)))
            behind = asyncio.create_task(intake.store("node-1", _start("call-2")))
            await asyncio.sleep(0)
    finally:
        await locking.close()
    async with asyncio.timeout(30):  # for what is broken, not for what is slow
        stored = await asyncio.gather(first, failing, behind, return_exceptions=True)
    assert stored[0] == stored[2] == Stored(stored=1)
    assert isinstance(stored[1], ValueError)
    assert intake.events == 0


@pytest.mark.usefixtures("committed")
async def test_a_report_that_is_longer_than_may_wait_has_its_turn_alone() -> None:
    intake = RecordIntake(most_waiting=3)
    long = [each for number in range(10) for each in _start(f"call-{number}")]
    assert await intake.store("node-1", long) == Stored(stored=10)


async def test_whoever_has_gone_does_not_keep_others_waiting(committed: str) -> None:
    intake = RecordIntake()
    locking = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with locking.transaction():
            await locking.execute("LOCK call_event IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(intake.store("node-1", _start("call-1")))
            await until_found(lambda: locking.fetchval(_LOCKED))
            gone = asyncio.create_task(intake.store("node-1", _start("call-2")))
            second = asyncio.create_task(intake.store("node-1", _start("call-3")))
            await asyncio.sleep(0)
            first.cancel()
            gone.cancel()
            await asyncio.wait([first, gone])
            assert intake.events == 2
    finally:
        await locking.close()
    assert await second == Stored(stored=1)
    # What was under way was stored; what was not had not begun.
    calls = await CallRecord.all().order_by("sip_call_id")
    assert [call.sip_call_id for call in calls] == ["call-1", "call-3"]
    assert intake.events == 0


@pytest.mark.usefixtures("committed")
async def test_a_report_that_the_database_refuses_does_not_keep_others_from_it() -> None:
    intake = RecordIntake()
    good, other = _start("call-1"), _start("call-2")
    # No column takes it; what read_event() has read is never such.
    bad = [replace(each, content="\0") for each in _start("call-3")]
    stored = await asyncio.gather(
        *(intake.store("node-1", report) for report in (good, bad, other)), return_exceptions=True
    )
    assert stored[0] == stored[2] == Stored(stored=1)
    assert isinstance(stored[1], DATABASE_ERRORS)
    assert await CallEvent.all().count() == 2
