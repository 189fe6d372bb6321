"""Snapshots on disk: what is written, what is left behind, and who may write and read."""

import os
import threading
from pathlib import Path

import pytest

from pointsman.snapshots import writer as writers
from pointsman.snapshots.files import load_catalog
from pointsman.snapshots.status import Status, load_status, write_status
from pointsman.snapshots.writer import SnapshotWriter
from tests.snapshots.written import commit, data_files, make, parts_of


def test_a_snapshot_is_found_again(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog is None
        made = commit(writer, 1, b"one", b"two")
        assert made.size == sum(blob.length for blob in set(made.blobs()))
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog == made
        assert [writer.read(tenant.part) for tenant in made.tenants.values()] == [b"one", b"two"]
        commit(writer, 2, b"one", b"three")
    assert parts_of(tmp_path) == [b"one", b"three"]
    assert parts_of(tmp_path, "catalog.previous") == [b"one", b"two"]
    assert data_files(tmp_path) == ["data-1"]


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        first = commit(writer, 1, b"one", b"two")
        size = (tmp_path / "data-1").stat().st_size
        assert make(writer, 2, b"two", b"one").tenants["0"] == first.tenants["1"]
        assert (tmp_path / "data-1").stat().st_size == size
    with SnapshotWriter(tmp_path) as writer:
        assert writer.add(b"one") == first.tenants["0"].part
        assert (tmp_path / "data-1").stat().st_size == size


def test_what_a_compile_left_behind_that_failed_is_there_for_the_next_one_alone(
    tmp_path: Path,
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one")
        failed = writer.add(b"failed")
        assert writer.add(b"failed") == failed
        commit(writer, 2, b"two")
        assert writer.add(b"failed") != failed


def test_what_is_pinned_stays_for_whoever_makes_a_catalog_of_it(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.pinned += 1
        pinned = writer.add(b"pinned")
        commit(writer, 1, b"one")
        assert writer.add(b"pinned") == pinned
        writer.pinned -= 1
        commit(writer, 2, b"pinned")
    assert parts_of(tmp_path) == [b"pinned"]


def test_a_number_is_never_another_files(tmp_path: Path) -> None:
    """A router may have the former one open."""
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one")
    (tmp_path / "data-1").unlink()
    with SnapshotWriter(tmp_path) as writer:
        assert commit(writer, 2, b"two").data_file == 2


def test_garbage_that_is_more_than_the_rest_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "_LEAST_GARBAGE", 1_000)
    kept, more = b"kept" * 100, b"more" * 100
    with SnapshotWriter(tmp_path) as writer:
        numbers = []
        for revision in range(1, 12):
            made = commit(writer, revision, kept, more, b"%d" % revision * 4_000)
            numbers.append(made.data_file)
            assert parts_of(tmp_path) == [kept, more, b"%d" % revision * 4_000]
            # Each of the two is whole, and nothing else takes room.
            named = {made.data_file}
            if revision > 1:
                parts_of(tmp_path, "catalog.previous")
                former = load_catalog(tmp_path, "catalog.previous")
                assert former is not None
                named.add(former.data_file)
            assert data_files(tmp_path) == [f"data-{number}" for number in sorted(named)]
        assert numbers == sorted(numbers)
        assert len(set(numbers)) > 1
        assert writer.catalog == made
        assert writer.add(kept) == made.tenants["0"].part
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog == made


def test_nothing_moves_while_something_is_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "_LEAST_GARBAGE", 0)
    with SnapshotWriter(tmp_path) as writer:
        writer.pinned = 1
        for revision in range(1, 9):
            assert commit(writer, revision, b"%d" % revision * 4_000).data_file == 1
        writer.pinned = 0
        assert commit(writer, 9, b"one").data_file == 2


def test_a_file_grows_ahead_of_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that routers have it mapped; it takes no room before."""
    monkeypatch.setattr(writers, "_GROWTH", 100_000)
    file = tmp_path / "data-1"
    with SnapshotWriter(tmp_path) as writer:
        sizes = set()
        for revision in range(1, 12):
            commit(writer, revision, b"%d" % revision * 20_000)
            sizes.add(file.stat().st_size)
        assert sorted(sizes) == [100_000, 200_000, 300_000]
        commit(writer, 12, b"x" * 250_000)
        assert file.stat().st_size == 600_000
        assert file.stat().st_blocks * 512 < 600_000
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 13, b"one")
    assert file.stat().st_size == 600_000
    assert parts_of(tmp_path) == [b"one"]


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []

    def write_second() -> None:
        with SnapshotWriter(tmp_path) as writer:
            assert writer.catalog is not None
            order.append(f"second begins behind {writer.catalog.revision}")

    with SnapshotWriter(tmp_path) as writer:
        second = threading.Thread(target=write_second)
        second.start()
        commit(writer, 1, b"one")
        order.append("first ends")
    second.join()
    assert order == ["first ends", "second begins behind 1"]


def test_nobody_else_may_read_any_of_it(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "snapshots"
    umask = os.umask(0)
    try:
        with SnapshotWriter(directory) as writer:
            commit(writer, 1, b"one")
            commit(writer, 2, b"two")
            write_status(directory, Status(newest_revision=2))
    finally:
        os.umask(umask)
    assert load_status(directory) == Status(newest_revision=2)
    assert directory.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in directory.iterdir()}
    names = ["catalog", "catalog.previous", "data-1", "lock", "status"]
    assert modes == dict.fromkeys(names, 0o600)
