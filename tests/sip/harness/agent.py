"""The node agent as a process."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.sip.harness.environment import with_settings

_TIMEOUT_S = 30


class AgentProcess:
    """`pointsman agent` with settings of a test's own, by their names."""

    def __init__(self, directory: Path, **settings: object) -> None:
        self.log = directory / "agent.log"
        self._environment = with_settings(**settings)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is up."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pointsman", "agent"],
                env=self._environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + _TIMEOUT_S
        while "the agent is up" not in self.log.read_text():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    @property
    def is_running(self) -> bool:
        """Whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """End it by a signal; its exit status, None when it does not run."""
        if self._process is None:
            return None
        self._process.send_signal(number)
        process, self._process = self._process, None
        try:
            return process.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
