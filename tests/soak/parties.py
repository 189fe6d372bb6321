"""The two ends of all calls, by SIPp: a caller that talks for some seconds and hangs up, and a
callee that writes down what it took and when it ended."""

import csv
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.sip.harness.ports import udp_is_bound

_SCENARIOS = Path(__file__).parent / "sip"
_SIPP = ["sipp", "-nostdin", "-nd", "-buff_size", str(4 * 1024 * 1024)]
_LONGEST_CALL_S = 20


@dataclass(frozen=True)
class Talk:
    """A call as one party saw it: when it was answered, acknowledged and hung up, in seconds of
    the party's clock; None for what did not happen, or is not known there."""

    answered_at: float
    acknowledged_at: float | None = None
    ended_at: float | None = None

    @property
    def durations_s(self) -> list[float]:
        """How long it was: from its answer on, and from its acknowledgement on. Between the two
        both have crossed the proxy, which after a restart has a queue of what came meanwhile."""
        if self.ended_at is None:
            return []
        begun = (self.answered_at, self.acknowledged_at)
        return [self.ended_at - each for each in begun if each is not None]


def _read_talks(log: Path) -> dict[str, Talk]:
    """What a party wrote down, by Call-ID; of what came again the first time counts."""
    times: dict[str, dict[str, float]] = {}
    for line in log.read_text().splitlines():
        what, _, rest = line.partition(" ")
        call_id, _, tick = rest.rpartition(" ")
        times.setdefault(call_id, {}).setdefault(f"{what}_at", int(tick) / 1000)
    return {call_id: Talk(**known) for call_id, known in times.items()}


class Callee:
    """Answers every call at an address."""

    def __init__(self, host: str, port: int, directory: Path) -> None:
        self._log = directory / "callee.log"
        self._command = [
            *_SIPP,
            *("-sf", str(_SCENARIOS / "callee.xml"), "-i", host, "-p", str(port)),
            *("-trace_logs", "-log_file", str(self._log), "-l", "1000000"),
        ]
        self._socket = host, port
        self._directory = directory

    @contextmanager
    def listening(self) -> Iterator[None]:
        """As long as it is there."""
        process = _start(self._command, self._directory)
        try:
            deadline = time.monotonic() + 20
            while not udp_is_bound(*self._socket):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"SIPp does not listen at {self._socket}")
                time.sleep(0.01)
            yield
        finally:
            # By its own command, so that it writes what it has in its buffers.
            process.terminate()
            process.wait()

    def talks(self) -> dict[str, Talk]:
        """All calls that it answered, by Call-ID."""
        return _read_talks(self._log)


class Caller:
    """Calls the numbers of a file at a rate."""

    def __init__(self, host: str, port: int, numbers: Path) -> None:
        self._host, self._port, self._numbers = host, port, numbers
        self._statistics = numbers.parent / f"caller-{port}.csv"
        self._log = numbers.parent / f"caller-{port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, proxy: tuple[str, int], per_s: int, seconds: int) -> None:
        """Call for this long."""
        command = [
            *_SIPP,
            f"{proxy[0]}:{proxy[1]}",
            *("-sf", str(_SCENARIOS / "caller.xml"), "-inf", str(self._numbers)),
            *("-i", self._host, "-p", str(self._port)),
            *("-r", str(per_s), "-m", str(per_s * seconds), "-l", "1000000"),
            *("-trace_stat", "-stf", str(self._statistics), "-fd", "1"),
            *("-trace_logs", "-log_file", str(self._log)),
        ]
        self._process = _start(command, self._numbers.parent)

    @property
    def is_calling(self) -> bool:
        """Whether calls are under way."""
        return self._process is not None and self._process.poll() is None

    def finish(self) -> None:
        """Wait until its last call has ended, or has been given up by its timers."""
        assert self._process is not None
        try:
            # Timer F ends what nobody answers (RFC 3261 section 17.1.2.2).
            self._process.wait(_LONGEST_CALL_S + 64)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def talks(self) -> dict[str, Talk]:
        """All its calls that were answered, by Call-ID."""
        return _read_talks(self._log)

    def count(self) -> dict[str, int]:
        """Of its calls: how many there were, and what became of them."""
        with self._statistics.open() as text:
            row = list(csv.DictReader(text, delimiter=";"))[-1]
        refused = int(row["GenericCounter1(C)"]) + int(row["GenericCounter2(C)"])
        return {
            "calls": int(row["OutgoingCall(C)"]),
            "answered": int(row["SuccessfulCall(C)"]) - refused,
            "refused": refused,
            "failed": int(row["FailedCall(C)"]),
        }


def _start(command: list[str], directory: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=directory,
    )
