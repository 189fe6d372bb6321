"""The way to PostgreSQL: Tortoise's configuration, the connection, the migrations."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from aerich import Command
from aerich.models import Aerich
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connections
from tortoise.context import TortoiseContext
from tortoise.exceptions import (
    BaseORMException,
    DBConnectionError,
    OperationalError,
    TransactionManagementError,
)
from tortoise.transactions import in_transaction

from pointsman.database_url import connection_parameters
from pointsman.errors import BadEnvironment

MIGRATIONS = Path(__file__).parent / "migrations"
_APP = "models"
_MIN_VERSION = 150_000
_CONNECT_TIMEOUT_S = 10
# What a database that is not there, or not well, comes to.
DATABASE_ERRORS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    BaseORMException,
)
# What a database that is not there comes to, and is not when a statement of ours is wrong.
DATABASE_GONE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    DBConnectionError,
)
# Held while migrating, so that two instances that start together do it one after the other.
_MIGRATION_LOCK = 0x706F696E74736D


def error_text(error: BaseException) -> str:
    """What went wrong with the database, also where the error itself says nothing."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def tortoise_config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for a database URL."""
    credentials = {
        **connection_parameters(url),
        "minsize": 1,
        "maxsize": 10,
        "timeout": _CONNECT_TIMEOUT_S,
        "command_timeout": 30,
        "application_name": "pointsman",
    }
    return {
        "connections": {
            "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
        },
        "apps": {
            _APP: {
                "models": ["pointsman.models", "aerich.models"],
                "default_connection": "default",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    """Tortoise bound to the database while the block runs, for every task of the process."""
    async with TortoiseContext() as context:
        await context.init(config=tortoise_config(url), _enable_global_fallback=True)
        yield


@asynccontextmanager
async def connected_and_migrated(url: str) -> AsyncIterator[None]:
    """As `connected`; raises BadEnvironment for a database that is not there or not migrated."""
    await check_server(url)
    async with connected(url):
        if missing := await missing_migrations():
            raise BadEnvironment(
                f"the database lacks the migrations {', '.join(missing)}: run pointsman migrate"
            )
        yield


@asynccontextmanager
async def transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """Tortoise's transaction: of all that this task asks of the database within the block.

    Tortoise (1.1.9) leaves it half ended where the database is lost: where BEGIN fails the pool
    does not get the connection back, and where that or the giving back fails the task goes on
    asking what is no transaction any more.
    """
    entered = in_transaction()
    try:
        try:
            connection = await entered.__aenter__()
        except BaseException:
            if hasattr(entered, "token"):  # it has a connection
                # The one error that it answers without asking the database to roll back.
                with suppress(*DATABASE_ERRORS):
                    await entered.__aexit__(TransactionManagementError, None, None)
            raise
        async with AsyncExitStack() as stack:
            stack.push_async_exit(entered)
            yield connection
    finally:
        if hasattr(entered, "token"):
            with suppress(ValueError):  # of a token that was used, as most are
                get_connections().reset(entered.token)


async def check_server(url: str) -> None:
    """Raise BadEnvironment when the database cannot be reached or is too old."""
    try:
        connection = await asyncpg.connect(**connection_parameters(url), timeout=_CONNECT_TIMEOUT_S)
    except DATABASE_ERRORS as error:
        raise BadEnvironment(
            f"the database cannot be reached ({error_text(error)}): start it (pointsman serve "
            "does, where POINTSMAN_DATABASE_URL is not set), or correct POINTSMAN_DATABASE_URL"
        ) from error
    try:
        version = int(await connection.fetchval("SHOW server_version_num"))
    finally:
        await connection.close()
    if version < _MIN_VERSION:
        raise BadEnvironment(f"PostgreSQL 15 or newer is needed, this is {version // 10_000}")


async def migrate(url: str) -> list[str]:
    """Bring the schema up to date; the names of the migrations applied."""
    await check_server(url)
    lock = await asyncpg.connect(**connection_parameters(url))
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
        # aerich leaves its connection bound to the context that it ran in.
        async with (
            TortoiseContext(),
            Command(tortoise_config(url), _APP, str(MIGRATIONS)) as command,
        ):
            return await command.upgrade(run_in_transaction=True)
    finally:
        await lock.close()


async def missing_migrations() -> list[str]:
    """The migrations that the connected database lacks."""
    try:
        applied = {row.version for row in await Aerich.filter(app=_APP).only("version")}
    except OperationalError:
        applied = set()
    return [name for name in _migration_files() if name not in applied]


async def unwritten_migrations() -> str | None:
    """The migration that is not written yet: None when the migrations say all the models do.

    Looks at a copy of the folder, since aerich's own answer does not tell.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(MIGRATIONS / _APP, copy / _APP)
        written = await write_migration("drift", copy)
        return written.read_text() if written else None


async def write_migration(name: str, folder: Path = MIGRATIONS) -> Path | None:
    """Write the migration for what changed in the models, if anything did; needs no database."""
    before = set((folder / _APP).iterdir())
    config = tortoise_config("postgresql://nobody@localhost/none")
    command = Command(config, _APP, str(folder))
    async with TortoiseContext():
        await command.init(offline=True)
        await command.migrate(name, offline=True, no_input=True)
    written = [path for path in (folder / _APP).glob("*.py") if path not in before]
    return written[0] if written else None


def _migration_files() -> list[str]:
    folder = MIGRATIONS / _APP
    return sorted(
        (path.name for path in folder.glob("*.py") if path.stem.split("_")[0].isdigit()),
        key=lambda name: int(name.split("_")[0]),
    )
