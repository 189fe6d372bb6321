"""Compares a message with a file that says it header by header."""

import re
from pathlib import Path

from tests.sip.harness.messages import SipMessage


def assert_message(message: SipMessage, file: Path, **values: str) -> None:
    """The start line and all headers, no more and no fewer, in any order.

    In the file, {name} stands for a value and * for anything.
    """
    lines = file.read_text().format(**values).splitlines()
    expected = sorted(line for line in lines[1:] if line)
    found = sorted(f"{name}: {value}" for name, value in message.headers)
    assert _matches(lines[0], message.start_line), f"{message.start_line} is not {lines[0]}"
    unmatched = [line for line in found if not any(_matches(e, line) for e in expected)]
    missing = [line for line in expected if not any(_matches(line, f) for f in found)]
    assert not unmatched, f"not expected in {message.start_line}: {unmatched}; missing: {missing}"
    assert not missing, f"missing in {message.start_line}: {missing}"
    assert len(found) == len(expected), f"a header stands twice: {found}"


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
