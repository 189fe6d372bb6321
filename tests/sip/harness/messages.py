"""SIP messages as SIPp's trace has them."""

import re
from dataclasses import dataclass
from pathlib import Path

_SEPARATOR = re.compile(r"^-{40,} (\S+ \S+)\n", re.MULTILINE)
_HEADING = re.compile(r"\A(?:UDP|TCP|TLS) message (received|sent)[^\n]*\n\n")


@dataclass(frozen=True)
class SipMessage:
    """A message that an actor sent or received."""

    received: bool
    start_line: str
    headers: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """The values of a header, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The value of a header that stands there once."""
        values = self.all(name)
        assert len(values) == 1, f"{name} stands {len(values)} times in {self.start_line}"
        return values[0]

    @property
    def is_request(self) -> bool:
        """Whether it is a request."""
        return not self.start_line.startswith("SIP/2.0")


def read_trace(file: Path) -> list[SipMessage]:
    """All messages of a trace file, none when there is no file."""
    if not file.exists():
        return []
    blocks = _SEPARATOR.split(file.read_text(errors="replace"))[2::2]
    return [message for block in blocks if (message := _read_block(block)) is not None]


def _read_block(block: str) -> SipMessage | None:
    heading = _HEADING.match(block)
    if heading is None:
        return None
    head = re.split(r"\r?\n\r?\n", block[heading.end() :], maxsplit=1)[0]
    lines = re.sub(r"\r?\n[ \t]+", " ", head).splitlines()
    pairs = (line.partition(":") for line in lines[1:] if ":" in line)
    headers = tuple((name.strip(), value.strip()) for name, _, value in pairs)
    return SipMessage(heading[1] == "received", lines[0], headers)
