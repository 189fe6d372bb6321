"""Storing what many nodes report at the same time: what comes while a transaction is under way is
stored by the next one, all of it together (group commit). Nothing is told stored before its commit,
and no more waits than can be stored in a moment."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from pointsman.calls.event import ReportedEvent
from pointsman.database import DATABASE_ERRORS, DATABASE_GONE
from pointsman.services.call_records import Report, Stored, store_reports

# How many events may wait: some seconds' worth. And how many one transaction takes.
MOST_WAITING = 20_000
MOST_AT_ONCE = 4_000


class TooManyRecords(Exception):
    """More wait than may: nothing of the report was stored, and it may come again."""


@dataclass(eq=False)
class _Waiting:
    """A report, and what is to become of it."""

    report: Report
    stored: asyncio.Future[Stored] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class RecordIntake:
    """Takes the reports of one process."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting: deque[_Waiting] = deque()
        self._writer: asyncio.Task[None] | None = None
        # Of those that wait and of those that are being written.
        self.events = 0

    async def store(self, node: str, events: Sequence[ReportedEvent]) -> Stored:
        """What became of a report, when it is committed; raises TooManyRecords, and what the
        database raises."""
        # A report that is larger than that has its turn when it is alone.
        if self.events and self.events + len(events) > self._most_waiting:
            raise TooManyRecords
        waiting = _Waiting(Report(node, events))
        self._waiting.append(waiting)
        self.events += len(events)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        try:
            return await waiting.stored
        except asyncio.CancelledError:
            # Whoever reported has gone: what is not under way yet need not be stored.
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                self.events -= len(events)
            raise

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch = self._take()
                try:
                    await _store_together(batch)
                finally:
                    self.events -= sum(len(each.report.events) for each in batch)
        finally:
            # What fails for a fault of ours leaves those behind it to the next writer.
            self._writer = asyncio.create_task(self._write()) if self._waiting else None

    def _take(self) -> list[_Waiting]:
        """What the next transaction stores: those that have waited longest, one at least."""
        batch = [self._waiting.popleft()]
        count = len(batch[0].report.events)
        while self._waiting:
            count += len(self._waiting[0].report.events)
            if count > MOST_AT_ONCE:
                break
            batch.append(self._waiting.popleft())
        return batch


async def _store_together(batch: Sequence[_Waiting]) -> None:
    try:
        stored = await store_reports([each.report for each in batch])
    except DATABASE_ERRORS as error:
        if len(batch) == 1 or isinstance(error, DATABASE_GONE):
            for each in batch:
                _fail(each, error)
            return
        # One of them cannot be stored; it must not keep the others from it.
        for each in batch:
            await _store_together([each])
    except BaseException as error:
        for each in batch:
            _fail(each, error)
        raise
    else:
        for each, of_report in zip(batch, stored, strict=True):
            if not each.stored.done():
                each.stored.set_result(of_report)


def _fail(waiting: _Waiting, error: BaseException) -> None:
    if not waiting.stored.done():
        waiting.stored.set_exception(error)
