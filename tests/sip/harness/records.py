"""The records of calls that a Kamailio writes."""

import json
import re
import time
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_TIMES = ("started", "at", "sent", "rang", "ended")
_TIMEOUT_S = 20


def read_records(folder: Path) -> list[Record]:
    """All of them, as a reader gets them: empty lines are none."""
    lines = [
        line
        for file in sorted(folder.glob("calls-*.jsonl"))
        for line in file.read_text().split("\n")
    ]
    return [json.loads(line) for line in lines if line]


def wait_for_ends(folder: Path, *call_ids: str) -> list[Record]:
    """The records of these calls, when each of them has ended."""
    deadline = time.monotonic() + _TIMEOUT_S
    while True:
        found = [record for record in read_records(folder) if record["call_id"] in call_ids]
        ended = {record["call_id"] for record in found if record["kind"] == "end"}
        if ended == set(call_ids):
            return found
        assert time.monotonic() < deadline, f"not ended: {set(call_ids) - ended}, of {found}"
        time.sleep(0.02)


def take_times(record: Record) -> tuple[Record, dict[str, str]]:
    """A record without its times, and those, each as "seconds.microseconds" or ""."""
    times = {name: record[name] for name in _TIMES if name in record}
    for name, value in times.items():
        assert re.fullmatch(r"\d{10,}\.\d{6}", value) or (name, value) == ("rang", ""), times
    return {name: value for name, value in record.items() if name not in _TIMES}, times
