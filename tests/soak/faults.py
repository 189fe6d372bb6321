"""What goes wrong during a soak, one thing at a time."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.soak.platform import Part, Platform

# How long what hangs hangs, and what is down stays down at most, in seconds.
_PAUSE_S = 4.0


@dataclass(frozen=True)
class Fault:
    """A fault by its name; `do` returns when it is over."""

    name: str
    do: Callable[[Platform], None]
    of_kamailio: bool = False


def _killed(name: str) -> Fault:
    return Fault(f"{name} killed", lambda platform: platform.parts[name].signal(signal.SIGKILL))


def _hanging(name: str) -> Fault:
    def hang(platform: Platform) -> None:
        _stop_for_a_while(platform.parts[name])

    return Fault(f"{name} hanging", hang)


def _stop_for_a_while(part: Part) -> None:
    part.signal(signal.SIGSTOP)
    try:
        time.sleep(_PAUSE_S)
    finally:
        part.signal(signal.SIGCONT)


def _crash_postgres(platform: Platform) -> None:
    """Its immediate shutdown: what it does in a power cut."""
    process = platform.parts["postgres"].kept.process
    if process is not None:
        process.send_signal(signal.SIGQUIT)


FAULTS = (
    _killed("router-1"),
    _killed("router-2"),
    _hanging("router-1"),
    _killed("records"),
    _hanging("records"),
    _killed("ship"),
    _hanging("ship"),
    _killed("agent"),
    Fault("postgres crashed", _crash_postgres),
    Fault(
        "kamailio killed",
        lambda platform: platform.parts["kamailio"].signal(signal.SIGKILL),
        of_kamailio=True,
    ),
)


class Dice:
    """Faults in a random order that `seed` repeats: each as often as the others."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 -- nothing secret
        self._bag: list[Fault] = []

    def throw(self, *, with_kamailio: bool) -> Fault:
        """The next one; `with_kamailio` when Kamailio itself may be killed."""
        allowed = [fault for fault in FAULTS if with_kamailio or not fault.of_kamailio]
        self._bag = [fault for fault in self._bag if fault in allowed]
        if not self._bag:
            self._bag = self._rng.sample(allowed, len(allowed))
        return self._bag.pop()
