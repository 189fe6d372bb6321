"""What cannot be shipped: lines that are no records, and records that the platform refuses. They
are set aside with the reason, in a file beside the others, which only an operator deletes."""

import base64
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pointsman.shipper.offsets import sync_directory
from pointsman.shipper.spool import Line


@dataclass(frozen=True, slots=True)
class Refused:
    """A line, which field of it is at fault ("" for the whole of it), and why."""

    line: Line
    field: str
    reason: str


class RefusedLines:
    """The file of them, on the disk. A line is set aside once, though a crash may have come between
    that and the offset that leads beyond it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = set(_read_known(path))

    def add(self, refused: Iterable[Refused]) -> None:
        """Set them aside; they are on the disk when this returns."""
        new = {_key(each.line): each for each in refused if _key(each.line) not in self._known}
        if not new:
            return
        with self._path.open("ab") as file:
            # One that a crash has cut ends here.
            lines = [b"", *(json.dumps(_shown(each)).encode() for each in new.values()), b""]
            file.write(b"\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        sync_directory(self._path.parent)
        self._known |= set(new)


def _shown(refused: Refused) -> dict[str, object]:
    shown: dict[str, object] = {
        "file": refused.line.file,
        "offset": refused.line.offset,
        "field": refused.field,
        "reason": refused.reason,
    }
    try:
        shown["line"] = refused.line.text.decode()
    except UnicodeDecodeError:
        shown["line_base64"] = base64.b64encode(refused.line.text).decode()
    return shown


def _read_known(path: Path) -> Iterable[tuple[str, int, str]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for text in file:
            try:
                said = json.loads(text)
                line = said["line"] if "line" in said else said["line_base64"]
                yield said["file"], said["offset"], line
            except (ValueError, KeyError, TypeError):  # cut, or an operator's note
                continue


def _key(line: Line) -> tuple[str, int, str]:
    try:
        text = line.text.decode()
    except UnicodeDecodeError:
        text = base64.b64encode(line.text).decode()
    return line.file, line.offset, text
