"""`pointsman statistics`, as a process on a database with calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pointsman.calls.call_statistics import StatisticsLevel
from pointsman.models import CallStatistics
from pointsman.services.call_records import store_events
from pointsman.services.record_partitions import keep_days
from pointsman.services.statistics_recount import recount_due
from tests.calls.reported import NODE
from tests.conftest import bound, copy_database
from tests.services.recounted import call, read, recounted, stored_counts
from tests.services.test_statistics_recount import DAY, MIDNIGHT
from tests.test_cli import run

_REBUILD = ("statistics", "rebuild", "--from", "2026-11-17", "--to", "2026-11-18")


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the one of this machine, where another may be serving."""
    monkeypatch.setenv("POINTSMAN_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
async def url(template_url: str) -> AsyncIterator[str]:
    """The URL of a database with a call in it, bound to the test."""
    made = await copy_database(template_url, "statistics_command")
    async with bound(made):
        await store_events(NODE, read(call("call-1", MIDNIGHT + 5 * 3_600)))
        yield made


async def test_what_is_right_stays_as_it_is(url: str) -> None:
    await recount_due()
    done = run(*_REBUILD, POINTSMAN_DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (0, "days counted: 2, differences: 0\n")
    assert "Counting calls" in done.stderr


async def test_what_was_wrong_is_mended_and_told(url: str) -> None:
    await recount_due()
    await CallStatistics.filter(level=StatisticsLevel.CALLS).update(attempts=5)
    done = run(*_REBUILD, POINTSMAN_DATABASE_URL=url, COLUMNS="150")
    assert done.returncode == 0, done.stderr
    for text in ("minute 2026-11-18 05:00", "hour 2026-11-18 05:00", "day 2026-11-18 00:00"):
        assert text in done.stdout
    assert "5 attempts, 1 answered, 60.5 s" in done.stdout
    assert "1 attempts, 1 answered, 60.5 s" in done.stdout
    assert done.stdout.endswith("days counted: 2, differences: 3\n")
    assert await stored_counts() == await recounted()


async def test_days_whose_calls_are_gone_are_left_and_told(url: str) -> None:
    await recount_due()
    counted = await stored_counts()
    await keep_days(DAY.replace(day=20), 1)
    done = run(*_REBUILD, POINTSMAN_DATABASE_URL=url)
    assert done.stdout == (
        "days counted: 0, differences: 0\n"
        "days left as they are, since their calls are not kept any more: 2\n"
    )
    assert await stored_counts() == counted


async def test_days_that_end_before_they_begin_are_refused(url: str) -> None:
    asked = ("statistics", "rebuild", "--from", "2026-11-18", "--to", "2026-11-17")
    done = run(*asked, POINTSMAN_DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (
        1,
        "pointsman: --to 2026-11-17 is before --from 2026-11-18\n",
    )
