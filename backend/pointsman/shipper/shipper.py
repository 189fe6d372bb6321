"""Ships what Kamailio writes, until the platform has it all."""

import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import structlog

from pointsman.shipper.offsets import Offset, Offsets, read_offsets, write_offsets
from pointsman.shipper.platform import Delivered, NotStored, Platform
from pointsman.shipper.refused import Refused, RefusedLines
from pointsman.shipper.spool import Chunk, Line, Spool, SpoolFile

OFFSETS_NAME = "shipped.json"
REFUSED_NAME = "refused.jsonl"
MAX_LINES = 500
MAX_BYTES = 2**20
# Kamailio may still be at the last line of a file that is not the newest any more.
_FINISHED_AFTER_S = 60.0
_POLL_S = 0.25
_FIRST_WAIT_S, _MAX_WAIT_S = 0.5, 30.0
_SAY_EVERY_S = 60.0
_SYNC_EVERY_S = 0.5

log = structlog.get_logger()
_is_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


@dataclass(slots=True)
class Progress:
    """What was shipped by this process, and what is said of it."""

    delivered: Delivered = field(default_factory=Delivered)
    refused: int = 0
    said_at: float = 0.0
    said: int = 0
    failing: bool = False

    @property
    def lines(self) -> int:
        """How many there were."""
        done = self.delivered
        return done.stored + done.duplicates + done.conflicts + self.refused


class Shipper:
    """Follows the files of one spool; there is one shipper for each."""

    def __init__(self, spool: Spool, platform: Platform, *, keep_s: float) -> None:
        """`keep_s`: how long a file stays after it was shipped as a whole."""
        self._spool, self._platform, self._keep_s = spool, platform, keep_s
        self._offsets_path = spool.directory / OFFSETS_NAME
        self._offsets = self._read_offsets()
        self._refused = RefusedLines(spool.directory / REFUSED_NAME)
        # Those that were found to be what their offsets are of, as they were then.
        self._looked_at: dict[str, SpoolFile] = {}
        # Those that are on the disk, as they were then.
        self._synced: dict[str, SpoolFile] = {}
        self._stopping = threading.Event()
        self.progress = Progress(said_at=time.monotonic())

    def stop(self) -> None:
        """Stop as soon as can be, from a signal handler: what is being sent is sent again by the
        next start."""
        self._stopping.set()
        self._platform.abort()

    def run(self) -> None:
        """Ship until told to stop."""
        wait_s = _FIRST_WAIT_S
        while not self._stopping.is_set():
            try:
                shipped = self.ship_some()
            except NotStored as error:
                if self._stopping.is_set():
                    break
                wait_s = max(wait_s, error.retry_after_s)
                self._say_waiting(error, wait_s)
                self._wait(wait_s * random.uniform(0.5, 1.0))  # noqa: S311 -- no secret
                wait_s = min(wait_s * 2, _MAX_WAIT_S)
                continue
            wait_s = _FIRST_WAIT_S
            self._say_shipped()
            if not shipped:
                self._stopping.wait(_POLL_S)

    def ship_all(self) -> None:
        """Ship all that is there; raises NotStored at the first that cannot be."""
        while not self._stopping.is_set() and self.ship_some():
            pass

    def ship_some(self) -> bool:
        """Ship the next lines of the oldest file that has any, or tidy up; whether there were any.
        Raises NotStored."""
        try:
            files = self._spool.files()
            if any(self._ship_some_of(file, is_newest=file is files[-1]) for file in files):
                return True
            self._remove_old(files)
        except OSError as error:
            raise NotStored(
                f"{error.filename or self._spool.directory}: {error.strerror}; the shipper needs a "
                "disk with room, and to be the user that Kamailio runs as"
            ) from error
        return False

    def _ship_some_of(self, file: SpoolFile, *, is_newest: bool) -> bool:
        offset = self._offset_of(file)
        if offset == file.size:
            return False
        is_young = time.time() - file.modified_at < _FINISHED_AFTER_S
        is_finished = not is_newest and not is_young
        chunk = self._spool.read(file.name, offset, MAX_BYTES, is_finished=is_finished)
        if chunk.end == offset:
            return False
        self._ship(file, chunk)
        return True

    def waiting(self) -> int:
        """How many bytes are not shipped yet."""
        return sum(file.size - self._offset_of(file) for file in self._spool.files())

    def _ship(self, file: SpoolFile, chunk: Chunk) -> None:
        for first in range(0, max(len(chunk.lines), 1), MAX_LINES):
            lines = chunk.lines[first : first + MAX_LINES]
            records, unreadable = _sort_out(lines)
            delivered = self._platform.deliver(records) if records else Delivered()
            # Before the offset leads beyond them.
            self._set_aside((*unreadable, *delivered.refused))
            self.progress.delivered += Delivered(
                delivered.stored, delivered.duplicates, delivered.conflicts
            )
            is_last = first + MAX_LINES >= len(chunk.lines)
            end = chunk.end if is_last else chunk.lines[first + MAX_LINES].offset
            kept = Offset(file.inode, end, self._spool.mark(file.name, end))
            self._keep({**self._offsets, file.name: kept})

    def _set_aside(self, refused: tuple[Refused, ...]) -> None:
        self._refused.add(refused)
        self.progress.refused += len(refused)
        for each in refused:
            log.error("a line was set aside", file=each.line.file, offset=each.line.offset,
                      field=each.field, reason=each.reason, kept_in=REFUSED_NAME)  # fmt: skip

    def _offset_of(self, file: SpoolFile) -> int:
        """Where to go on: from the beginning of a file that is not the one that was shipped."""
        kept = self._offsets.get(file.name)
        if kept is None or kept.inode != file.inode or kept.offset > file.size:
            return 0
        if self._looked_at.get(file.name) != file:
            if self._spool.mark(file.name, kept.offset) != kept.mark:
                return 0
            self._looked_at[file.name] = file
        return kept.offset

    def _read_offsets(self) -> Offsets:
        offsets = read_offsets(self._offsets_path)
        if offsets is None:
            log.warning("what was shipped is not known: all is shipped again, and counts once",
                        damaged=str(self._offsets_path))  # fmt: skip
            return {}
        return offsets

    def _keep(self, offsets: Offsets) -> None:
        write_offsets(self._offsets_path, offsets)
        self._offsets = offsets

    def _remove_old(self, files: Sequence[SpoolFile]) -> None:
        """Remove what was shipped as a whole, a while ago; the newest file stays."""
        old = [
            file.name
            for file in files[:-1]
            if self._offset_of(file) == file.size and time.time() - file.modified_at > self._keep_s
        ]
        for name in old:
            self._spool.remove(name)
            self._looked_at.pop(name, None)
            self._synced.pop(name, None)
        left = {file.name for file in files} - set(old)
        if set(self._offsets) - left:
            kept = {name: each for name, each in self._offsets.items() if name in left}
            self._keep(kept)
        for name in old:
            log.info("a file that was shipped is removed", file=name)

    def _wait(self, wait_s: float) -> None:
        """What is written meanwhile is nowhere else: it is brought to the disk."""
        until = time.monotonic() + wait_s
        while not self._stopping.is_set() and (left_s := until - time.monotonic()) > 0:
            with suppress(OSError):  # reading it tells
                for file in self._spool.files():
                    if self._synced.get(file.name) != file:
                        self._spool.sync(file.name)
                        self._synced[file.name] = file
            self._stopping.wait(min(left_s, _SYNC_EVERY_S))

    def _say_waiting(self, error: NotStored, wait_s: float) -> None:
        now = time.monotonic()
        if not self.progress.failing or now - self.progress.said_at > _SAY_EVERY_S:
            log.warning("records wait here", because=str(error), url=self._platform.url,
                        next_try_s=wait_s)  # fmt: skip
            self.progress.said_at = now
        self.progress.failing = True

    def _say_shipped(self) -> None:
        now = time.monotonic()
        is_due = now - self.progress.said_at > _SAY_EVERY_S
        if self.progress.failing or (is_due and self.progress.lines > self.progress.said):
            done = self.progress.delivered
            log.info("records are shipped", stored=done.stored, duplicates=done.duplicates,
                     conflicts=done.conflicts, refused=self.progress.refused)  # fmt: skip
            self.progress.said_at, self.progress.said = now, self.progress.lines
        self.progress.failing = False


def _sort_out(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], list[Refused]]:
    """Those that are JSON objects, and those that are not."""
    records, unreadable = [], []
    for line in lines:
        try:
            _is_object(line.text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            unreadable.append(Refused(line, "", f"it is no record, or a cut one: {error}"))
        else:
            records.append(line)
    return tuple(records), unreadable
