"""A database with the demo in it, committed, for what reads it from another connection; and a
directory of snapshots."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from pointsman.auth import Principal
from pointsman.demo import load_demo
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.snapshot_feed import Published
from pointsman.routing.snapshot import compile_snapshot
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.snapshots import load_configuration
from pointsman.snapshots.writer import SnapshotWriter
from tests.conftest import bound, copy_database
from tests.kamailio.site import Site


@dataclass(frozen=True)
class Demo:
    """The demo's database and the tokens of its two nodes; the second is trusted by address."""

    url: str
    token: str
    trusted_token: str


@pytest.fixture
async def demo(template_url: str) -> AsyncIterator[Demo]:
    """Bound to the test, to be changed by it."""
    url = await copy_database(template_url, "demo")
    async with bound(url):
        yield await _load(url)


@pytest.fixture(scope="session")
async def published_demo(template_url: str) -> tuple[Demo, Published]:
    """Its snapshot, as a router uses it."""
    url = await copy_database(template_url, "published_demo")
    async with bound(url):
        demo = await _load(url)
        snapshot = compile_snapshot(await load_configuration())
    return demo, Published(snapshot, NodeAccess(snapshot.kamailio_nodes), time.time())


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site(tmp_path / "snapshots")
    monkeypatch.setattr(
        "pointsman.kamailio.snapshot_feed.time", SimpleNamespace(time=lambda: site.now)
    )
    with SnapshotWriter(site.directory) as site.writer:
        yield site


async def _load(url: str) -> Demo:
    await load_demo()
    by = Principal("test")
    token = await create_kamailio_node(by, name="node-1", sockets=["127.0.0.1:5070"])
    trusted = await create_kamailio_node(by, name="node-2", trusted_cidrs=["192.0.2.0/30"])
    return Demo(url, token, trusted)
