"""What the compiler says of itself, beside the snapshot: it is not of the snapshot, and is lost
without harm."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from pointsman.snapshots.files import STATUS


class Status(Struct):
    """`heard_at` is when the compiler said so (Unix time in seconds). `newest_revision` is the
    newest that it has seen in the database; `confirmed_at` is when the snapshot was known to be
    that. `failing` says why the newest configuration is no snapshot, "" where nothing is wrong.
    `compiles` counts by kind and result, `seconds` is how long the last of a kind took."""

    heard_at: float = 0.0
    connected: bool = False
    database_error: str = ""
    newest_revision: int = 0
    confirmed_at: float = 0.0
    failing: str = ""
    compiling: str = ""
    rows_done: int = 0
    compiles: dict[str, int] = {}
    seconds: dict[str, float] = {}


_DECODER = msgspec.json.Decoder(Status)


def write_status(directory: Path, status: Status) -> None:
    """Replace what was said before."""
    written = directory / f"{STATUS}.new"
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        output.write(msgspec.json.encode(status))
    written.replace(directory / STATUS)


def load_status(directory: Path) -> Status | None:
    """What was said last, None for nothing that can be read."""
    try:
        return _DECODER.decode((directory / STATUS).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def resume_status(directory: Path, *, has_snapshot: bool) -> Status:
    """What a compiler that starts goes on from: what is still so of what was said last, and when
    the snapshot was confirmed, if it is there."""
    told = load_status(directory)
    if told is None:
        return Status()
    return Status(
        newest_revision=told.newest_revision,
        confirmed_at=told.confirmed_at if has_snapshot else 0.0,
        compiles=told.compiles,
        seconds=told.seconds,
    )
