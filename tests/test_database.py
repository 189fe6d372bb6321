import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from pointsman.database import (
    DATABASE_ERRORS,
    check_server,
    migrate,
    missing_migrations,
    transaction,
    unwritten_migrations,
)
from pointsman.database_url import connection_parameters
from pointsman.errors import BadEnvironment, BadSettings
from pointsman.models import Tenant
from pointsman.postgres import EmbeddedPostgres
from tests.conftest import bound, copy_database, discard, start_postgres


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p%40ss@db.example:5433/name",
            {
                "host": "db.example",
                "port": 5433,
                "user": "u",
                "password": "p@ss",
                "database": "name",
                "ssl": "prefer",
            },
        ),
        (
            "postgres://u@/name?host=%2Frun%2Fpg",
            {
                "host": "/run/pg",
                "port": 5432,
                "user": "u",
                "password": None,
                "database": "name",
                "ssl": "disable",
            },
        ),
        (
            "postgresql://db/name?sslmode=require",
            {
                "host": "db",
                "port": 5432,
                "user": None,
                "password": None,
                "database": "name",
                "ssl": "require",
            },
        ),
    ],
)
def test_a_url_is_read(url: str, expected: dict[str, Any]) -> None:
    assert connection_parameters(url) == {**expected, "target_session_attrs": "any"}


@pytest.mark.parametrize(
    "url", ["mysql://db/name", "postgresql://db", "db/name", "postgresql://db/name?timeout=3"]
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="POINTSMAN_DATABASE_URL"):
        connection_parameters(url)


def test_a_password_is_not_told() -> None:
    for url in ("postgresql://u:se/cret@db/name", "postgresql://u:[secret@db/name"):
        with pytest.raises(BadSettings) as caught:
            connection_parameters(url)
        assert not any(part in str(caught.value) for part in ("'se'", "secret"))


async def test_a_database_is_migrated_once(template_url: str) -> None:
    url = await copy_database(template_url, "empty")
    parameters = connection_parameters(url)
    connection = await asyncpg.connect(**parameters)
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await connection.close()
    async with bound(url):
        assert await missing_migrations() != []
    assert await migrate(url) != []
    assert await migrate(url) == []
    async with bound(url):
        assert await missing_migrations() == []


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(BadEnvironment, match="the database cannot be reached"):
        await check_server("postgresql://nobody@127.0.0.1:1/none")


async def test_the_migrations_say_all_that_the_models_do() -> None:
    assert await unwritten_migrations() is None


@pytest.fixture
async def own_postgres() -> AsyncIterator[EmbeddedPostgres]:
    """A migrated one that this process is bound to."""
    server = start_postgres()
    await migrate(server.url)
    async with bound(server.url):
        yield server
    discard(server)


async def _begin() -> None:
    async with transaction():
        await Tenant.all().count()


async def _begin_again_and_again() -> None:
    while True:
        await _begin()


async def test_a_task_whose_transaction_could_not_begin_asks_the_database_again(
    own_postgres: EmbeddedPostgres,
) -> None:
    await _begin()
    # Before the event loop hears of it: BEGIN goes to a connection that is gone.
    own_postgres.stop()
    with pytest.raises(DATABASE_ERRORS):
        await _begin()
    own_postgres.start()
    await _begin()


async def test_tasks_that_lost_the_database_at_any_moment_ask_it_again(
    own_postgres: EmbeddedPostgres,
) -> None:
    """Wherever they were in their transactions."""
    lost, back = asyncio.Barrier(11), asyncio.Event()

    async def ask() -> None:
        with pytest.raises(DATABASE_ERRORS):
            await _begin_again_and_again()
        await lost.wait()
        await back.wait()
        await _begin()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(ask())
        await asyncio.sleep(0.2)
        own_postgres.stop(signal.SIGQUIT)
        await lost.wait()
        own_postgres.start()
        back.set()


async def test_transactions_that_did_not_begin_leave_connections_for_others(
    own_postgres: EmbeddedPostgres,
) -> None:
    """As many as the pool has are given up while the database hangs."""
    pids = await asyncio.gather(*[_meet(meeting) for meeting in [asyncio.Barrier(10)] * 10])
    assert len(set(pids)) == 10
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    hanging = [asyncio.create_task(_begin()) for _ in pids]
    await asyncio.sleep(0.1)
    for task in hanging:
        task.cancel()
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    for task in hanging:
        with pytest.raises(asyncio.CancelledError):
            await task
    async with asyncio.timeout(10):
        await asyncio.gather(*[_begin() for _ in pids])


async def _meet(meeting: asyncio.Barrier) -> int:
    """The server process of a transaction that is there at the same time as others."""
    async with transaction() as connection:
        await meeting.wait()
        _, rows = await connection.execute_query("SELECT pg_backend_pid() AS pid")
        return int(rows[0]["pid"])
