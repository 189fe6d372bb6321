"""Snapshots of a few parts on disk: to be written, and as they are read again."""

from pathlib import Path

from pointsman.snapshots.catalog import Catalog, Compile, Directory, OwnerRef
from pointsman.snapshots.files import DataFile, load_catalog
from pointsman.snapshots.tables import build_table
from pointsman.snapshots.writer import SnapshotWriter


def make(writer: SnapshotWriter, revision: int, *parts: bytes) -> Catalog:
    """A catalog of these parts of tenants, yet to be committed."""
    empty = build_table((), writer.add)
    return Catalog(
        revision=revision,
        published_us=revision,
        compiled=Compile("full", 0.0, 0.0),
        data_file=0,
        platform=OwnerRef(writer.add(b"platform")),
        tenants={str(place): OwnerRef(writer.add(part)) for place, part in enumerate(parts)},
        directory=Directory(empty, empty, empty, empty),
    )


def commit(writer: SnapshotWriter, revision: int, *parts: bytes) -> Catalog:
    """A snapshot of these parts."""
    return writer.commit(make(writer, revision, *parts))


def parts_of(directory: Path, name: str = "catalog") -> list[bytes]:
    """What a router reads of the tenants, all of it verified."""
    found = load_catalog(directory, name)
    assert found is not None
    data = DataFile(directory, found.data_file)
    try:
        data.verify(found.blobs())
        data.map(found.blobs())
        parts = [bytes(data.view(tenant.part)) for tenant in found.tenants.values()]
        assert parts == [data.read(tenant.part) for tenant in found.tenants.values()]
        return parts
    finally:
        data.close()


def data_files(directory: Path) -> list[str]:
    """The names of those that there are."""
    return sorted(path.name for path in directory.glob("data-*"))
