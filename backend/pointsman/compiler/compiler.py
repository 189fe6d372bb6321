"""Keeps the snapshot on disk at the newest revision.

Notifications arrive at once, a poll stands behind them. A change compiles what it touched. Where
nobody can tell what that is (a database that is not the one of the last snapshot, a revision
without records) everything is compiled; so it is each time that the database is found again,
behind the changes that arrive meanwhile, since it may have been restored. What does not compile
leaves the last snapshot as it is.
"""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from msgspec import structs

from pointsman.compiler.check import check_catalog
from pointsman.compiler.faults import DoesNotCompile
from pointsman.compiler.full import compile_full
from pointsman.compiler.partial import compile_partial
from pointsman.compiler.snapshot_events import SnapshotEvents
from pointsman.compiler.store import Store
from pointsman.compiler.touched import Touched, find_changes
from pointsman.database import DATABASE_ERRORS, error_text
from pointsman.routing.sealed_trunk import Unseal
from pointsman.services.changes import EVERYTHING
from pointsman.services.snapshots import Reading, reading
from pointsman.snapshots.catalog import BadSnapshot, Catalog
from pointsman.snapshots.status import resume_status, write_status
from pointsman.snapshots.writer import CannotWrite, SnapshotWriter

_RETRY_S = 0.5
_TIMEOUT_S = 10.0
# Of many in one line of the log.
_MOST_NAMED = 20
_PROGRESS_S = 2.0
_NEWEST = "SELECT max(id) FROM config_revision"

log = structlog.get_logger()


class Compiler:
    """Follows the configuration of the database that the process is bound to.

    `connection_parameters` are asyncpg's, of the same database.
    """

    def __init__(
        self,
        writer: SnapshotWriter,
        unseal: Unseal,
        *,
        connection_parameters: dict[str, Any],
        channel: str,
        poll_s: float,
    ) -> None:
        self._writer = writer
        self._connection_parameters = connection_parameters
        self._channel = channel
        self._poll_s = poll_s
        self._store = Store(writer.read, writer.add, unseal)
        self._publishing = asyncio.Lock()
        self._events = SnapshotEvents()
        # The newest revision that does not compile, and the one of which not everything does: not
        # tried again before there is another.
        self._failed_revision: int | None = None
        self._failed_whole: int | None = None
        self.status = resume_status(writer.directory, has_snapshot=writer.catalog is not None)

    async def follow(self) -> None:
        """Follow until cancelled."""
        async with self._events.told():
            await self._follow_always()

    async def _follow_always(self) -> None:
        while True:
            try:
                await self._follow_connection()
            except DATABASE_ERRORS as error:
                self._lose_database(error_text(error))
            except BadSnapshot as error:
                self._leave_damage(str(error))
            except Exception as error:
                log.exception("following the configuration failed, trying again")
                self._lose_database(error_text(error))
            await asyncio.sleep(_RETRY_S)

    async def _follow_connection(self) -> None:
        connection = await asyncpg.connect(
            **self._connection_parameters, timeout=_TIMEOUT_S, command_timeout=_TIMEOUT_S
        )
        changed, everything = asyncio.Event(), asyncio.Event()
        # A database that was restored may have the revision that we have.
        everything.set()
        self._failed_revision = self._failed_whole = None

        def hear(_connection: object, _pid: int, _channel: str, payload: str) -> None:
            if payload == EVERYTHING:
                everything.set()
            changed.set()

        background: asyncio.Task[bool] | None = None
        try:
            connection.add_termination_listener(lambda _: changed.set())
            await connection.add_listener(self._channel, hear)
            while not connection.is_closed():
                changed.clear()
                newest: int = await connection.fetchval(_NEWEST)
                self._find_database(newest)
                if background is not None and background.done():
                    if not background.result():
                        everything.set()
                    background = None
                if await self._catch_up(newest) == "full":
                    everything.clear()
                if everything.is_set() and background is None and self._failed_whole != newest:
                    everything.clear()
                    background = asyncio.create_task(self._try_everything())
                    background.add_done_callback(lambda _: changed.set())
                await _wait(changed, self._poll_s)
        finally:
            connection.terminate()
            await _cancel(background)
        raise ConnectionError("the connection was closed")

    async def _catch_up(self, newest: int) -> str:
        """Compile what has changed since the last snapshot, if anything has; by what kind of
        compile, "" for none."""
        kind = ""
        async with self._publishing:
            base = self._writer.catalog
            if (base is None or base.revision != newest) and self._failed_revision != newest:
                async with reading() as read:
                    kind = await self._compile_changes(read, base)
        catalog = self._writer.catalog
        if catalog is not None and catalog.revision >= newest:
            self.status.confirmed_at = time.time()
        self._say()
        return kind

    async def _compile_changes(self, read: Reading, base: Catalog | None) -> str:
        touched = None if base is None else await find_changes(base)
        if base is None or touched is None:
            await self._publish("full", read, compile_full(read, self._store, self._progress))
            return "full"
        await self._publish("partial", read, compile_partial(read, base, touched, self._store))
        return "partial"

    async def _try_everything(self) -> bool:
        """As `_compile_everything`, which is tried again when this ends without success: so it then
        rests for as long as it worked."""
        started = time.monotonic()
        done = await self._compile_everything()
        if not done:
            await asyncio.sleep(max(_RETRY_S, time.monotonic() - started))
        return done

    async def _compile_everything(self) -> bool:
        """A whole snapshot, and what has changed meanwhile; whether it is in use. Raises
        BadSnapshot."""
        self._writer.pinned += 1
        try:
            async with reading() as read:
                whole = await compile_full(read, self._store, self._progress)
            async with self._publishing, reading() as read:
                touched = await find_changes(whole)
                if touched is not None:
                    done = await self._publish("full", read, self._bring_up(read, whole, touched))
                    self._failed_whole = self._failed_revision
                    return done
        except DoesNotCompile as error:
            self._failed_whole = read.revision.id
            self._fail("full", None, str(error))
        except CannotWrite as error:
            self._fail("full", None, str(error))
        except DATABASE_ERRORS as error:
            log.warning("not everything could be compiled", error=error_text(error))
        except BadSnapshot:
            raise
        except Exception:
            log.exception("not everything could be compiled")
        finally:
            self._writer.pinned -= 1
            self.status.compiling = ""
        return False

    async def _bring_up(self, read: Reading, whole: Catalog, touched: Touched) -> Catalog:
        if read.revision.id == whole.revision:
            return whole
        made = await compile_partial(read, whole, touched, self._store)
        return structs.replace(made, compiled=whole.compiled)

    async def _publish(self, kind: str, read: Reading, making: Awaitable[Catalog]) -> bool:
        """Whether what is made is the snapshot now."""
        self.status.compiling = kind
        try:
            catalog = await making
            check_catalog(catalog, self._writer.catalog, self._store)
            catalog = self._writer.commit(catalog)
        except DoesNotCompile as error:
            self._fail(kind, read.revision.id, str(error))
            return False
        except CannotWrite as error:
            # The disk may have room again: the next poll tries.
            self._fail(kind, None, str(error))
            return False
        finally:
            self.status.compiling = ""
        self._count(kind, "done")
        self._failed_revision = None
        self.status.failing = ""
        self._events.tell(catalog.revision, "")
        self.status.seconds = {**self.status.seconds, kind: catalog.compiled.seconds}
        log.info("snapshot published", revision=catalog.revision, kind=kind,
                 seconds=round(catalog.compiled.seconds, 3))  # fmt: skip
        _tell_of_secrets(catalog)
        if catalog.revision >= self.status.newest_revision:
            self.status.confirmed_at = time.time()
        self._say()
        return True

    def _leave_damage(self, why: str) -> None:
        """What the next snapshot would be made of is damaged or gone: compile everything into
        another file. The routers go on with what they have."""
        log.error("the snapshot on disk is damaged, compiling everything anew", error=why)
        with suppress(CannotWrite):  # which the next compile tells of
            self._writer.begin_anew()

    def _fail(self, kind: str, revision: int | None, why: str) -> None:
        self._count(kind, "failed")
        self._failed_revision = revision
        if self.status.failing != why:
            log.error("the configuration does not compile, the last snapshot stays",
                      revision=revision, error=why)  # fmt: skip
        self.status.failing = why
        self._events.tell(revision, why)
        self._say()

    def _count(self, kind: str, result: str) -> None:
        key = f"{kind} {result}"
        self.status.compiles = {
            **self.status.compiles,
            key: self.status.compiles.get(key, 0) + 1,
        }

    def _progress(self, rows: int) -> None:
        now = time.time()
        self.status.rows_done = rows
        self.status.compiling = "full"
        if now - self.status.heard_at > _PROGRESS_S:
            log.info("compiling", rules=rows)
            self._say()

    def _find_database(self, newest: int) -> None:
        if not self.status.connected:
            log.info("following the database", revision=newest)
        self.status.connected, self.status.database_error = True, ""
        self.status.newest_revision = newest

    def _lose_database(self, why: str) -> None:
        if self.status.connected or not self.status.heard_at:
            held = self._writer.catalog.revision if self._writer.catalog is not None else None
            log.warning("the database cannot be followed", error=why, goes_on_with=held)
        self.status.connected, self.status.database_error = False, why
        self._say()

    def _say(self) -> None:
        self.status.heard_at = time.time()
        with suppress(OSError):  # a disk that is full is told of where it matters
            write_status(self._writer.directory, self.status)


def _tell_of_secrets(catalog: Catalog) -> None:
    """A trunk without its credential goes on without it: its callers are unknown, its far end
    refuses what it challenges. That is never silent."""
    lacking = [name for names in catalog.secrets_lacking.values() for name in names]
    if lacking:
        log.error(
            "no key of POINTSMAN_SECRET_KEYS opens the credentials of these trunks",
            trunks=lacking[:_MOST_NAMED],
            count=len(lacking),
        )


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    # Not wait_for, which may keep to itself that it was cancelled (before Python 3.12).
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await event.wait()


async def _cancel(task: asyncio.Task[bool] | None) -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
