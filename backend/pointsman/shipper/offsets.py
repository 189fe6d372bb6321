"""How far each file has been shipped, on the disk.

Written after the platform has said that it stored what is before them; when that is lost, or cannot
be read, files are shipped again from their beginning, which the platform does not count twice.
"""

import hashlib
import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct


class Offset(Struct, frozen=True):
    """Of a file: the next byte to ship. Another file of the same name has another inode, or another
    mark."""

    inode: int
    offset: Annotated[int, Meta(ge=0)]
    mark: str


Offsets = dict[str, Offset]
_decode = msgspec.json.Decoder(Offsets).decode


def read_offsets(path: Path) -> Offsets | None:
    """What is kept there; None when it is damaged, {} when there is nothing yet."""
    try:
        kept = path.read_bytes()
    except FileNotFoundError:
        return {}
    content, _, checksum = kept.partition(b"\n")
    if checksum.strip() != _checksum(content):
        return None
    return _decode(content)


def write_offsets(path: Path, offsets: Offsets) -> None:
    """Keep them: all or, in a crash, those that were kept before."""
    content = msgspec.json.encode(offsets, order="sorted")
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content + b"\n" + _checksum(content) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Bring to the disk which files it has."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
