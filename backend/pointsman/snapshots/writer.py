"""Writing snapshots, so that a crash at any byte leaves the last one whole.

Parts are appended to the data file and reach the disk before the catalog that refers to them; the
catalog is written beside the last one and put in its place by one rename. What a crash leaves
behind the parts of the last catalog is written over. A part that is there already is not written
again. What nobody refers to any more is left behind when it becomes more than the rest.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from msgspec import structs

from pointsman.snapshots.catalog import BadSnapshot, BlobRef, Catalog, identify, write_catalog
from pointsman.snapshots.files import CATALOG, LOCK, PREVIOUS, DataFile, data_file, load_catalog
from pointsman.snapshots.relocation import relocate

_ALIGN = 8
# Less than this is not worth a new file.
_LEAST_GARBAGE = 64 * 2**20


class CannotWrite(Exception):
    """The disk does not take what is written."""


class SnapshotWriter:
    """The one that may write to a directory; a context that lasts while it does."""

    def __init__(self, directory: Path) -> None:
        """Makes the directory, its owner's alone: a snapshot tells who calls whom."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self.directory = directory
        self.catalog: Catalog | None = None
        # While somebody makes a catalog of parts that no catalog refers to yet, they stay.
        self.pinned = 0
        self._known: dict[bytes, BlobRef] = {}

    def __enter__(self) -> Self:
        """Wait for whoever writes there now, then find the last snapshot; `catalog` is None when
        there is none, or none that is whole."""
        self._lock = os.open(self.directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            self.catalog = load_catalog(self.directory)
            if self.catalog is not None:
                self.data = self._open(self.catalog.data_file)
                self.data.verify(self.catalog.blobs())
                self._known = {blob.identity: blob for blob in self.catalog.blobs()}
                self._end = max(blob.offset + blob.length for blob in self._known.values())
        except BadSnapshot:
            self.catalog = None
        if self.catalog is None:
            self.data = self._begin(1 + max(self._numbers(), default=0))
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        os.close(self._lock)

    def read(self, blob: BlobRef) -> bytes:
        """A part; raises BadSnapshot for one that is damaged."""
        return self.data.read(blob)

    def add(self, content: bytes) -> BlobRef:
        """A part, written unless it is there already; raises CannotWrite."""
        identity = identify(content)
        known = self._known.get(identity)
        if known is not None:
            return known
        blob = BlobRef(identity, -(-self._end // _ALIGN) * _ALIGN, len(content))
        with _telling(self.directory):
            written = 0
            while written < len(content):
                written += os.pwrite(self._output, content[written:], blob.offset + written)
        self._end = blob.offset + blob.length
        self._known[identity] = blob
        return blob

    def commit(self, catalog: Catalog) -> Catalog:
        """Make a catalog of parts that were added the snapshot; as it is by then. Raises
        CannotWrite, and the last one stays."""
        catalog = structs.replace(catalog, data_file=self.data.number)
        live = {blob.identity: blob for blob in catalog.blobs()}
        size = sum(blob.length for blob in live.values())
        catalog = structs.replace(catalog, size=size)
        if not self.pinned and self._end - size > max(size, _LEAST_GARBAGE):
            catalog = self._move(catalog, live.values())
        with _telling(self.directory):
            os.fdatasync(self._output)
            self._replace_catalog(write_catalog(catalog))
        self.catalog = catalog
        if not self.pinned:
            self._known = {blob.identity: blob for blob in catalog.blobs()}
        self._delete_others(catalog)
        return catalog

    def _move(self, catalog: Catalog, blobs: Iterable[BlobRef]) -> Catalog:
        """The same in a new file, without what nobody refers to."""
        old = self.data
        old_output = self._output
        self.data = self._begin(old.number + 1)
        moved = {blob.identity: self.add(old.read(blob)) for blob in blobs}
        old.close()
        os.close(old_output)
        return relocate(catalog, moved, self.data.number)

    def _replace_catalog(self, content: bytes) -> None:
        current, previous = self.directory / CATALOG, self.directory / PREVIOUS
        written = self.directory / f"{CATALOG}.new"
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        if current.exists():
            link = self.directory / f"{PREVIOUS}.new"
            link.unlink(missing_ok=True)
            link.hardlink_to(current)
            link.replace(previous)
        written.replace(current)
        folder = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _begin(self, number: int) -> DataFile:
        """Start a new file."""
        self._known = {}
        self._end = 0
        self._output = os.open(
            data_file(self.directory, number),
            os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC,
            0o600,
        )
        return DataFile(self.directory, number)

    def _open(self, number: int) -> DataFile:
        data = DataFile(self.directory, number)
        self._output = os.open(data_file(self.directory, number), os.O_RDWR | os.O_CLOEXEC)
        return data

    def _close(self) -> None:
        self.data.close()
        os.close(self._output)

    def _numbers(self) -> list[int]:
        names = (path.name.removeprefix("data-") for path in self.directory.glob("data-*"))
        return [int(name) for name in names if name.isdigit()]

    def _delete_others(self, catalog: Catalog) -> None:
        """Files of neither this catalog nor the one before."""
        kept = {catalog.data_file}
        try:
            previous = load_catalog(self.directory, PREVIOUS)
        except BadSnapshot:
            previous = None
        if previous is not None:
            kept.add(previous.data_file)
        for number in self._numbers():
            if number not in kept:
                data_file(self.directory, number).unlink(missing_ok=True)


@contextmanager
def _telling(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(f"{directory} cannot be written to: {error.strerror}") from error
