"""A directory of real snapshots, and what a router's feed makes of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import structs

from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.past_max_age import PastMaxAge
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.routing.configuration import Configuration
from pointsman.routing.tenant import Tenant
from pointsman.snapshots.catalog import Catalog
from pointsman.snapshots.files import data_file
from pointsman.snapshots.mapped_tenants import MappedTenants
from pointsman.snapshots.status import Status, write_status
from pointsman.snapshots.writer import SnapshotWriter
from tests.snapshots.memory import catalog_of, unseal

STARTED = 1_000_000.0


@dataclass
class Site:
    """A directory, and the time that its routers go by."""

    directory: Path
    now: float = STARTED
    writer: SnapshotWriter = field(init=False)

    def feed(
        self, max_age_s: float = 0.0, past_max_age: PastMaxAge = PastMaxAge.SERVE
    ) -> SnapshotFeed:
        """A router's that is started now."""
        return SnapshotFeed(
            self.directory,
            unseal,
            RouterMetrics(),
            max_age_s=max_age_s,
            past_max_age=past_max_age,
        )

    def publish(self, revision: int, *names: str) -> Catalog:
        """A snapshot of tenants of these names."""
        made = self.make(*(names or (f"tenant of {revision}",)))
        return self.writer.commit(
            structs.replace(made, revision=revision, published_us=revision * 1_000_000)
        )

    def make(self, *names: str) -> Catalog:
        """What is yet to be published."""
        tenants = tuple(Tenant(str(place), name) for place, name in enumerate(names))
        configuration = Configuration(revision=0, tenants=tenants)
        return catalog_of(configuration, self.writer.read, self.writer.add)

    def say(self, **said: Any) -> None:
        """The compiler's word."""
        write_status(self.directory, structs.replace(Status(heard_at=self.now), **said))

    def confirm(self) -> None:
        """That the snapshot is the newest."""
        self.say(connected=True, confirmed_at=self.now)


def names_of(feed: SnapshotFeed) -> list[str]:
    """The tenants of what decides calls."""
    assert feed.current is not None
    snapshot = feed.current.snapshot
    tenants = snapshot.tenants
    assert isinstance(tenants, MappedTenants)
    return [tenants[tenant_id].tenant.name for tenant_id in tenants.ids]


def refused(feed: SnapshotFeed) -> float:
    """How many files it did not take."""
    return feed._metrics.counters.total("files_refused")


def damage(directory: Path, catalog: Catalog, byte: bytes = b"\xc1") -> None:
    """The last byte of a tenant's part is another."""
    part = catalog.tenants["0"].part
    with data_file(directory, catalog.data_file).open("r+b") as output:
        output.seek(part.offset + part.length - 1)
        output.write(byte)
