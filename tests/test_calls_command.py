"""`pointsman calls export`, as a process on a database with calls."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.calls import stored
from tests.conftest import bound, copy_database
from tests.test_cli import run

_RANGE = ("--from", "2026-11-01", "--to", "2026-12-01")


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one of this machine, where another may be serving."""
    monkeypatch.setenv("POINTSMAN_STATE_DIR", str(tmp_path / "state"))


async def test_it_writes_calls(template_url: str, tmp_path: Path) -> None:
    url = await copy_database(template_url, "calls_command")
    async with bound(url):
        await stored.store(
            stored.answered("first", 0), stored.rejected("second", 60, called_number="+12025550123")
        )
    shown = run("calls", "export", *_RANGE, POINTSMAN_DATABASE_URL=url)
    assert (shown.returncode, shown.stderr) == (0, "2 calls written\n")
    calls = list(csv.DictReader(io.StringIO(shown.stdout, newline="")))
    assert [call["sipCallId"] for call in calls] == ["second", "first"]
    file = tmp_path / "calls.jsonl"
    for asked in (("--called-prefix", "+1202"), ("--outcome", "REJECTED")):
        written = run(
            *("calls", "export", *_RANGE, "--format", "jsonl", "--output", str(file), *asked),
            POINTSMAN_DATABASE_URL=url,
        )
        assert (written.returncode, written.stdout) == (0, ""), written.stderr
        assert [json.loads(line)["sipCallId"] for line in file.read_text().splitlines()] == [
            "second"
        ]
    refused = run(
        *("calls", "export", "--from", "2026-01-01", "--to", "2026-12-01"),
        POINTSMAN_DATABASE_URL=url,
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "startedTo: a range of 334 days, give a range of 31 days at most" in refused.stderr
