import subprocess
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from pointsman.errors import BadEnvironment
from pointsman.kept_process import KeptProcess


@pytest.fixture
def launched() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def _kept(launched: list[subprocess.Popen[bytes]], *command: str) -> KeptProcess:
    def launch() -> subprocess.Popen[bytes]:
        launched.append(subprocess.Popen(command))
        return launched[-1]

    return KeptProcess("it", launch)


def test_it_is_started_once_and_left_alone_while_it_runs(
    launched: list[subprocess.Popen[bytes]],
) -> None:
    kept = _kept(launched, "sleep", "60")
    for now in (0.0, 1.0, 100.0):
        kept.check(now)
    assert len(launched) == 1
    assert kept.process is launched[0]


def test_what_dies_after_a_while_is_started_again_at_once(
    launched: list[subprocess.Popen[bytes]],
) -> None:
    kept = _kept(launched, "sleep", "60")
    kept.check(0.0)
    launched[0].kill()
    launched[0].wait()
    with capture_logs() as logs:
        kept.check(11.0)
    assert len(launched) == 2
    assert logs == [
        {
            "event": "died, starts again",
            "log_level": "error",
            "what": "it",
            "why": "status -9",
            "wait_s": 0.0,
        }
    ]


def test_what_dies_at_once_waits_longer_each_time(
    launched: list[subprocess.Popen[bytes]],
) -> None:
    kept = _kept(launched, "false")
    now, waits = 0.0, []
    for _ in range(6):
        kept.check(now)
        launched[-1].wait()
        with capture_logs() as logs:
            kept.check(now)
        waits.append(logs[0]["wait_s"])
        count = len(launched)
        kept.check(now + waits[-1] - 0.01)
        assert len(launched) == count
        now += waits[-1]
    assert waits == [0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_what_cannot_be_started_is_tried_again_and_breaks_nothing() -> None:
    def launch() -> subprocess.Popen[bytes]:
        raise BadEnvironment("the disk is full")

    kept = KeptProcess("it", launch)
    with capture_logs() as logs:
        kept.check(0.0)
        kept.check(0.4)
    assert [(entry["why"], entry["wait_s"]) for entry in logs] == [
        ("the disk is full", 0.4),
        ("the disk is full", 0.8),
    ]
    assert kept.process is None


def test_one_that_runs_already_is_taken_over(launched: list[subprocess.Popen[bytes]]) -> None:
    process = subprocess.Popen(["sleep", "60"])
    launched.append(process)
    kept = KeptProcess("it", lambda: pytest.fail("started a second one"), process)
    kept.check(0.0)
    assert kept.process is process


def test_what_fails_for_days_is_still_tried() -> None:
    tries = 0

    def launch() -> subprocess.Popen[bytes]:
        nonlocal tries
        tries += 1
        raise OSError("no space left on device")

    kept = KeptProcess("it", launch)
    with capture_logs() as logs:
        for number in range(3_000):
            kept.check(number * 6.0)
    assert tries == 3_000
    assert logs[-1]["wait_s"] == 5.0
