"""A spool as Kamailio leaves it."""

import json
import os
from pathlib import Path

from tests.calls import reported

HOUR = "calls-20261118T11.jsonl"
NEXT_HOUR = "calls-20261118T12.jsonl"


def line(record: object) -> bytes:
    """A record as it is written: what was cut before it ends at its newline."""
    return b"\n" + json.dumps(record).encode() + b"\n"


def calls(*call_ids: str) -> bytes:
    """The lines of whole calls."""
    return b"".join(
        line(made(call_id))
        for call_id in call_ids
        for made in (reported.start, reported.answer, reported.end)
    )


class Spooled:
    """A directory of call records."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir()

    def append(self, content: bytes, name: str = HOUR) -> None:
        """Write as Kamailio does: at once, at the end."""
        descriptor = os.open(
            self.directory / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o640
        )
        try:
            assert os.write(descriptor, content) == len(content)
        finally:
            os.close(descriptor)

    def age(self, name: str, by_s: float) -> None:
        """As if nothing had been written to it for so long."""
        file = self.directory / name
        modified_at = file.stat().st_mtime - by_s
        os.utime(file, (modified_at, modified_at))

    def refused(self) -> list[dict[str, object]]:
        """The lines that were set aside."""
        file = self.directory / "refused.jsonl"
        texts = file.read_text().splitlines() if file.exists() else []
        return [json.loads(text) for text in texts if text]
