"""The files of a snapshot, and reading them.

    catalog            the root (see catalog.py), replaced as a whole
    catalog.previous   the one before
    data-N             the parts, only ever appended to (see _GROWTH in writer.py)
    status             what the compiler says of itself (see status.py)
    lock               held by the compiler

A router needs no lock: what a catalog refers to was on disk before the catalog was, and is not
written again.
"""

import mmap
import os
from collections.abc import Iterable
from pathlib import Path

from pointsman.snapshots.catalog import BadSnapshot, BlobRef, Catalog, identify, read_catalog

CATALOG = "catalog"
PREVIOUS = "catalog.previous"
STATUS = "status"
LOCK = "lock"
_PAGE = mmap.ALLOCATIONGRANULARITY
# More maps than this are looked through for those that nothing refers to.
_MANY_EXTENTS = 64


def data_file(directory: Path, number: int) -> Path:
    """The file of this number."""
    return directory / f"data-{number}"


def load_catalog(directory: Path, name: str = CATALOG) -> Catalog | None:
    """The catalog of a file, None where there is none; raises BadSnapshot."""
    try:
        return read_catalog((directory / name).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadSnapshot(f"{directory / name}: {error.strerror}") from error


class DataFile:
    """A data file open for reading: mapped piece by piece, as it grows.

    A piece stays mapped for as long as something of it is in use; what is mapped is shared by all
    processes that do.
    """

    def __init__(self, directory: Path, number: int) -> None:
        """Raises BadSnapshot for a file that is not there."""
        self.number = number
        try:
            self._descriptor = os.open(data_file(directory, number), os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise BadSnapshot(f"data-{number}: {error.strerror}") from error
        self._extents: list[tuple[int, int, memoryview]] = []

    def is_at(self, directory: Path) -> bool:
        """Whether this is the file of its number there, and not one that was there before."""
        try:
            found = data_file(directory, self.number).stat()
        except FileNotFoundError:
            return False
        own = os.fstat(self._descriptor)
        return (own.st_dev, own.st_ino) == (found.st_dev, found.st_ino)

    def verify(self, blobs: Iterable[BlobRef]) -> None:
        """Compare parts with their checksums; raises BadSnapshot. They are read, not mapped: what
        is only looked at once is nobody's memory."""
        for blob in blobs:
            self.read(blob)

    def map(self, blobs: Iterable[BlobRef]) -> None:
        """Map parts that are not mapped yet, with all that is behind them, where the next ones will
        be. They may lie before those that are: what a compile that takes long has written is used
        when it is done."""
        lacking = [blob for blob in blobs if self._find_extent(blob) is None]
        if not lacking:
            return
        begin = min(blob.offset for blob in lacking) // _PAGE * _PAGE
        end = os.fstat(self._descriptor).st_size
        mapped = mmap.mmap(
            self._descriptor, end - begin, mmap.MAP_SHARED, mmap.PROT_READ, offset=begin
        )
        self._extents.append((begin, end, memoryview(mapped)))

    def forget_unused(self, catalog: Catalog) -> None:
        """Let go of pieces that a catalog refers to nothing of, when there are many."""
        if len(self._extents) > _MANY_EXTENTS:
            used = {self._extent_of(blob) for blob in catalog.blobs()}
            used.add(len(self._extents) - 1)
            self._extents = [self._extents[place] for place in sorted(used)]

    def view(self, blob: BlobRef) -> memoryview:
        """A part, mapped."""
        begin, _, view = self._extents[self._extent_of(blob)]
        start = blob.offset - begin
        return view[start : start + blob.length]

    def read(self, blob: BlobRef) -> bytes:
        """A part, read; raises BadSnapshot for one that is damaged."""
        try:
            content = os.pread(self._descriptor, blob.length, blob.offset)
        except OSError as error:
            raise BadSnapshot(f"data-{self.number}: {error.strerror}") from error
        if len(content) != blob.length or identify(content) != blob.identity:
            raise BadSnapshot(f"data-{self.number} is damaged at {blob.offset}")
        return content

    def close(self) -> None:
        """Let go of the file; what is mapped stays for whoever uses it."""
        os.close(self._descriptor)

    def _extent_of(self, blob: BlobRef) -> int:
        place = self._find_extent(blob)
        if place is None:
            raise BadSnapshot(f"data-{self.number} is not mapped at {blob.offset}")
        return place

    def _find_extent(self, blob: BlobRef) -> int | None:
        """The piece that has all of a part: the last one, as the newest."""
        for place in range(len(self._extents) - 1, -1, -1):
            begin, end, _ = self._extents[place]
            if begin <= blob.offset and blob.offset + blob.length <= end:
                return place
        return None
