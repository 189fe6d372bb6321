"""One process that is kept running."""

import signal
import subprocess
import time
from collections.abc import Callable

import structlog

from pointsman.errors import BadEnvironment

_FIRST_WAIT_S = 0.4
_MAX_WAIT_S = 5.0
# A process that lived this long did not die at once: the next start does not wait.
_STABLE_S = 10.0
_STOP_TIMEOUT_S = 10.0

log = structlog.get_logger()


class KeptProcess:
    """Started again when it dies, later each time in a row that it dies at once."""

    def __init__(
        self,
        name: str,
        launch: Callable[[], subprocess.Popen[bytes]],
        process: subprocess.Popen[bytes] | None = None,
    ) -> None:
        """`launch` starts the process without waiting; `process` is one that runs already."""
        self._name = name
        self._launch = launch
        self.process = process
        self._started_at = time.monotonic()
        self._start_at = 0.0
        # How often it died.
        self.deaths = 0
        self._early_deaths = 0

    def check(self, now: float) -> None:
        """Start it, if it never was or if it died and its wait is over; `now` is monotonic."""
        if self.process is not None and self.process.poll() is not None:
            self._count_death(now, f"status {self.process.returncode}")
            self.process = None
        if self.process is None and now >= self._start_at:
            self._started_at = now
            try:
                self.process = self._launch()
            except (BadEnvironment, OSError) as error:
                self._count_death(now, str(error))

    def _count_death(self, now: float, why: str) -> None:
        self.deaths += 1
        stable = now - self._started_at > _STABLE_S
        self._early_deaths = 0 if stable else self._early_deaths + 1
        wait_s = 0.0
        if self._early_deaths:
            wait_s = min(_MAX_WAIT_S, _FIRST_WAIT_S * 2 ** min(self._early_deaths - 1, 10))
        self._start_at = now + wait_s
        log.error("died, starts again", what=self._name, why=why, wait_s=wait_s)


def stop_all(kept: list[KeptProcess]) -> None:
    """SIGTERM to each, and SIGKILL to what does not listen."""
    running = [each.process for each in kept if each.process is not None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
