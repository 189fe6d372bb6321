"""`pointsman ship` as a process."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.sip.harness.environment import with_settings

_TIMEOUT_S = 60.0


class ShipperProcess:
    """`pointsman ship` on a directory of call records; its log is beside that."""

    def __init__(self, directory: Path, url: str, token: str) -> None:
        self.url = url
        self.log = directory.parent / "ship.log"
        self.environment = with_settings(
            records_dir=directory, records_url=url, node_token=token, log_format="json"
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pointsman", "ship"],
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def ship_once(self) -> subprocess.CompletedProcess[str]:
        """Ship what is there."""
        return subprocess.run(
            [sys.executable, "-m", "pointsman", "ship", "--once"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; its exit status."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        return process.wait(_TIMEOUT_S)
