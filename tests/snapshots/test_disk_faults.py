"""Snapshots on disk: whatever happens while they are written, the last one stays."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pointsman.snapshots import catalog as catalogs
from pointsman.snapshots import writer as writers
from pointsman.snapshots.catalog import BadSnapshot, BlobRef, read_catalog, write_catalog
from pointsman.snapshots.files import load_catalog
from pointsman.snapshots.writer import CannotWrite, SnapshotWriter
from tests.snapshots.written import commit, data_files, make, parts_of


def _append_garbage(directory: Path) -> None:
    with (directory / "data-1").open("ab") as output:
        output.write(b"\xff" * 1_000)


def _cut_behind_the_catalog(directory: Path) -> None:
    found = load_catalog(directory)
    assert found is not None
    os.truncate(directory / "data-1", max(blob.offset + blob.length for blob in found.blobs()))


def _tear_the_new_catalog(directory: Path) -> None:
    content = (directory / "catalog").read_bytes()
    (directory / "catalog.new").write_bytes(content[: len(content) // 2])


def _leave_the_link(directory: Path) -> None:
    (directory / "catalog.previous.new").hardlink_to(directory / "catalog")


def _leave_a_data_file(directory: Path) -> None:
    (directory / "data-2").write_bytes(b"half of it")


@pytest.mark.parametrize(
    "crash",
    [
        _append_garbage,
        _cut_behind_the_catalog,
        _tear_the_new_catalog,
        _leave_the_link,
        _leave_a_data_file,
    ],
)
def test_what_a_crash_leaves_behind_hurts_nobody(
    tmp_path: Path, crash: Callable[[Path], None]
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one", b"two")
        writer.add(b"written and not committed")
    crash(tmp_path)
    assert parts_of(tmp_path) == [b"one", b"two"]
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog is not None
        assert writer.catalog.revision == 1
        commit(writer, 2, b"one", b"other")
    assert parts_of(tmp_path) == [b"one", b"other"]
    assert parts_of(tmp_path, "catalog.previous") == [b"one", b"two"]
    assert data_files(tmp_path) == ["data-1"]


def test_a_catalog_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    """Cut at any byte, or with any byte another."""
    with SnapshotWriter(tmp_path) as writer:
        content = write_catalog(commit(writer, 1, b"one"))
    assert read_catalog(content).revision == 1
    for at in range(len(content)):
        for broken in (
            content[:at],
            content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
            content[:at] + b"\n" + content[at:],
        ):
            with pytest.raises(BadSnapshot):
                read_catalog(broken)


@pytest.mark.parametrize("content", [b"", b"\n", b"garbage", None])
def test_without_a_catalog_that_is_whole_the_writer_begins_anew(
    tmp_path: Path, content: bytes | None
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one")
        commit(writer, 2, b"two")
    if content is None:
        (tmp_path / "catalog").unlink()
    else:
        (tmp_path / "catalog").write_bytes(content)
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog is None
        # The one before is there until there is another.
        assert parts_of(tmp_path, "catalog.previous") == [b"one"]
        commit(writer, 3, b"three")
        # And what is whole stays the one before.
        assert parts_of(tmp_path, "catalog.previous") == [b"one"]
        assert data_files(tmp_path) == ["data-1", "data-2"]
        commit(writer, 4, b"four")
    assert parts_of(tmp_path) == [b"four"]
    assert parts_of(tmp_path, "catalog.previous") == [b"three"]
    assert data_files(tmp_path) == ["data-2"]


def test_another_format_is_no_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one")
    monkeypatch.setattr(catalogs, "FORMAT", catalogs.FORMAT + 1)
    with pytest.raises(BadSnapshot, match="another format"):
        load_catalog(tmp_path)
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog is None
        commit(writer, 1, b"one")
    assert parts_of(tmp_path) == [b"one"]
    assert data_files(tmp_path) == ["data-2"]


def test_a_part_that_is_damaged_is_named_and_nothing_of_its_file_is_used_again(
    tmp_path: Path,
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        part = commit(writer, 1, b"one", b"two").tenants["1"].part
    _damage(tmp_path / "data-1", part)
    with pytest.raises(BadSnapshot, match=rf"^data-1 is damaged at {part.offset}$"):
        parts_of(tmp_path)
    with SnapshotWriter(tmp_path) as writer:
        assert writer.catalog is None
        commit(writer, 2, b"one", b"two")
    assert parts_of(tmp_path) == [b"one", b"two"]
    assert "data-2" in data_files(tmp_path)


def test_a_data_file_that_is_cut_is_damaged(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        part = commit(writer, 1, b"one").tenants["0"].part
    os.truncate(tmp_path / "data-1", part.offset + part.length - 1)
    with pytest.raises(BadSnapshot, match="data-1 is damaged"):
        parts_of(tmp_path)
    (tmp_path / "data-1").unlink()
    with pytest.raises(BadSnapshot, match=r"^data-1: No such file or directory$"):
        parts_of(tmp_path)


def _damage(file: Path, part: BlobRef) -> None:
    with file.open("r+b") as output:
        output.seek(part.offset)
        output.write(b"X")


def test_damage_while_it_is_open_is_left_behind(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        part = commit(writer, 1, b"one").tenants["0"].part
        _damage(tmp_path / "data-1", part)
        with pytest.raises(BadSnapshot, match="data-1 is damaged"):
            writer.read(part)
        writer.begin_anew()
        assert writer.catalog is None
        commit(writer, 2, b"one")
    assert parts_of(tmp_path) == [b"one"]


def test_a_directory_that_is_deleted_is_told_of_and_made_anew(tmp_path: Path) -> None:
    """What is written to a file without a name no router finds."""
    directory = tmp_path / "snapshots"
    with SnapshotWriter(directory) as writer:
        commit(writer, 1, b"one")
        for path in directory.iterdir():
            path.unlink()
        directory.rmdir()
        with pytest.raises(BadSnapshot, match="data-1 is not there any more"):
            commit(writer, 2, b"two")
        writer.begin_anew()
        commit(writer, 2, b"two")
        assert parts_of(directory) == [b"two"]
        assert directory.stat().st_mode & 0o777 == 0o700


def test_a_crash_does_not_write_over_what_the_former_catalog_has(tmp_path: Path) -> None:
    """The newest may end before it does: with what was there already."""
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one", b"two")
        writer.pinned = 1
        commit(writer, 2, b"one", b"three")
        commit(writer, 3, b"one", b"two")
    with SnapshotWriter(tmp_path) as writer:
        writer.add(b"X" * 100)
        assert parts_of(tmp_path, "catalog.previous") == [b"one", b"three"]


def _refuse_to_write(patch: pytest.MonkeyPatch, code: int, *names: str) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(code, os.strerror(code))

    for name in names:
        patch.setattr(os, name, refuse)


@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize("call", ["pwrite", "open", "fdatasync", "fsync"])
def test_a_disk_that_takes_nothing_leaves_the_last_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, moves: bool
) -> None:
    """Whichever call it is that finds out, and while everything moves to another file as well."""
    with SnapshotWriter(tmp_path) as writer:
        last = commit(writer, 1, b"one", b"1" * 5_000)
        if moves:
            monkeypatch.setattr(writers, "_LEAST_GARBAGE", 0)
        else:
            monkeypatch.setattr(writers, "_LEAST_GARBAGE", 2**40)
        made = make(writer, 2, b"one", b"two")
        for _ in range(2):
            with pytest.MonkeyPatch.context() as patch:
                _refuse_to_write(patch, errno.ENOSPC, call)
                with pytest.raises(CannotWrite, match="No space left on device"):
                    writer.commit(made if moves else make(writer, 2, os.urandom(8)))
            assert writer.catalog == last
            # What the last one is made of is as it was, for routers and for the next one.
            assert writer.read(last.tenants["1"].part) == b"1" * 5_000
        assert parts_of(tmp_path) == [b"one", b"1" * 5_000]
        assert data_files(tmp_path) == ["data-1"]
        # There is room again.
        commit(writer, 2, b"one", b"two")
        assert writer.read(writer.add(b"one")) == b"one"
    assert parts_of(tmp_path) == [b"one", b"two"]


def test_a_catalog_that_may_not_last_may_be_in_use_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in its place, and only then the directory cannot be told to the disk."""
    monkeypatch.setattr(writers, "_LEAST_GARBAGE", 0)
    real = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    with SnapshotWriter(tmp_path) as writer:
        last = commit(writer, 1, b"1" * 5_000)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", refuse)
            with pytest.raises(CannotWrite, match="Input/output error"):
                commit(writer, 2, b"two")
        assert writer.catalog == last
        assert parts_of(tmp_path) == [b"two"]
        commit(writer, 3, b"three")
    assert parts_of(tmp_path) == [b"three"]
    assert parts_of(tmp_path, "catalog.previous") == [b"two"]


_FILL = """
import resource, signal, sys
from pathlib import Path
from pointsman.snapshots.writer import CannotWrite, SnapshotWriter
from tests.snapshots.written import commit

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with SnapshotWriter(Path(sys.argv[1])) as writer:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    try:
        commit(writer, 2, b"one", b"x" * 50_000)
    except CannotWrite as error:
        print(error)
    commit(writer, 3, b"one", b"three")
"""


def test_a_real_limit_in_the_middle_of_a_part(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        commit(writer, 1, b"one", b"two")
    run = subprocess.run(
        [sys.executable, "-c", _FILL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"{tmp_path} cannot be written to: File too large\n"
    assert parts_of(tmp_path) == [b"one", b"three"]
    assert parts_of(tmp_path, "catalog.previous") == [b"one", b"two"]
