"""Runs every role as a process of its own on one machine, and restarts what dies.

The roles get a process group of their own, so that a Ctrl-C in the terminal reaches the
supervisor alone and everything stops in order; should the supervisor be killed, the kernel
ends them.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

import structlog

from pointsman.errors import BadEnvironment
from pointsman.role_name import RoleName

_PR_SET_PDEATHSIG = 1
_STOP_TIMEOUT_S = 10.0
_READY_TIMEOUT_S = 60.0
_TICK_S = 0.1
_MAX_BACKOFF_S = 5.0
# A role that lived this long did not die at once: the next restart does not wait.
_STABLE_S = 10.0

log = structlog.get_logger()


@dataclass
class Role:
    """A role's process: its address, and how often in a row it died at once."""

    name: RoleName
    host: str
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    early_deaths: int = 0
    restart_at: float = field(default=0.0)

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> None:
        """Start the process."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pointsman", "serve", self.name],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 -- the supervisor has no threads
        )

    def check(self, now: float) -> None:
        """Start it again if it died, later each time that it dies at once."""
        if self.process is not None and self.process.poll() is not None:
            stable = now - self.started_at > _STABLE_S
            self.early_deaths = 0 if stable else self.early_deaths + 1
            wait_s = min(_MAX_BACKOFF_S, 0.2 * 2**self.early_deaths) if self.early_deaths else 0
            log.error("role died", role=self.name, status=self.process.returncode, wait_s=wait_s)
            self.process = None
            self.restart_at = now + wait_s
        if self.process is None and now >= self.restart_at:
            self.start()

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


class Supervisor:
    """Keeps the roles running until a SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, roles: list[Role], tick: Callable[[], None]) -> None:
        """`tick` is called several times a second, for what else has to be kept running."""
        self._roles = roles
        self._tick = tick
        self._stopping = False
        self._former: dict[int, object] = {}

    def __enter__(self) -> Self:
        """Start the roles and wait until they are ready."""
        for role in self._roles:
            _require_free(role)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._former[number] = signal.signal(number, self._on_signal)
        for role in self._roles:
            role.start()
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
        running = [role.process for role in self._roles if role.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for number, handler in self._former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _check(self) -> None:
        self._tick()
        now = time.monotonic()
        for role in self._roles:
            role.check(now)

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


def _die_with_parent() -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _require_free(role: Role) -> None:
    family = socket.AF_INET6 if ":" in role.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((role.host, role.port))
        except OSError as error:
            raise BadEnvironment(
                f"the {role.name} role cannot listen on {role.host}:{role.port} "
                f"({error.strerror}): stop what does, or set POINTSMAN_{role.name.upper()}_PORT"
            ) from None
