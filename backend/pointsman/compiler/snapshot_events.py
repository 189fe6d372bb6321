"""Tells the database that snapshots fail, and when they do not any more; compiling goes on
meanwhile."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from pointsman.database import DATABASE_ERRORS, error_text
from pointsman.services.snapshot_states import store_snapshot_state

_RETRY_S = 30.0

log = structlog.get_logger()


class SnapshotEvents:
    """What the compiler says last is told; what it said before, and was not told yet, is not."""

    def __init__(self) -> None:
        self._said: tuple[int | None, str] = (None, "")
        self._was_failing: bool | None = None
        self._changed = asyncio.Event()

    def tell(self, revision: int | None, failing: str) -> None:
        """That it fails and why, or, with "", that it does not."""
        if self._was_failing is not bool(failing):
            self._said, self._was_failing = (revision, failing), bool(failing)
            self._changed.set()

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Tell while the block runs. It is entered outside of any transaction, so that none of the
        compiler's is what this writes in."""
        telling = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.wait([telling])

    async def _tell(self) -> None:
        host = socket.gethostname()
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await store_snapshot_state(host, *self._said)
            except DATABASE_ERRORS as error:
                log.warning("the state of snapshots is told later", error=error_text(error))
                await asyncio.sleep(_RETRY_S)
                self._changed.set()
            except Exception:
                log.exception("the state of snapshots cannot be told")
