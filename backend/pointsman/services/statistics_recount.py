"""Counting calls anew, by the minute, and adding minutes up to hours and days.

A minute is always counted as a whole, from the calls that are stored. So statistics are what a
recount of the calls comes to, in whatever order and however often calls were reported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.calls.call_statistics import (
    CALLING_CODES,
    EFFECTIVE_CODES,
    StatisticsLevel,
    StatisticsResolution,
    begin_of,
)
from pointsman.calls.delay_histogram import BOUNDS_MS
from pointsman.calls.event import first_key
from pointsman.database import transaction
from pointsman.services.statistics_due import (
    lock_statistics,
    newest_due,
    take_due,
    take_span,
    try_lock_statistics,
)
from pointsman.services.statistics_marks import Marks, read_marks
from pointsman.services.statistics_statements import ADD_UP, CLEAR, COUNT_MINUTES

# A transaction of so many busy minutes takes a second or two; who drops days waits for it.
_AT_ONCE = 20
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SUMS = (
    "SELECT resolution, level, begins_at, sum(attempts)::bigint AS attempts, "
    "sum(answered)::bigint AS answered, sum(duration_ms)::bigint AS duration_ms, "
    "md5(string_agg(told, ' ' ORDER BY told)) AS said FROM (SELECT *, (tenant_id, carrier, trunk, "
    "prefix, sip_code, attempts, answered, effective, timed, duration_ms, pdd_buckets, "
    "pdd_counts)::text AS told FROM call_statistics WHERE resolution = ANY($1) "
    "AND begins_at >= $2 AND begins_at < $3) AS counts GROUP BY resolution, level, begins_at"
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a minute, an hour or a day came to."""

    attempts: int = 0
    answered: int = 0
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A minute, an hour or a day that a recount changed. Where `before` and `after` are the same,
    it is of what they do not tell, such as which carrier had the calls."""

    resolution: StatisticsResolution
    level: StatisticsLevel
    begins_at: datetime
    before: Sums
    after: Sums


async def recount_due() -> int:
    """Count the minutes anew whose calls have changed by now; how many these were, 0 while another
    process does it."""
    newest, counted = await newest_due(), 0
    while taken := await _recount_some(newest):
        counted += taken
    return counted


async def recount_day(day: date) -> list[Difference] | None:
    """Count a day anew, whether or not it is due; what that changed, None where its calls are not
    kept any more."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    async with transaction() as connection:
        await lock_statistics(connection)
        marks = await read_marks(connection)
        if begin < marks.calls:
            return None
        kept = [each for each in StatisticsResolution if begin >= marks.counts(each)]
        before = await _sums_of(connection, kept, begin)
        await take_span(connection, begin, begin + _DAY)
        await _recount_whole_day(connection, begin)
        after = await _sums_of(connection, kept, begin)
    return list(_differences(before, after))


async def _recount_some(newest: int) -> int:
    async with transaction() as connection:
        if not await try_lock_statistics(connection):
            return 0
        due = await take_due(connection, newest, _AT_ONCE)
        if due:
            await _recount(connection, due, await read_marks(connection))
    return len(due)


async def _recount(connection: BaseDBAsyncClient, due: list[datetime], marks: Marks) -> None:
    """Of calls that came when their day had been dropped nothing is counted: the rest of it is
    gone. And where not all minutes of an hour are there, its day is counted as a whole."""
    kept = [minute for minute in due if minute >= marks.calls]
    minutes = [minute for minute in kept if minute >= marks.summable]
    for begin in _begins(StatisticsResolution.DAY, set(kept) - set(minutes)):
        await _recount_whole_day(connection, begin)
    for begin, end in _spans(minutes):
        await _count_minutes(connection, begin, end)
    for begin in _begins(StatisticsResolution.HOUR, minutes):
        await _add_up_hour(connection, begin)
    for begin in _begins(StatisticsResolution.DAY, minutes):
        await _add_up_day(connection, begin)


async def _recount_whole_day(connection: BaseDBAsyncClient, begin: datetime) -> None:
    for hour in range(24):
        await _count_minutes(connection, begin + hour * _HOUR, begin + (hour + 1) * _HOUR)
        await _add_up_hour(connection, begin + hour * _HOUR)
    await _add_up_day(connection, begin)


async def _count_minutes(connection: BaseDBAsyncClient, begin: datetime, end: datetime) -> None:
    await connection.execute_query(CLEAR, [StatisticsResolution.MINUTE, begin, end])
    await connection.execute_query(
        COUNT_MINUTES,
        [begin, end, first_key(begin), first_key(end), CALLING_CODES, EFFECTIVE_CODES, BOUNDS_MS],
    )


async def _add_up_hour(connection: BaseDBAsyncClient, begin: datetime) -> None:
    minute, hour = StatisticsResolution.MINUTE, StatisticsResolution.HOUR
    await connection.execute_query(CLEAR, [hour, begin, begin + _HOUR])
    await connection.execute_query(ADD_UP, [minute, hour, begin, begin + _HOUR])


async def _add_up_day(connection: BaseDBAsyncClient, begin: datetime) -> None:
    hour, day = StatisticsResolution.HOUR, StatisticsResolution.DAY
    await connection.execute_query(CLEAR, [day, begin, begin + _DAY])
    await connection.execute_query(ADD_UP, [hour, day, begin, begin + _DAY])


def _begins(resolution: StatisticsResolution, moments: Iterable[datetime]) -> list[datetime]:
    return sorted({begin_of(resolution, moment) for moment in moments})


def _spans(minutes: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """The minutes, those that follow each other together."""
    begin = end = None
    for minute in sorted(minutes):
        if minute != end:
            if begin is not None and end is not None:
                yield begin, end
            begin = minute
        end = minute + _MINUTE
    if begin is not None and end is not None:
        yield begin, end


_Key = tuple[StatisticsResolution, StatisticsLevel, datetime]


async def _sums_of(
    connection: BaseDBAsyncClient, resolutions: list[StatisticsResolution], begin: datetime
) -> dict[_Key, tuple[Sums, str]]:
    rows = await connection.execute_query_dict(_SUMS, [resolutions, begin, begin + _DAY])
    return {
        (
            StatisticsResolution(row["resolution"]),
            StatisticsLevel(row["level"]),
            row["begins_at"],
        ): (Sums(row["attempts"], row["answered"], row["duration_ms"]), row["said"])
        for row in rows
    }


def _differences(
    before: dict[_Key, tuple[Sums, str]], after: dict[_Key, tuple[Sums, str]]
) -> Iterator[Difference]:
    nothing = (Sums(), "")
    for key in sorted({*before, *after}, key=lambda key: (key[2], key[0], key[1])):
        was, is_now = before.get(key, nothing), after.get(key, nothing)
        if was != is_now:
            yield Difference(*key, was[0], is_now[0])
