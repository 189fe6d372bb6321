"""The days that calls are kept by: a partition a day of each of their tables, made ahead, and
dropped when their time has come, which costs nothing of what deleting rows would.

What starts on a day without a partition of its own is kept in the table's rest: a node whose clock
is wrong loses nothing, and what came before its day was made moves there with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.database import transaction

# In the order in which they are written to: who locks them all waits for nobody who waits for it.
TABLES = ("call_event", "call_event_conflict", "call_record", "call_attempt")
DAYS_AHEAD = 3
# What claims to be older stays in the rest: clocks that are wrong could make any number of days.
_MOST_BACK = 400
_DAY = timedelta(days=1)
# One process at a time looks after the days: the others have nothing to do.
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('call record days')) AS mine"
_MOVE = (
    "WITH moved AS (DELETE FROM {table}_rest WHERE started_at >= '{begin}' "
    "AND started_at < '{end}' RETURNING *) INSERT INTO {name} SELECT * FROM moved"
)
# Nobody waits long behind a partition that waits for somebody.
_WAIT = "SET LOCAL lock_timeout = '3s'"
_PARTITIONS = (
    "SELECT child.relname AS name FROM pg_inherits "
    "JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent "
    "WHERE parent.relname = $1 AND parent.relnamespace = current_schema()::regnamespace"
)


@dataclass(frozen=True, slots=True)
class Days:
    """What was made and what was dropped."""

    made: tuple[date, ...] = ()
    dropped: tuple[date, ...] = ()


async def keep_days(today: date, keep_days: int) -> Days:
    """Make the days that are missing, up to some ahead, and drop those more than `keep_days` before
    today, with their calls; 0 drops none."""
    made: list[date] = []
    dropped: list[date] = []
    for day in await _missing(today, keep_days):
        async with transaction() as connection:
            if await _is_ours(connection):
                await _make(connection, day)
                made.append(day)
    if keep_days:
        for day in await _outdated(today - keep_days * _DAY):
            async with transaction() as connection:
                if await _is_ours(connection):
                    await _drop(connection, day)
                    dropped.append(day)
        await _clear_rest(today - keep_days * _DAY)
    return Days(tuple(made), tuple(dropped))


async def _missing(today: date, keep_days: int) -> list[date]:
    """Today and some days ahead, and those before of which there are calls in the rest."""
    oldest = today - min(keep_days or _MOST_BACK, _MOST_BACK) * _DAY
    async with transaction() as connection:
        rows = await connection.execute_query_dict(
            "SELECT DISTINCT (started_at AT TIME ZONE 'UTC')::date AS day FROM call_event_rest "
            "WHERE started_at < $1",
            [_begin_of(today + (DAYS_AHEAD + 1) * _DAY)],
        )
        there = await _days_of(connection, "call_event")
    wanted = {today + ahead * _DAY for ahead in range(DAYS_AHEAD + 1)}
    wanted |= {row["day"] for row in rows if row["day"] >= oldest}
    return sorted(wanted - set(there))


async def _outdated(before: date) -> list[date]:
    async with transaction() as connection:
        return [day for day in await _days_of(connection, "call_event") if day < before]


async def _days_of(connection: BaseDBAsyncClient, table: str) -> list[date]:
    rows = await connection.execute_query_dict(_PARTITIONS, [table])
    prefix = f"{table}_"
    names = [row["name"].removeprefix(prefix) for row in rows]
    return sorted(date.fromisoformat(name) for name in names if name.isdigit())


async def _make(connection: BaseDBAsyncClient, day: date) -> None:
    """A day's partitions, with what the rest has of it."""
    begin, end = _begin_of(day).isoformat(), _begin_of(day + _DAY).isoformat()
    await connection.execute_script(f"LOCK TABLE {', '.join(TABLES)} IN SHARE ROW EXCLUSIVE MODE")
    for table in TABLES:
        name = _name_of(table, day)
        for statement in (
            f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            _MOVE.format(table=table, name=name, begin=begin, end=end),
            f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{begin}') TO ('{end}')",
        ):
            await connection.execute_script(statement)


async def _drop(connection: BaseDBAsyncClient, day: date) -> None:
    names = ", ".join(_name_of(table, day) for table in TABLES)
    await connection.execute_script(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
    await connection.execute_script(f"DROP TABLE {names}")


async def _clear_rest(before: date) -> None:
    async with transaction() as connection:
        for table in TABLES:
            await connection.execute_query(
                f"DELETE FROM {table}_rest WHERE started_at < $1",  # noqa: S608 -- our own names
                [_begin_of(before)],
            )


async def _is_ours(connection: BaseDBAsyncClient) -> bool:
    await connection.execute_script(_WAIT)
    rows: Sequence[dict[str, bool]] = await connection.execute_query_dict(_LOCK)
    return rows[0]["mine"]


def _name_of(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"


def _begin_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
