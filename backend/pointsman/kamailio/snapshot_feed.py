"""Keeps a router's snapshot at the newest revision.

Notifications arrive at once, a poll stands behind them, and when the database is gone the
last snapshot goes on deciding. A configuration that does not compile never replaces one that
does.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import asyncpg
import structlog
from msgspec import Struct

from pointsman.database import DATABASE_ERRORS, error_text
from pointsman.kamailio.node_access import NodeAccess
from pointsman.routing.configuration import Configuration
from pointsman.routing.routing_rule import BadRegex
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.telemetry import RouterMetrics

_RETRY_S = 0.5
_TIMEOUT_S = 10.0
# Of many in one line of the log.
_MOST_NAMED = 20

_NEWEST = "SELECT id, created_at FROM config_revision ORDER BY id DESC LIMIT 1"

_Stamp = tuple[int, datetime]

log = structlog.get_logger()


class Published(Struct, frozen=True):
    """A snapshot in use, who may ask about it, and when it was loaded (Unix time)."""

    snapshot: Snapshot
    access: NodeAccess
    loaded_at: float


class SnapshotFeed:
    """Follows the configuration of one database.

    `connection_parameters` are asyncpg's; `load` reads the configuration of the database that
    it is bound to, which is the same.
    """

    def __init__(
        self,
        *,
        connection_parameters: dict[str, Any],
        channel: str,
        load: Callable[[], Awaitable[Configuration]],
        metrics: RouterMetrics,
        poll_s: float,
    ) -> None:
        self._connection_parameters = connection_parameters
        self._channel = channel
        self._load = load
        self._metrics = metrics
        self._poll_s = poll_s
        self.current: Published | None = None
        self.confirmed_at: float | None = None
        self.connected = False
        self._told_of_no_database = False
        # The newest revision that was loaded, or that does not compile: its number and time.
        self._seen: _Stamp | None = None

    async def follow(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self._follow_connection()
            except DATABASE_ERRORS as error:
                if not self._told_of_no_database:
                    held = self.current.snapshot.revision if self.current is not None else None
                    log.warning(
                        "the database cannot be followed",
                        error=error_text(error),
                        goes_on_with=held,
                    )
                self._told_of_no_database = True
                self.connected = False
            except Exception:
                log.exception("following the configuration failed, trying again")
                self.connected = False
            await asyncio.sleep(_RETRY_S)

    async def _follow_connection(self) -> None:
        connection = await asyncpg.connect(
            **self._connection_parameters, timeout=_TIMEOUT_S, command_timeout=_TIMEOUT_S
        )
        try:
            changed = asyncio.Event()
            connection.add_termination_listener(lambda _: changed.set())
            await connection.add_listener(self._channel, lambda *_: changed.set())
            # A database that was restored meanwhile may have the number that we have.
            self._seen = None
            while not connection.is_closed():
                changed.clear()
                await self._take(await connection.fetchrow(_NEWEST))
                await _wait(changed, self._poll_s)
        finally:
            connection.terminate()
        raise ConnectionError("the connection was closed")

    async def _take(self, row: asyncpg.Record) -> None:
        stamp: _Stamp = tuple(row)
        if not self.connected:
            log.info("following the database", revision=stamp[0])
        self.connected, self._told_of_no_database = True, False
        if stamp != self._seen:
            await self._swap(stamp)
        if self.current is not None and self.current.snapshot.revision >= stamp[0]:
            self.confirmed_at = time.time()
            self._metrics.snapshot_confirmed.set(self.confirmed_at)

    async def _swap(self, newest: _Stamp) -> None:
        configuration = await asyncio.wait_for(self._load(), _TIMEOUT_S * 6)
        try:
            snapshot = compile_snapshot(configuration)
            published = Published(
                snapshot, NodeAccess(snapshot.kamailio_nodes), loaded_at=time.time()
            )
        except (BadRegex, KeyError, ValueError) as error:
            # Not asked for again until the next change.
            self._seen = newest
            self._metrics.snapshot_failures.inc()
            log.error("the configuration does not compile, the last snapshot stays",
                      revision=newest[0], error=str(error))  # fmt: skip
            return
        self.current, self._seen = published, newest
        self._metrics.snapshot_revision.set(snapshot.revision)
        self._metrics.snapshot_loaded.set(published.loaded_at)
        log.info("snapshot in use", revision=snapshot.revision)
        self._tell_of_secrets(configuration)

    def _tell_of_secrets(self, configuration: Configuration) -> None:
        """A trunk without its credential goes on without it: its callers are unknown, its far end
        refuses what it challenges. That is never silent."""
        lacking = [trunk.name for trunk in configuration.trunks if trunk.lacks_secret]
        self._metrics.snapshot_secrets_lacking.set(len(lacking))
        if lacking:
            log.error(
                "no key of POINTSMAN_SECRET_KEYS opens the credentials of these trunks",
                trunks=lacking[:_MOST_NAMED],
                count=len(lacking),
            )


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return
