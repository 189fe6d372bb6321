"""A database with the demo in it, of a test's own; and a PostgreSQL that a test may break."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pointsman.auth import Principal
from pointsman.database import migrate
from pointsman.demo import load_demo
from pointsman.kamailio.snapshot_feed import Published
from pointsman.postgres import EmbeddedPostgres
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound, discard, start_postgres
from tests.faults.running_router import RunningRouter
from tests.kamailio.conftest import Demo, demo, published_demo

__all__ = ["demo", "published_demo"]


@pytest.fixture(scope="module")
def breakable() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL; what it has committed outlives its crash."""
    server = start_postgres({"synchronous_commit": "on"})
    yield server
    discard(server)


@pytest.fixture(scope="module")
async def broken_demo(breakable: EmbeddedPostgres) -> Demo:
    """The demo in it."""
    await migrate(breakable.url)
    async with bound(breakable.url):
        await load_demo()
        token = await create_kamailio_node(Principal("test"), name="node-1")
    return Demo(breakable.url, token, "")


@pytest.fixture
async def bound_demo(broken_demo: Demo, breakable: EmbeddedPostgres) -> AsyncIterator[Demo]:
    """Bound to the test, to be changed by it."""
    if not breakable.running:
        breakable.start()
    async with bound(broken_demo.url):
        yield broken_demo


@pytest.fixture
def own_router(demo: Demo, tmp_path: Path) -> Iterator[RunningRouter]:
    """A router on a database that the test changes, not started yet."""
    router = RunningRouter(demo.url, tmp_path)
    yield router
    router.stop()


@pytest.fixture
def router(published_demo: tuple[Demo, Published], tmp_path: Path) -> Iterator[RunningRouter]:
    """A router on one that no test changes, not started yet."""
    router = RunningRouter(published_demo[0].url, tmp_path)
    yield router
    router.stop()


@pytest.fixture
def token(published_demo: tuple[Demo, Published]) -> str:
    """Of a node that asks it."""
    return published_demo[0].token
