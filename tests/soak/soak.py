"""A run: calls and faults, then the account of it."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress

from pointsman.demo import ALPHA, PBX
from tests.bench.sip_load import write_numbers
from tests.sip.harness.ports import free_udp_port
from tests.soak.account import Account, settle
from tests.soak.faults import Dice
from tests.soak.parties import Callee, Caller, Talk
from tests.soak.platform import Platform

# Kamailio is killed in the first part of the time. What runs after it has some thousands of calls
# until it has been everywhere in its tables; then its memory is watched.
_KILLS_SHARE = 0.4
_WARM_UP_SHARE = 0.2
# Transactions stay for 5 s after their end, and for 64 s where nobody answers.
_DRAIN_S = 70.0
_LOOK_S = 0.2
# Probes are transactions as well; in this time there is a moment without.
_QUIET_S = 20.0


@dataclass(frozen=True)
class Plan:
    """What is to be done; `seed` repeats the faults."""

    calls_per_s: int
    seconds: int
    fault_every_s: float
    seed: int


@dataclass
class Outcome:
    """What happened: how many calls became what for their caller, those that were answered there,
    the faults in their order, and Kamailio's shared memory in use with no call under way, in bytes:
    when load had been on it for a while, and at the end."""

    counts: dict[str, int] = field(default_factory=dict)
    calls: dict[str, Talk] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    memory_before: int = 0
    memory_after: int = 0
    account: Account = field(default_factory=Account)

    @property
    def memory_growth(self) -> float:
        """The share by which it grew."""
        return self.memory_after / self.memory_before - 1


def soak(plan: Plan, platform: Platform, directory: Path, progress: Progress) -> Outcome:
    """Place the calls, break things, wait for the last record, and settle."""
    outcome = Outcome()
    since = datetime.now(UTC)
    dice = Dice(plan.seed)
    numbers = write_numbers(directory)
    callee = Callee(*ALPHA, directory)
    with callee.listening():
        kills = int(plan.seconds * _KILLS_SHARE)
        warm_up = int(plan.seconds * _WARM_UP_SHARE)
        _load(_Phase(kills, numbers, dice, kills_kamailio=True), plan, platform, outcome, progress)
        _load(_Phase(warm_up, numbers, dice), plan, platform, outcome, progress)
        outcome.memory_before = _quiet_memory(platform)
        watched = plan.seconds - kills - warm_up
        _load(_Phase(watched, numbers, dice), plan, platform, outcome, progress)
        outcome.memory_after = _quiet_memory(platform)
    platform.ship_the_rest()
    outcome.account = asyncio.run(
        settle(platform.postgres.url, since, callee.talks(), outcome.calls)
    )
    return outcome


@dataclass(frozen=True)
class _Phase:
    seconds: int
    numbers: Path
    dice: Dice
    kills_kamailio: bool = False


def _quiet_memory(platform: Platform) -> int:
    """Kamailio's shared memory in use, in bytes, with no transaction under way."""
    used = []
    ends = time.monotonic() + _QUIET_S
    while time.monotonic() < ends:
        used.append(platform.shared_memory_used())
        time.sleep(_LOOK_S)
    return min(used)


def _load(
    phase: _Phase, plan: Plan, platform: Platform, outcome: Outcome, progress: Progress
) -> None:
    """Calls for as long as the phase lasts, and until nothing of them is left."""
    caller = Caller(PBX[0], free_udp_port(PBX[0]), phase.numbers)
    task = progress.add_task(f"{plan.calls_per_s} calls/s", total=phase.seconds)
    caller.begin(platform.kamailio.socket, plan.calls_per_s, phase.seconds)
    started = time.monotonic()
    next_fault = plan.fault_every_s
    while (passed := time.monotonic() - started) < phase.seconds:
        progress.update(task, completed=passed)
        if next_fault <= passed < phase.seconds - plan.fault_every_s:
            next_fault += plan.fault_every_s
            fault = phase.dice.throw(with_kamailio=phase.kills_kamailio)
            outcome.faults.append(fault.name)
            progress.console.print(f"{passed:6.0f} s  {fault.name}")
            fault.do(platform)
        time.sleep(_LOOK_S)
    progress.update(task, completed=phase.seconds)
    caller.finish()
    outcome.calls.update(caller.talks())
    for what, count in caller.count().items():
        outcome.counts[what] = outcome.counts.get(what, 0) + count
    drain = progress.add_task("until nothing is under way", total=_DRAIN_S)
    ended = time.monotonic()
    while (passed := time.monotonic() - ended) < _DRAIN_S:
        progress.update(drain, completed=passed)
        time.sleep(_LOOK_S)
    progress.update(drain, completed=_DRAIN_S)
