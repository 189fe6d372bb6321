"""Runs every role as a process of its own on one machine, and restarts what dies.

The roles get a process group of their own, so that a Ctrl-C in the terminal reaches the
supervisor alone and everything stops in order; should the supervisor be killed, the kernel
ends them.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Self

from pointsman.child_process import die_with_parent
from pointsman.errors import BadEnvironment
from pointsman.kept_process import KeptProcess, stop_all
from pointsman.listening import listen
from pointsman.role_name import RoleName

_READY_TIMEOUT_S = 60.0
_TICK_S = 0.1
# A proxy that this machine uses for the world is not on the way to its own processes.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Role:
    """A role in a process of its own, and where it listens."""

    def __init__(self, name: RoleName, host: str, port: int, environment: dict[str, str]) -> None:
        self.name, self.host, self.port = name, host, port
        self.kept = KeptProcess(f"role {name}", self._launch)
        self._environment = environment

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with _DIRECTLY.open(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def _launch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "pointsman", "serve", self.name],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- it has no threads
        )


class Supervisor:
    """Keeps the roles running until a SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, roles: list[Role], others: list[KeptProcess]) -> None:
        """`others` run already and are kept running too, but whoever started them stops them."""
        self._roles = roles
        self._kept = [*others, *(role.kept for role in roles)]
        self._stopping = False
        self._former: dict[int, object] = {}

    def __enter__(self) -> Self:
        """Start the roles and wait until they are ready."""
        for role in self._roles:
            listen(role.name, role.host, role.port).close()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup: the terminal's end is not ours
            self._former[number] = signal.signal(number, self._on_signal)
        self._check()
        return self

    def wait_ready(self) -> bool:
        """Whether all roles became ready; False when asked to stop meanwhile."""
        deadline = time.monotonic() + _READY_TIMEOUT_S
        waiting = list(self._roles)
        while waiting and not self._stopping:
            if time.monotonic() > deadline:
                names = ", ".join(role.name for role in waiting)
                raise BadEnvironment(f"not ready after {_READY_TIMEOUT_S:.0f} s: {names}")
            self._check()
            waiting = [role for role in waiting if not role.is_ready()]
            time.sleep(_TICK_S)
        return not self._stopping

    def run(self) -> None:
        """Restart what dies until asked to stop."""
        while not self._stopping:
            self._check()
            time.sleep(_TICK_S)

    def __exit__(self, *_: object) -> None:
        """Stop the roles: SIGTERM, and SIGKILL for what does not listen."""
        stop_all([role.kept for role in self._roles])
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _check(self) -> None:
        now = time.monotonic()
        for kept in self._kept:
            kept.check(now)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


@contextmanager
def only_one(state_dir: Path) -> Iterator[None]:
    """Hold the state directory; raises BadEnvironment while another supervisor does."""
    with (state_dir / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise BadEnvironment(
                f"another pointsman (pid {lock.read().strip()}) runs on {state_dir}: stop it, or "
                "set POINTSMAN_STATE_DIR to another directory"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
