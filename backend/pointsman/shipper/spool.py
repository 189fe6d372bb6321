"""The directory that Kamailio writes call records to: a file for each hour, a line for each record.

A record is written as a newline, its JSON and a newline, so that a line that was cut by a full disk
or a crash ends where the next record begins, and an empty line means nothing.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# No two records are alike in the last of their bytes and those of the one before.
_MARKED_BYTES = 1_024
_NAME = re.compile(r"calls-[0-9]{8}T[0-9]{2}\.jsonl")


@dataclass(frozen=True, slots=True)
class SpoolFile:
    """A file as it is at this moment; `modified_at` is in seconds since 1970."""

    name: str
    inode: int
    size: int
    modified_at: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its newline, and where it begins."""

    file: str
    offset: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of a file; `end` is where the next ones begin."""

    lines: tuple[Line, ...]
    end: int


class Spool:
    """The files of a directory, by the hours that they are named for."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def files(self) -> list[SpoolFile]:
        """All of them, the oldest first."""
        return sorted(self._look(), key=lambda file: file.name)

    def read(self, name: str, offset: int, max_bytes: int, *, is_finished: bool) -> Chunk:
        """The lines from an offset on, as many as end within `max_bytes`.

        What has no newline yet is left for later, unless the file is finished: then it is the last
        line. A line that is longer than `max_bytes` comes in pieces. What is returned is on the
        disk: an offset that is kept never leads beyond what a power cut leaves of the file.
        """
        with (self.directory / name).open("rb", buffering=0) as file:
            file.seek(offset)
            data = file.read(max_bytes)
            if data:
                os.fsync(file.fileno())
        is_piece = len(data) == max_bytes and b"\n" not in data
        if not is_piece and not (is_finished and len(data) < max_bytes):
            data = data[: data.rfind(b"\n") + 1]
        return Chunk(tuple(_split(name, offset, data)), offset + len(data))

    def mark(self, name: str, offset: int) -> str:
        """What tells whether a file is still the one that had this offset: of the bytes before."""
        begin = max(0, offset - _MARKED_BYTES)
        with (self.directory / name).open("rb") as file:
            file.seek(begin)
            return hashlib.sha256(file.read(offset - begin)).hexdigest()

    def sync(self, name: str) -> None:
        """Bring to the disk what has been written of a file."""
        with (self.directory / name).open("rb") as file:
            os.fsync(file.fileno())

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self.directory / name).unlink(missing_ok=True)

    def _look(self) -> Iterator[SpoolFile]:
        with os.scandir(self.directory) as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield SpoolFile(entry.name, found.st_ino, found.st_size, found.st_mtime)


def _split(name: str, offset: int, data: bytes) -> Iterator[Line]:
    for text in data.split(b"\n"):
        if text.strip():
            yield Line(name, offset, text)
        offset += len(text) + 1
