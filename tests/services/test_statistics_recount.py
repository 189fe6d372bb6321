"""Statistics are what a recount of the calls comes to, whatever the order of all that happens."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.transactions import in_transaction

from pointsman.calls.call_statistics import StatisticsLevel, StatisticsResolution
from pointsman.database_url import connection_parameters
from pointsman.models import CallRecord, CallStatistics, Tenant
from pointsman.services.call_records import store_events
from pointsman.services.incomplete_calls import mark_incomplete_calls
from pointsman.services.record_partitions import keep_days
from pointsman.services.statistics_due import newest_due, take_due, waiting_minutes
from pointsman.services.statistics_marks import clear_statistics
from pointsman.services.statistics_recount import Difference, Sums, recount_day, recount_due
from tests.calls.reported import NODE, STARTED
from tests.services.recounted import call, read, recounted, stored_counts

DAY = datetime.fromtimestamp(STARTED, UTC).date()
MIDNIGHT = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC).timestamp()
_MINUTE = StatisticsResolution.MINUTE
TENANT = "5f0c9bd4-1d0c-4c39-8a26-7e3c3d0f1a11"
T = TypeVar("T")


async def _store(said: Sequence[dict[str, Any]]) -> None:
    await store_events(NODE, read(said))


async def _attempts(resolution: StatisticsResolution = _MINUTE) -> int:
    rows = await CallStatistics.filter(resolution=resolution, level=StatisticsLevel.CALLS)
    return sum(row.attempts for row in rows)


@st.composite
def _calls(draw: st.DrawFn, tenants: Sequence[str]) -> list[list[dict[str, Any]]]:
    return [
        call(
            f"call-{number}",
            # Few minutes, so that calls meet; and the ends of hours and of the day.
            MIDNIGHT
            + draw(st.sampled_from([0, 59, 60, 3_540, 3_599.999999, 3_600, 43_200, 86_399.5]))
            + draw(st.integers(-1_000_000, 1_000_000)) / 1_000_000,
            answered=draw(st.booleans()),
            code=draw(st.sampled_from([200, 403, 408, 480, 486, 487, 503, 600, 603, 607])),
            tenant=draw(st.sampled_from(tenants)),
            called=draw(
                st.sampled_from(["+390612345678", "+12125551234", "+35312345678", "+999", "200"])
            ),
            rang_after=draw(st.sampled_from([None, 0.0, 0.004, 0.02, 1.0, 31.5])),
            lasted=draw(st.sampled_from([0.0, 0.001, 60.5, 4_000.0])),
            tries=draw(st.lists(st.sampled_from([("trunk-2", 503), ("trunk-3", 486)]), max_size=2)),
        )
        for number in range(draw(st.integers(1, 12)))
    ]


@st.composite
def _days(draw: st.DrawFn) -> list[tuple[list[dict[str, Any]], str]]:
    """Reports, and what is done after each."""
    calls = draw(_calls(["", "nobody", TENANT]))
    events = [event for of_call in calls for event in of_call]
    sent = draw(st.permutations([*events, *draw(st.lists(st.sampled_from(events)))]))
    missing = draw(st.sets(st.integers(0, len(sent) - 1), max_size=3))
    left = [each for number, each in enumerate(sent) if number not in missing]
    done = st.sampled_from(["count", "mark", "nothing", "nothing"])
    steps = []
    while left:
        size = draw(st.integers(1, 10))
        steps.append((left[:size], draw(done)))
        left = left[size:]
    return steps


@given(_days())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("transaction")
async def test_counts_are_what_a_recount_comes_to(
    steps: list[tuple[list[dict[str, Any]], str]],
) -> None:
    """Events come late, twice, not at all and out of order, in several reports; between them calls
    are counted, and those without an end are marked."""
    async with in_transaction() as connection:
        await Tenant.create(id=TENANT, name="Acme")
        for said, done in steps:
            await _store(said)
            if done == "count":
                await recount_due()
            elif done == "mark":
                await mark_incomplete_calls(-1e9, -1e9)
        await recount_due()
        assert await stored_counts() == await recounted()
        assert await waiting_minutes() == (0, 0)
        await connection.rollback()


@pytest.mark.usefixtures("committed")
async def test_counts_are_right_while_calls_are_stored_at_the_same_time() -> None:
    chance = random.Random(7)  # noqa: S311 -- not for secrets
    calls = [call(f"call-{n}", MIDNIGHT + chance.randrange(300)) for n in range(120)]
    events = [event for of_call in calls for event in of_call]
    chance.shuffle(events)
    reports = [read(events[at : at + 6]) for at in range(0, len(events), 6)]

    async def count(times: int) -> None:
        for _ in range(times):
            await recount_due()
            await asyncio.sleep(0)

    storing = [store_events(NODE, report) for report in reports]
    await asyncio.gather(*storing, count(30), count(30))
    await recount_due()
    assert await CallRecord.all().count() == 120
    assert await stored_counts() == await recounted()


@pytest.mark.usefixtures("committed")
async def test_what_commits_behind_a_recount_is_counted_by_the_next() -> None:
    """Its minute was due before: a row that both of them relied on would be gone."""
    await _store(call("call-1", MIDNIGHT))
    begin = asyncio.Event()
    counting = asyncio.create_task(_after(begin, recount_due()))
    async with in_transaction():
        await _store(call("call-2", MIDNIGHT + 1))
        begin.set()
        assert await counting == 1
    assert await _attempts() == 1
    assert await recount_due() == 1
    assert await stored_counts() == await recounted()


@pytest.mark.usefixtures("committed")
async def test_storing_waits_for_no_recount() -> None:
    await _store(call("call-1", MIDNIGHT))
    begin = asyncio.Event()
    storing = asyncio.create_task(_after(begin, _store(call("call-2", MIDNIGHT + 1))))
    async with in_transaction() as connection:
        assert len(await take_due(connection, await newest_due(), 10)) == 1
        begin.set()
        await storing
    assert await recount_due() == 1
    assert await _attempts() == 2


async def _after(begin: asyncio.Event, doing: Coroutine[Any, Any, T]) -> T:
    """In the context of the task, which is in no transaction."""
    await begin.wait()
    return await doing


async def test_one_process_counts_at_a_time(committed: str) -> None:
    await _store(call("call-1", MIDNIGHT))
    other = await asyncpg.connect(**connection_parameters(committed))
    try:
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(hashtext('call statistics'))")
            assert await recount_due() == 0
            assert (await waiting_minutes())[0] == 1
    finally:
        await other.close()
    assert await recount_due() == 1


@pytest.mark.usefixtures("transaction")
async def test_a_call_counts_when_it_is_known_what_became_of_it() -> None:
    start, answer, end = call("call-1", MIDNIGHT)
    await _store([start])
    await recount_due()
    assert await stored_counts() == {}
    await _store([answer])
    await recount_due()
    (row,) = await CallStatistics.filter(resolution=_MINUTE, level=StatisticsLevel.CALLS)
    assert (row.attempts, row.answered, row.timed) == (1, 1, 0)
    await _store([end])
    await recount_due()
    (row,) = await CallStatistics.filter(resolution=_MINUTE, level=StatisticsLevel.CALLS)
    assert (row.attempts, row.answered, row.timed, row.duration_ms) == (1, 1, 1, 60_500)


@pytest.mark.usefixtures("transaction")
async def test_a_call_that_is_given_up_counts() -> None:
    await _store(call("call-1", 1_000_000_000)[:1])
    assert await recount_due() == 1
    assert await mark_incomplete_calls(60, 60) == 1
    assert await recount_due() == 1
    (row,) = await CallStatistics.filter(resolution=_MINUTE, level=StatisticsLevel.CALLS)
    assert (row.attempts, row.answered, row.effective, row.sip_code) == (1, 0, 0, 0)


@pytest.mark.usefixtures("transaction")
async def test_what_it_costs_grows_with_the_spans_of_minutes_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A statement more for each call, or for each minute of an hour, shows here."""
    statements: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(AsyncpgDBClient, name)

        async def noted(self: Any, query: str, *args: Any, _run: Any = original) -> Any:
            statements.append(query)
            return await _run(self, query, *args)

        monkeypatch.setattr(AsyncpgDBClient, name, noted)
    said = [call(f"call-{number}", MIDNIGHT + number * 20) for number in range(30)]
    await _store([event for of_call in said for event in of_call])
    assert len([each for each in statements if "call_statistics" in each]) == 1
    statements.clear()
    assert await recount_due() == 10
    # Newest, lock, due, marks; two each for minutes, an hour and a day; nothing more is due.
    assert len(statements) == 12


@pytest.mark.usefixtures("transaction")
async def test_what_is_counted_again_and_again_stays_the_same() -> None:
    await _store(call("call-1", MIDNIGHT))
    await recount_due()
    before = await stored_counts()
    await _store(call("call-1", MIDNIGHT))
    assert await recount_due() == 0
    assert await recount_day(DAY) == []
    assert await stored_counts() == before


@pytest.mark.usefixtures("transaction")
async def test_a_rebuild_tells_what_differed() -> None:
    await _store(call("call-1", MIDNIGHT, tries=[("trunk-2", 503)]))
    await recount_due()
    right = await stored_counts()
    await CallStatistics.filter(level=StatisticsLevel.CALLS).update(attempts=5)
    begin = datetime.fromtimestamp(MIDNIGHT, UTC)
    wrong, mended = Sums(5, 1, 60_500), Sums(1, 1, 60_500)
    found = await recount_day(DAY)
    assert found is not None
    assert sorted(found, key=lambda each: list(StatisticsResolution).index(each.resolution)) == [
        Difference(resolution, StatisticsLevel.CALLS, begin, wrong, mended)
        for resolution in StatisticsResolution
    ]
    assert await stored_counts() == right


@pytest.mark.usefixtures("committed")
async def test_days_that_are_dropped_keep_their_statistics() -> None:
    await keep_days(DAY, 0)
    await _store([*call("call-1", MIDNIGHT), *call("call-2", MIDNIGHT + 7_200)])
    await recount_due()
    counted = await stored_counts()
    assert (await keep_days(DAY + timedelta(days=31), 30)).dropped == (DAY,)
    assert await CallRecord.all().count() == 0
    # What comes of that day now is not all that there was.
    await _store([*call("call-1", MIDNIGHT), *call("late", MIDNIGHT + 60)])
    assert await recount_due() == 2
    assert await waiting_minutes() == (0, 0)
    assert await recount_day(DAY) is None
    assert await stored_counts() == counted


@pytest.mark.usefixtures("committed")
async def test_calls_that_were_never_kept_by_a_day_keep_their_statistics() -> None:
    long_ago = MIDNIGHT - 20_000 * 86_400
    await _store([*call("call-1", long_ago), *call("call-2", long_ago + 1)])
    await recount_due()
    counted = await stored_counts()
    assert len(counted) == 6
    await keep_days(DAY, 30)
    assert await CallRecord.all().count() == 0
    await _store(call("call-1", long_ago))
    assert await recount_due() == 1
    assert await stored_counts() == counted


@pytest.mark.usefixtures("transaction")
async def test_minutes_go_first_and_hours_and_days_stay_right() -> None:
    """A call that comes when its minutes are gone is counted with all of its day."""
    await _store([*call("call-1", MIDNIGHT), *call("call-2", MIDNIGHT + 60)])
    await recount_due()
    now = datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=36)
    keep = {_MINUTE: 35, StatisticsResolution.HOUR: 0}
    assert await clear_statistics(now, keep) == 4
    assert await _attempts() == 0
    await _store(call("call-3", MIDNIGHT + 120))
    await recount_due()
    assert await _attempts(StatisticsResolution.HOUR) == 3
    assert await _attempts(StatisticsResolution.DAY) == 3
    await clear_statistics(now, keep)
    assert await _attempts() == 0
    assert await recount_day(DAY) == []


@pytest.mark.usefixtures("transaction")
async def test_hours_are_cleared_and_days_stay() -> None:
    await _store(call("call-1", MIDNIGHT))
    await recount_due()
    now = datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=10)
    await clear_statistics(now, dict.fromkeys([_MINUTE, StatisticsResolution.HOUR], 9))
    assert await CallStatistics.all().count() == 2
    await clear_statistics(now, {StatisticsResolution.DAY: 10})
    assert await CallStatistics.all().count() == 2
    await clear_statistics(now, {StatisticsResolution.DAY: 9})
    assert await CallStatistics.all().count() == 0
