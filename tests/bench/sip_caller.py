"""One run of SIPp against a proxy at a given rate of calls, and what became of them."""

import csv
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.sip.harness.ports import udp_is_bound

_SCENARIOS = Path(__file__).parent / "sip"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# What is under way when the last call has been offered gets as long as a lost message takes to be
# sent again twice (RFC 3261 section 17.1.1.2: after 0.5 and 1 s), and a little more.
_DRAIN_S = 2.0
_CAUSES = {
    "GenericCounter1(C)": "503",
    "GenericCounter2(C)": "refused otherwise",
    "FailedMaxUDPRetrans(C)": "no answer",
    "FailedUnexpectedMessage(C)": "unexpected message",
    "FailedCannotSendMessage(C)": "not sent",
    "FailedTimeoutOnRecv(C)": "timeout",
}
# Of every kind of buffer as much as the machine allows: what is measured is the proxy.
_SIPP = ["sipp", "-nostdin", "-buff_size", str(4 * 1024 * 1024), "-nd"]


@dataclass(frozen=True)
class Run:
    """What became of the calls of a run. Rates are calls a second, over the time in which calls
    were offered, the first second left out."""

    asked_per_s: float
    offered_per_s: float
    succeeded_per_s: float
    calls: int
    succeeded: int
    caller_busy: float
    """The share of one core that the caller itself took."""
    causes: dict[str, int] = field(default_factory=dict)
    """How many calls did not succeed, by cause."""

    @property
    def failed_share(self) -> float:
        """Of all calls, those that did not succeed, at the end of the run."""
        return 1 - self.succeeded / self.calls if self.calls else 1.0

    @property
    def was_offered(self) -> bool:
        """Whether the caller could keep to the rate that it was asked for."""
        return self.offered_per_s >= 0.97 * self.asked_per_s


@contextmanager
def callee(host: str, port: int, directory: Path) -> Iterator[None]:
    """Answers every call at this address."""
    process = subprocess.Popen(
        [*_SIPP, "-sf", str(_SCENARIOS / "callee.xml"), "-i", host, "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=directory,
    )
    try:
        deadline = time.monotonic() + 20
        while not udp_is_bound(host, port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"SIPp does not listen at {host}:{port}")
            time.sleep(0.01)
        yield
    finally:
        process.kill()
        process.wait()


def offer(
    proxy: tuple[str, int], caller: tuple[str, int], numbers: Path, rate: int, seconds: int
) -> Run:
    """Offer calls to the numbers of a file at a rate, from the address `caller`, for at least three
    seconds, of which the first does not count."""
    busy = place_calls(proxy, caller, numbers, rate, seconds)
    return _read(_statistics(numbers), rate, seconds, busy)


def place_calls(
    proxy: tuple[str, int], caller: tuple[str, int], numbers: Path, rate: int, seconds: int
) -> float:
    """The same with no look at what comes of it; the share of a core that SIPp took."""
    statistics = _statistics(numbers)
    statistics.unlink(missing_ok=True)
    process = subprocess.Popen(
        [
            *_SIPP,
            f"{proxy[0]}:{proxy[1]}",
            *("-sf", str(_SCENARIOS / "caller.xml"), "-inf", str(numbers)),
            *("-i", caller[0], "-p", str(caller[1])),
            *("-r", str(rate), "-m", str(rate * seconds), "-l", "1000000"),
            *("-trace_stat", "-stf", str(statistics), "-fd", "1"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=numbers.parent,
    )
    try:
        time.sleep(seconds)
        busy = _cpu_seconds(process.pid) / seconds
        process.wait(_DRAIN_S + 1)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()
    return busy


def _statistics(numbers: Path) -> Path:
    return numbers.parent / "caller.csv"


def _cpu_seconds(pid: int) -> float:
    """What a process has used of all cores; 0 when it has ended before its time."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def _read(file: Path, rate: int, seconds: int, busy: float) -> Run:
    with file.open() as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    # The first second is for caches and connections; then as long as calls were offered.
    whole = [row for row in rows if 0.9 <= _elapsed_s(row) <= seconds + 0.1]
    first, last, end = whole[0], whole[-1], rows[-1]
    took = _elapsed_s(last) - _elapsed_s(first)
    causes = {cause: int(end[name]) for name, cause in _CAUSES.items() if int(end.get(name, 0))}
    calls, succeeded = int(end["OutgoingCall(C)"]), _succeeded(end)
    open_at_the_end = calls - succeeded - sum(causes.values())
    if open_at_the_end > 0:
        causes["still open"] = open_at_the_end
    return Run(
        asked_per_s=rate,
        offered_per_s=(int(last["OutgoingCall(C)"]) - int(first["OutgoingCall(C)"])) / took,
        succeeded_per_s=(_succeeded(last) - _succeeded(first)) / took,
        calls=calls,
        succeeded=succeeded,
        caller_busy=busy,
        causes=causes,
    )


def _succeeded(row: dict[str, str]) -> int:
    """SIPp takes a call that went by the scenario for a success, a refused one too."""
    refused = int(row["GenericCounter1(C)"]) + int(row["GenericCounter2(C)"])
    return int(row["SuccessfulCall(C)"]) - refused


def _elapsed_s(row: dict[str, str]) -> float:
    """From hh:mm:ss:microseconds, or hh:mm:ss.mmm in later versions."""
    parts = row["ElapsedTime(C)"].replace(".", ":").split(":")
    fraction = float(f"0.{parts[3]}") if len(parts) > 3 else 0.0
    return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2]) + fraction
