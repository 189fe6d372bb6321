"""A real, migrated PostgreSQL for the whole run, and a transaction for each test, rolled back."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import hypothesis
import pytest
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from pointsman.auth import Principal
from pointsman.database import migrate, tortoise_config
from pointsman.database_url import connection_parameters
from pointsman.postgres import DATABASE, EmbeddedPostgres

# No test asserts timing.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Nothing of a test's database is worth waiting for the disk.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_postgres(options: Mapping[str, str] | None = None) -> EmbeddedPostgres:
    """A PostgreSQL of a test's own, in a folder of its own; `options` are server settings."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-test-"))
    directory.chmod(0o755)
    server = EmbeddedPostgres(directory, {**_FAST, "max_connections": "50", **(options or {})})
    server.start()
    return server


def discard(server: EmbeddedPostgres) -> None:
    """Stop a test's PostgreSQL and delete its folder."""
    server.stop()
    shutil.rmtree(server.directory)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def promtool() -> str:
    """The path of promtool, where deploy/development/promtool.sh leaves it too."""
    build = Path(__file__).parents[1] / "build"
    found = shutil.which("promtool", path=f"{os.environ['PATH']}:{build}")
    if found is None:
        require("promtool")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    server = start_postgres()
    yield server
    discard(server)


@pytest.fixture(scope="session")
async def template_url(postgres: EmbeddedPostgres) -> str:
    """A migrated database that stays empty."""
    await migrate(postgres.url)
    return postgres.url


@pytest.fixture(scope="session")
async def rollback_database(template_url: str) -> AsyncIterator[None]:
    """A copy of it that tests share, each in a transaction that is rolled back."""
    async with bound(await copy_database(template_url, "rolled_back")):
        yield


@pytest.fixture
async def transaction(rollback_database: None) -> AsyncIterator[None]:
    """The transaction that a test runs in; the application's own become savepoints of it."""
    async with in_transaction() as connection:
        yield
        await connection.rollback()


@asynccontextmanager
async def bound(url: str) -> AsyncIterator[None]:
    """Tortoise bound to a database in this test's context alone, unlike `connected`."""
    async with TortoiseContext() as context:
        await context.init(config=tortoise_config(url))
        yield


@pytest.fixture
def admin() -> Principal:
    return Principal("test administrator")


async def copy_database(template_url: str, name: str) -> str:
    """A database of its own, migrated and empty; its URL."""
    parameters = {**connection_parameters(template_url), "database": "postgres"}
    connection = await asyncpg.connect(**parameters)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {DATABASE}')
    finally:
        await connection.close()
    return template_url.replace(f"/{DATABASE}?", f"/{name}?")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with real SIP last: what they stand on is tested before."""
    items.sort(key=lambda item: "tests/sip/" in item.path.as_posix())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED HERE", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} tests were left out, for the reasons above.")
        terminalreporter.write_line("CI fails where they cannot run.")


def require(*missing: str) -> None:
    """Leave a test out for what is missing here; in CI that is a failure."""
    if not missing:
        return
    reason = f"missing on this machine: {', '.join(missing)} (make test installs it as root)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
