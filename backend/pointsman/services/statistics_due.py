"""The minutes whose calls changed since they were counted.

Whoever changes calls notes their minutes in the same transaction, by rows of its own: the minute
and its calls become visible together, and nobody waits for anybody. A recount deletes the rows
that it sees, and reads calls only then, by a later statement. At READ COMMITTED each statement sees
what was committed before it began, so that a recount has seen the calls of every row that it
deleted; a transaction that commits later leaves its rows there, and the minutes are due again.
One row for several transactions (ON CONFLICT DO NOTHING) would not do: the second one would rely on
a row that a recount deletes which has not seen its calls. Recounts are made one at a time
(`lock_statistics`), or an older one could be written over a newer one.
"""

from collections.abc import Iterable
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.calls.call_statistics import StatisticsResolution, begin_of
from pointsman.database import transaction
from pointsman.models import CallStatisticsDue

_NOTE = (
    "INSERT INTO call_statistics_due (minute, noted_at) "
    "SELECT minute, now() FROM unnest($1::timestamptz[]) AS minute"
)
# Those that have waited longest, with all of their rows.
_TAKE = (
    "DELETE FROM call_statistics_due WHERE minute IN (SELECT minute FROM call_statistics_due "
    "WHERE id <= $1 GROUP BY minute ORDER BY min(id) LIMIT $2) RETURNING minute"
)
_TAKE_SPAN = "DELETE FROM call_statistics_due WHERE minute >= $1 AND minute < $2"
_WAITING = (
    "SELECT count(DISTINCT minute) AS minutes, "
    "coalesce(extract(epoch FROM now() - min(noted_at)), 0)::float AS seconds "
    "FROM call_statistics_due"
)
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('call statistics')) AS mine"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('call statistics'))"


async def note_due(connection: BaseDBAsyncClient, started: Iterable[datetime]) -> None:
    """Note that calls changed which started at these moments."""
    minutes = {begin_of(StatisticsResolution.MINUTE, moment) for moment in started}
    if minutes:
        await connection.execute_query(_NOTE, [sorted(minutes)])


async def take_due(connection: BaseDBAsyncClient, newest: int, most: int) -> list[datetime]:
    """Take some minutes that were noted by rows up to `newest`; they are the caller's to count."""
    rows = await connection.execute_query_dict(_TAKE, [newest, most])
    return sorted({row["minute"] for row in rows})


async def take_span(connection: BaseDBAsyncClient, begin: datetime, end: datetime) -> None:
    """Take all minutes of a span of time."""
    await connection.execute_query(_TAKE_SPAN, [begin, end])


async def newest_due() -> int:
    """The newest row, 0 without any."""
    found = await CallStatisticsDue.all().order_by("-id").first()
    return found.id if found else 0


async def waiting_minutes() -> tuple[int, float]:
    """How many minutes wait, and for how many seconds the first of them has."""
    async with transaction() as connection:
        (row,) = await connection.execute_query_dict(_WAITING)
    return row["minutes"], row["seconds"]


async def try_lock_statistics(connection: BaseDBAsyncClient) -> bool:
    """Whether this transaction may count; not while another one does."""
    (row,) = await connection.execute_query_dict(_TRY_LOCK)
    return bool(row["mine"])


async def lock_statistics(connection: BaseDBAsyncClient) -> None:
    """Have nobody else count until this transaction is over."""
    await connection.execute_query(_LOCK)
