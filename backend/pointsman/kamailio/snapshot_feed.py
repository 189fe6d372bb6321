"""Keeps a router's snapshot at what the compiler has put on disk.

The router has no database: it looks at one small file, many times a second. What is damaged or of
another format never replaces what is in use.
"""

import asyncio
import time
from pathlib import Path

import structlog
from msgspec import MsgspecError, Struct

from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.past_max_age import PastMaxAge
from pointsman.routing.sealed_trunk import Unseal
from pointsman.routing.snapshot import Snapshot
from pointsman.snapshots.catalog import BadSnapshot, Catalog
from pointsman.snapshots.files import (
    CATALOG,
    PREVIOUS,
    STATUS,
    DataFile,
    load_catalog,
)
from pointsman.snapshots.mapped import Mapper
from pointsman.snapshots.status import Status, load_status

# A look at a file that has not changed takes some microseconds.
_LOOK_S = 0.02
# How long a start waits for the compiler's word that the snapshot on disk is the newest.
_FIRST_WORD_S = 1.0
_ALIVE_S = 1.0
_LOOK_AGAIN_S = 1.0
# To look at more than this keeps calls waiting.
_MANY_BYTES = 1_000_000
# What a file comes to that cannot be used.
_UNUSABLE = (BadSnapshot, OSError, LookupError, ValueError, OverflowError, MsgspecError)

log = structlog.get_logger()


class Published(Struct, frozen=True):
    """A snapshot in use, who may ask about it, when it was loaded and when its revision was made
    (Unix time), its size in bytes, and how many trunks lack a credential."""

    snapshot: Snapshot
    access: NodeAccess
    loaded_at: float
    published_at: float = 0.0
    size: int = 0
    secrets_lacking: int = 0


class SnapshotFeed:
    """Follows the snapshots in a directory.

    `max_age_s` is how long after the last confirmation a snapshot is too old, 0 for never.
    """

    def __init__(
        self,
        directory: Path,
        unseal: Unseal,
        metrics: RouterMetrics,
        *,
        max_age_s: float = 0.0,
        past_max_age: PastMaxAge = PastMaxAge.SERVE,
    ) -> None:
        self._directory = directory
        self._mapper = Mapper(unseal)
        self._metrics = metrics
        self._max_age_s, self._past_max_age = max_age_s, past_max_age
        self._data: DataFile | None = None
        self._catalog: Catalog | None = None
        # Why a file is not used, by its name.
        self._refused: dict[str, str] = {}
        self._look_again_at = 0.0
        self._looks: dict[str, tuple[int, int, int]] = {}
        self._started_at = time.time()
        self._alive_at = 0.0
        self._confirmed_at = 0.0
        self.held: Published | None = None
        # What decides calls: the one that is held, unless `refusal` says why it does not.
        self.current: Published | None = None
        self.refusal = "NO_SNAPSHOT"
        self.status: Status | None = None
        metrics.status = lambda: self.status
        metrics.snapshot_bytes = lambda: self.held.size if self.held else 0
        metrics.secrets_lacking = lambda: self.held.secrets_lacking if self.held else 0

    @property
    def confirmed_at(self) -> float:
        """When the snapshot was last known to be the newest (Unix time), 0 for never."""
        return self._confirmed_at

    @property
    def is_too_old(self) -> bool:
        """Whether it was confirmed longer ago than it may be."""
        return 0 < self._max_age_s < time.time() - self.confirmed_at

    def part_views(self) -> dict[bytes, memoryview]:
        """The part of each owner in the snapshot that is held, by what tells it from others."""
        if self._catalog is None or self._data is None:
            return {}
        owners = (self._catalog.platform, *self._catalog.tenants.values())
        return {owner.part.identity: self._data.view(owner.part) for owner in owners}

    async def begin(self) -> None:
        """Look until it is known what decides calls: a router that serves before has to refuse
        them. Where nothing is on disk, there is nothing to wait for."""
        while await self._look_again() and self._is_waiting:  # noqa: ASYNC110 -- for a file
            await asyncio.sleep(_LOOK_S)

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:
            wait_s = _LOOK_S if await self._look_again() else _LOOK_AGAIN_S
            await asyncio.sleep(wait_s)

    async def _look_again(self) -> bool:
        try:
            await self.look()
        except Exception:
            log.exception("the snapshot cannot be followed, trying again")
            return False
        return True

    @property
    def _is_waiting(self) -> bool:
        return self.held is not None and self.refusal == "NO_SNAPSHOT"

    async def look(self) -> None:
        """Take what is new."""
        try:
            if self._has_changed(STATUS):
                self.status = load_status(self._directory)
            if self._has_new_catalog() or 0 < self._look_again_at < time.time():
                self._look_again_at = 0.0
                await self._take()
            if CATALOG not in self._refused:
                # Else what is confirmed is not what is held.
                self._confirmed_at = self.status.confirmed_at if self.status else 0.0
        finally:
            now = time.time()
            if now - self._alive_at > _ALIVE_S:
                self._alive_at = now
                self._metrics.set("alive_at", now)
            self._choose(now)

    async def _take(self) -> None:
        for name in (CATALOG, PREVIOUS) if self.held is None else (CATALOG,):
            try:
                catalog = load_catalog(self._directory, name)
                if catalog is not None:
                    await self._map(catalog)
                    self._refused.pop(name, None)
                    return
            except _UNUSABLE as error:
                if self._has_changed(CATALOG):
                    # Replaced meanwhile, and what it referred to may be gone: no damage.
                    del self._looks[CATALOG]
                    return
                self._refuse(name, str(error))

    def _refuse(self, name: str, why: str) -> None:
        """What is damaged may be made good; it is looked at again in a while."""
        self._look_again_at = time.time() + _LOOK_AGAIN_S
        if why != self._refused.get(name):
            self._refused[name] = why
            self._metrics.add("files_refused")
            held = self.held.snapshot.revision if self.held else None
            log.error("a snapshot on disk is refused", file=name, error=why, goes_on_with=held)

    async def _map(self, catalog: Catalog) -> None:
        data = self._data
        if data is not None and data.number == catalog.data_file and data.is_at(self._directory):
            await self._map_parts(catalog, data, self._catalog)
            return
        # A directory that was deleted and made anew has other files of the same numbers.
        data, former = DataFile(self._directory, catalog.data_file), self._data
        try:
            await self._map_parts(catalog, data, None)
        except Exception:
            data.close()
            raise
        if former is not None:
            former.close()

    async def _map_parts(self, catalog: Catalog, data: DataFile, former: Catalog | None) -> None:
        new = [*catalog.new_blobs(former)]
        if sum(blob.length for blob in new) > _MANY_BYTES:
            # Hashing lets other threads run.
            await asyncio.to_thread(data.verify, new)
        else:
            data.verify(new)
        data.map(new)
        snapshot = self._mapper.map(catalog, data)
        data.forget_unused(catalog)
        self._data, self._catalog = data, catalog
        self._hold(snapshot, catalog)

    def _hold(self, snapshot: Snapshot, catalog: Catalog) -> None:
        self.held = Published(
            snapshot,
            NodeAccess(snapshot.kamailio_nodes),
            loaded_at=time.time(),
            published_at=catalog.published_us / 1_000_000,
            size=catalog.size,
            secrets_lacking=sum(map(len, catalog.secrets_lacking.values())),
        )
        self._metrics.set("revision", snapshot.revision)
        self._metrics.set("loaded_at", self.held.loaded_at)
        self._metrics.set("published_at", self.held.published_at)
        log.info("snapshot in use", revision=snapshot.revision)

    def _choose(self, now: float) -> None:
        """What decides calls from now on."""
        held = self.held
        if held is None or (self.current is None and not self._may_begin(now)):
            refusal = "NO_SNAPSHOT"
        elif self.is_too_old and self._past_max_age is PastMaxAge.REFUSE:
            refusal = "SNAPSHOT_TOO_OLD"
        else:
            refusal = ""
        if refusal != self.refusal and "TOO_OLD" in refusal + self.refusal:
            log.error("the snapshot is older than it may be" if refusal else "it is not any more",
                      confirmed_at=self.confirmed_at)  # fmt: skip
        self.refusal = refusal
        self.current = None if refusal else held

    def _may_begin(self, now: float) -> bool:
        """Whether the first snapshot may decide calls: the compiler has said that it is the newest,
        or that it has no database; or has been waited for long enough."""
        if self.refusal == "SNAPSHOT_TOO_OLD" or now - self._started_at > _FIRST_WORD_S:
            return True
        status = self.status
        if status is None or status.heard_at < self._started_at:
            return False
        return not status.connected or status.confirmed_at >= self._started_at

    def _has_new_catalog(self) -> bool:
        """With nothing in use the one before is as good as none."""
        changed = self._has_changed(CATALOG)
        return changed or (self.held is None and self._has_changed(PREVIOUS))

    def _has_changed(self, name: str) -> bool:
        try:
            found = (self._directory / name).stat()
        except FileNotFoundError:
            return False
        except OSError as error:  # which reading it will tell
            look = (error.errno or 0, 0, 0)
        else:
            look = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._looks.get(name) == look:
            return False
        self._looks[name] = look
        return True
