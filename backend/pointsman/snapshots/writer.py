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
# A data file grows by as much as this at once, of which the disk has nothing before it is written:
# routers map what is there, and find in it what comes later.
_GROWTH = 64 * 2**20
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

    def __enter__(self) -> Self:
        """Wait for whoever writes there now, then find the last snapshot; `catalog` is None when
        there is none, or none that is whole."""
        self._lock = os.open(self.directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            self.catalog = load_catalog(self.directory)
            if self.catalog is not None:
                self._output = self._open(self.catalog)
        except BadSnapshot:
            self.catalog = None
        if self.catalog is None:
            self._output = self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._output.close()
        os.close(self._lock)

    def read(self, blob: BlobRef) -> bytes:
        """A part; raises BadSnapshot for one that is damaged."""
        return self._output.data.read(blob)

    def add(self, content: bytes) -> BlobRef:
        """A part, written unless it is there already; raises CannotWrite."""
        with _telling(self.directory):
            return self._output.add(content)

    def commit(self, catalog: Catalog) -> Catalog:
        """Make a catalog of parts that were added the snapshot; as it is by then. Raises
        CannotWrite, and the last one stays; BadSnapshot where the file of the parts is gone."""
        output = self._output
        live = {blob.identity: blob for blob in catalog.blobs()}
        size = sum(blob.length for blob in live.values())
        catalog = structs.replace(catalog, data_file=output.data.number, size=size)
        if not output.data.is_at(self.directory):
            raise BadSnapshot(f"data-{output.data.number} is not there any more")
        with _telling(self.directory):
            if not self.pinned and output.end - size > max(size, _LEAST_GARBAGE):
                catalog, output = self._move(catalog, live.values())
            try:
                os.fdatasync(output.descriptor)
                self._replace_catalog(write_catalog(catalog))
            except OSError:
                self._give_up(output)
                raise
        if output is not self._output:
            self._output.close()
            self._output = output
        self.catalog = catalog
        if not self.pinned:
            output.known = {blob.identity: blob for blob in catalog.blobs()}
        self._delete_others(catalog)
        return catalog

    def begin_anew(self) -> None:
        """Leave what there is, which is damaged, and start a new file; raises CannotWrite."""
        with _telling(self.directory):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            output = self._begin()
        self._output.close()
        self._output, self.catalog = output, None

    def _move(self, catalog: Catalog, blobs: Iterable[BlobRef]) -> tuple[Catalog, "_Output"]:
        """The same in a new file, without what nobody refers to."""
        output = self._begin()
        try:
            moved = {blob.identity: output.add(self.read(blob)) for blob in blobs}
        except (OSError, BadSnapshot):
            self._give_up(output)
            raise
        return relocate(catalog, moved, output.data.number), output

    def _give_up(self, output: "_Output") -> None:
        """A new file that is no snapshot's takes no room."""
        if output is not self._output:
            output.close()
            if self._number_on_disk() != output.data.number:
                data_file(self.directory, output.data.number).unlink(missing_ok=True)

    def _replace_catalog(self, content: bytes) -> None:
        current, previous = self.directory / CATALOG, self.directory / PREVIOUS
        written = self.directory / f"{CATALOG}.new"
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        if self.catalog is not None and current.exists():
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

    def _begin(self) -> "_Output":
        """Start a new file, of a number that no catalog had."""
        numbers = [*self._numbers(), self._number_on_disk(), self._number_on_disk(PREVIOUS)]
        number = 1 + max(numbers)
        descriptor = os.open(
            data_file(self.directory, number),
            os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC,
            0o600,
        )
        return _Output(DataFile(self.directory, number), descriptor)

    def _open(self, catalog: Catalog) -> "_Output":
        """The file of a catalog, behind whose parts what comes is written, and behind those of
        the one before; raises BadSnapshot."""
        data = DataFile(self.directory, catalog.data_file)
        try:
            data.verify(catalog.blobs())
        except BadSnapshot:
            data.close()
            raise
        path = data_file(self.directory, catalog.data_file)
        output = _Output(data, os.open(path, os.O_RDWR | os.O_CLOEXEC))
        output.known = {blob.identity: blob for blob in catalog.blobs()}
        for each in (catalog, self._previous()):
            if each is not None and each.data_file == catalog.data_file:
                ends = (blob.offset + blob.length for blob in each.blobs())
                output.end = max(output.end, *ends)
        return output

    def _previous(self) -> Catalog | None:
        try:
            return load_catalog(self.directory, PREVIOUS)
        except BadSnapshot:
            return None

    def _number_on_disk(self, name: str = CATALOG) -> int:
        """Of a catalog's data file, 0 for none."""
        try:
            found = load_catalog(self.directory, name)
        except BadSnapshot:
            return 0
        return found.data_file if found is not None else 0

    def _numbers(self) -> list[int]:
        names = (path.name.removeprefix("data-") for path in self.directory.glob("data-*"))
        return [int(name) for name in names if name.isdigit()]

    def _delete_others(self, catalog: Catalog) -> None:
        """Files of neither this catalog nor the one before."""
        kept = {catalog.data_file, self._number_on_disk(PREVIOUS)}
        for number in self._numbers():
            if number not in kept:
                data_file(self.directory, number).unlink(missing_ok=True)


class _Output:
    """A data file that is written: where what comes next goes, and what is there."""

    def __init__(self, data: DataFile, descriptor: int) -> None:
        self.data = data
        self.descriptor = descriptor
        self.end = 0
        self._size = os.fstat(descriptor).st_size
        self.known: dict[bytes, BlobRef] = {}

    def add(self, content: bytes) -> BlobRef:
        """A part, written unless it is there already; raises OSError."""
        identity = identify(content)
        known = self.known.get(identity)
        if known is not None:
            return known
        blob = BlobRef(identity, -(-self.end // _ALIGN) * _ALIGN, len(content))
        end = blob.offset + blob.length
        if end > self._size:
            size = -(-end // _GROWTH) * _GROWTH
            os.ftruncate(self.descriptor, size)
            self._size = size
        written = 0
        while written < len(content):
            written += os.pwrite(self.descriptor, content[written:], blob.offset + written)
        self.end = end
        self.known[identity] = blob
        return blob

    def close(self) -> None:
        """Let go of the file."""
        self.data.close()
        os.close(self.descriptor)


@contextmanager
def _telling(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(f"{directory} cannot be written to: {error.strerror}") from error
