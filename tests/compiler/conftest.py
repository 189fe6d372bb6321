"""A compiler that follows a real database, and a router's feed that follows it, in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pointsman.compiler.compiler import Compiler
from pointsman.compiler.full import compile_full
from pointsman.database_url import connection_parameters
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.models import Tenant
from pointsman.routing.sealed_trunk import Unseal
from pointsman.routing.snapshot import Snapshot
from pointsman.services.changes import CHANNEL
from pointsman.services.secrets import NO_KEYS
from pointsman.snapshots.catalog import Catalog
from pointsman.snapshots.mapped_tenants import MappedTenants
from pointsman.snapshots.writer import SnapshotWriter
from tests.compiler.both_ways import BothWays
from tests.compiler.partial_world import SECRETS
from tests.kamailio.conftest import Demo, demo, published_demo
from tests.waiting import until

__all__ = ["demo", "published_demo"]

NEVER_S = 3_600.0


@dataclass
class Following:
    """Both, and where they meet."""

    compiler: Compiler
    feed: SnapshotFeed
    metrics: RouterMetrics
    directory: Path

    @property
    def snapshot(self) -> Snapshot:
        """What decides calls."""
        assert self.feed.current is not None
        return self.feed.current.snapshot

    @property
    def tenant_names(self) -> set[str]:
        """The tenants of it."""
        tenants = self.snapshot.tenants
        assert isinstance(tenants, MappedTenants)
        return {tenants[tenant_id].tenant.name for tenant_id in tenants.ids}

    def compiles(self, what: str) -> int:
        """How often "full done" and the like was."""
        return self.compiler.status.compiles.get(what, 0)


@asynccontextmanager
async def following(
    url: str, directory: Path, *, poll_s: float = NEVER_S, unseal: Unseal = NO_KEYS.unseal
) -> AsyncIterator[Following]:
    """Both run while the block does; it begins with the first snapshot in use."""
    metrics = RouterMetrics()
    feed = SnapshotFeed(directory, unseal, metrics)
    with SnapshotWriter(directory) as writer:
        compiler = Compiler(
            writer,
            unseal,
            connection_parameters=connection_parameters(url),
            channel=CHANNEL,
            poll_s=poll_s,
        )
        tasks = [asyncio.create_task(compiler.follow()), asyncio.create_task(feed.follow())]
        try:
            await until(lambda: feed.current is not None)
            yield Following(compiler, feed, metrics, directory)
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


class SlowCompile:
    """Whole compiles that end when they may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self._go_on = asyncio.Event(), asyncio.Event()
        monkeypatch.setattr("pointsman.compiler.compiler.compile_full", self._compile)

    def go_on(self) -> None:
        """They may end."""
        self._go_on.set()

    async def _compile(self, *arguments: Any) -> Catalog:
        made = await compile_full(*arguments)
        self.begun.set()
        await self._go_on.wait()
        return made


@pytest.fixture
async def both(demo: Demo) -> BothWays:
    """The demo, compiled."""
    both = BothWays(SECRETS.unseal)
    await both.begin()
    return both


@pytest.fixture
async def acme(demo: Demo) -> Tenant:
    return await Tenant.get(name="Acme")
