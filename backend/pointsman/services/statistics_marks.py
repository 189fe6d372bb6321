"""Before when something that statistics are made from is not kept any more.

Who drops something moves its mark before, or in the same transaction, and under the lock of
recounts: they never take what is gone for what never was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.calls.call_statistics import StatisticsResolution, begin_of
from pointsman.database import transaction
from pointsman.services.statistics_due import lock_statistics

_RECORDS = "RECORDS"
_MOVE = (
    "INSERT INTO call_statistics_mark (name, before) VALUES ($1, $2) "
    "ON CONFLICT (name) DO UPDATE "
    "SET before = greatest(call_statistics_mark.before, EXCLUDED.before)"
)
_READ = "SELECT name, before FROM call_statistics_mark"
# A few at a time: nobody waits long for a recount.
_AT_ONCE = 10_000
_CLEAR = (
    "DELETE FROM call_statistics WHERE id IN (SELECT id FROM call_statistics "
    "WHERE resolution = $1 AND begins_at < $2 LIMIT $3) RETURNING id"
)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Marks:
    """Of calls, and of the counts of each resolution."""

    before: Mapping[str, datetime]

    @property
    def calls(self) -> datetime:
        """Calls that started earlier are gone, or some of them are."""
        return self.before.get(_RECORDS, _NEVER)

    def counts(self, resolution: StatisticsResolution) -> datetime:
        """Earlier counts are gone, or some of them are."""
        return self.before.get(resolution, _NEVER)

    @property
    def summable(self) -> datetime:
        """From then on days can be summed up from their hours, and hours from their minutes."""
        return max(self.counts(each) for each in
                   (StatisticsResolution.MINUTE, StatisticsResolution.HOUR))  # fmt: skip


async def read_marks(connection: BaseDBAsyncClient) -> Marks:
    """The marks; they stay while the transaction has the lock of recounts."""
    rows = await connection.execute_query_dict(_READ)
    return Marks({row["name"]: row["before"] for row in rows})


async def forget_calls(before: datetime) -> None:
    """Calls that started earlier are about to be dropped: what was counted of them stays as it is
    from now on."""
    async with transaction() as connection:
        await lock_statistics(connection)
        await connection.execute_query(_MOVE, [_RECORDS, before])


async def clear_statistics(now: datetime, keep_days: Mapping[StatisticsResolution, int]) -> int:
    """Delete the counts of each resolution that are more than so many days old, a whole day at a
    time; 0 keeps all. How many rows that were."""
    cleared = 0
    for resolution, days in keep_days.items():
        if days:
            before = begin_of(StatisticsResolution.DAY, now) - timedelta(days=days)
            cleared += await _clear(resolution, before)
    return cleared


async def _clear(resolution: StatisticsResolution, before: datetime) -> int:
    cleared = 0
    while True:
        async with transaction() as connection:
            await lock_statistics(connection)
            await connection.execute_query(_MOVE, [resolution, before])
            rows = await connection.execute_query_dict(_CLEAR, [resolution, before, _AT_ONCE])
        cleared += len(rows)
        if len(rows) < _AT_ONCE:
            return cleared
