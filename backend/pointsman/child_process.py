"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], object]:
    """What a child calls first, to get this signal when its parent is gone."""
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def follow_parent(parent_pid: int) -> None:
    """Be killed when the parent is; it may be gone already."""
    die_with_parent(signal.SIGKILL)()
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)
