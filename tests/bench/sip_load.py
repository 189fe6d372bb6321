"""Calls a second through Kamailio: with a static destination, with this repository's configuration
before a constant answer, and before the router; and what is left at twice what is clean.

Caller, callee and all of the platform share the machine: figures are to be held against each
other, not against those of a machine of its own.
"""

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pointsman.demo import ALPHA, PBX
from tests.bench.sip_caller import Run, callee, offer, place_calls
from tests.bench.sip_proxies import (
    Proxy,
    constant_answer,
    our_proxy,
    real_answer,
    router,
    static_proxy,
)
from tests.sip.harness.ports import free_udp_port, udp_is_bound

# Clean is a rate at which fewer calls than this fail or are refused.
CLEAN_SHARE = 0.001
_RUN_S = 4
_TWICE_S = 6
# A second is left out of what is counted.
_WARM_UP_PER_S = 200
_WARM_UP_S = 2
_STEP = 1.35
# The search ends when what is clean and what is not are this near.
_NEAR = 1.09


@dataclass(frozen=True)
class Figures:
    """Of one proxy: its clean rate, in calls a second, and what is left at twice that rate."""

    clean_per_s: float
    at_twice: Run
    runs: list[Run]

    @property
    def share_at_twice(self) -> float:
        """Calls that succeed at twice the clean rate, over the clean rate."""
        return self.at_twice.succeeded_per_s / self.clean_per_s

    @property
    def was_offered(self) -> bool:
        """Whether SIPp kept to every rate that decides something; else it is the bottleneck, and
        the figure is a lower bound."""
        return self.at_twice.was_offered and all(run.was_offered for run in self.runs)


def ratios(figures: dict[str, Figures]) -> dict[str, float]:
    """The router's clean rate over those of the controls, and what it keeps of it at twice that."""
    ours = figures["ours"]
    return {
        "of_constant": ours.clean_per_s / figures["constant"].clean_per_s,
        "of_static": ours.clean_per_s / figures["static"].clean_per_s,
        "of_static_default": ours.clean_per_s / figures["static_default"].clean_per_s,
        "at_twice": ours.share_at_twice,
    }


def measure(database_url: str, token: str) -> dict[str, Figures]:
    """The proxies' figures by name: static_default and static (one with the memory manager that
    Debian starts it with, one with ours), constant, ours. The database has the demo's
    configuration, and the token is that of a node of it."""
    if udp_is_bound(*ALPHA):
        raise RuntimeError(f"the demo's callee needs UDP {ALPHA}, which something else uses")
    with tempfile.TemporaryDirectory(prefix="pointsman-bench-") as name:
        directory = Path(name)
        numbers = write_numbers(directory)
        found = {
            # As Debian starts it, and as we do.
            "static_default": _figures(static_proxy(directory, "qm"), numbers, 2_500),
            "static": _figures(static_proxy(directory), numbers, 5_000),
        }
        with router(database_url) as url:
            answer = real_answer(url, token)
        with constant_answer(answer, directory) as url:
            found["constant"] = _figures(
                our_proxy(directory, "constant", url, token), numbers, 2_000
            )
        with router(database_url) as url:
            found["ours"] = _figures(our_proxy(directory, "ours", url, token), numbers, 2_000)
    return found


def _figures(proxy: Proxy, numbers: Path, guess: int) -> Figures:
    try:
        clean, runs = _search(proxy, numbers, guess)
        at_twice = _run(proxy, numbers, 2 * clean, _TWICE_S)
    finally:
        proxy.stop()
    return Figures(clean, at_twice, runs)


def _search(proxy: Proxy, numbers: Path, guess: int) -> tuple[int, list[Run]]:
    """The highest rate found clean: by steps from the guess, then by halves."""
    runs: list[Run] = []

    def is_clean(rate: int) -> bool:
        # Other work on the machine spoils a run; a rate that is too high spoils two.
        for _ in range(2):
            run = _run(proxy, numbers, rate, _RUN_S)
            runs.append(run)
            if _is_clean(run):
                return True
        return False

    low, high = 0, 0
    rate = guess
    while not low or not high:
        if is_clean(rate):
            low, rate = rate, int(rate * _STEP)
        else:
            high, rate = rate, int(rate / _STEP)
        if rate < 20:
            raise RuntimeError(f"{proxy.name}: no rate is clean: {runs}")
    while high / low > _NEAR:
        middle = (low + high) // 2
        low, high = (middle, high) if is_clean(middle) else (low, middle)
    return low, runs


def clean_rate(socket: tuple[str, int], directory: Path, guess: int = 400) -> int:
    """A rate that a proxy which stays up takes, and at most a third below what it takes: by steps
    from the guess."""
    numbers = write_numbers(directory)
    clean, rate = 0, guess
    with callee(*ALPHA, directory):
        place_calls(socket, _caller(), numbers, _WARM_UP_PER_S, _WARM_UP_S)
        while _is_clean(run := offer(socket, _caller(), numbers, rate, _RUN_S)):
            clean, rate = rate, int(rate * _STEP)
    if not clean:
        raise RuntimeError(f"not even {rate} calls/s are clean: {run.causes}")
    return clean


def _run(proxy: Proxy, numbers: Path, rate: int, seconds: int) -> Run:
    """A run on a proxy that has warmed up and carries nothing of a run before, which a rate that
    is too high leaves behind."""
    with callee(*ALPHA, numbers.parent):
        if not proxy.is_running:
            proxy.start()
            place_calls(proxy.socket, _caller(), numbers, _WARM_UP_PER_S, _WARM_UP_S)
        run = offer(proxy.socket, _caller(), numbers, rate, seconds)
    if not _is_clean(run):
        proxy.stop()
    return run


def _caller() -> tuple[str, int]:
    return PBX[0], free_udp_port(PBX[0])


def _is_clean(run: Run) -> bool:
    return run.failed_share < CLEAN_SHARE and run.was_offered


def write_numbers(directory: Path) -> Path:
    """Random numbers of Rome, each called from one of Acme's."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret
    rows = [
        f"+3906{rng.randrange(10**8):08d};+390401234{rng.randrange(1000):03d};\n"
        for _ in range(20_000)
    ]
    file = directory / "numbers.csv"
    file.write_text("SEQUENTIAL\n" + "".join(rows))
    return file
