"""SIPp, as a caller or as a callee."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.sip.harness.messages import SipMessage, read_trace
from tests.sip.harness.ports import free_udp_port, udp_is_bound

ACTORS = Path(__file__).parent.parent / "actors"
_TIMEOUT_S = 20
_DEFAULTS = {
    "from": "<sip:caller@[local_ip]:[local_port]>",
    "reason": "Refused",
    "delay": "1",
    "provisional": "180 Ringing",
    "then": "183 Session Progress",
    "user": "[service]@",
    "request_host": "[remote_ip]:[remote_port]",
}


@dataclass
class Actor:
    """A party of a call at an address of its own; `script` is a file of tests/sip/actors.
    `within` is what a command in its namespace begins with, where it has one."""

    name: str
    host: str
    directory: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    runs: int = 0
    within: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.port = self.port or free_udp_port(self.host)

    @property
    def trace(self) -> Path:
        """The messages of the last run."""
        return self.directory / f"{self.name}-{self.runs}.messages"

    def answer(self, script: str, **keys: str) -> None:
        """Wait for one call."""
        self._start(script, [], keys)
        deadline = time.monotonic() + _TIMEOUT_S
        while not udp_is_bound(self.host, self.port, self.within):
            assert self.process is not None
            assert self.process.poll() is None, self._errors()
            assert time.monotonic() < deadline, f"{self.name} does not listen"
            time.sleep(0.01)

    def call(self, script: str, proxy: tuple[str, int], called: str, **keys: str) -> None:
        """Call a number through the proxy."""
        remote = [f"{proxy[0]}:{proxy[1]}", "-s", called]
        # Two workers of a proxy may pass a 180 on after the 200: a caller takes no notice of what
        # comes too late, and fails by its timeout where what it waits for does not come.
        # As the Request-URI: by itself it takes the proxy's address for the URI of a digest.
        remote += ["-auth_uri", f"{called}@{proxy[0]}:{proxy[1]}"]
        self._start(script, [*remote, "-default_behaviors", "all,-abortunexp"], keys)

    def wait(self) -> list[SipMessage]:
        """Wait for the end of the scenario, which must have gone as written; its messages."""
        assert self.process is not None
        status = self.process.wait(_TIMEOUT_S + 5)
        assert status == 0, f"{self.name}: {self._errors()}"
        return self.messages()

    def finish(self) -> list[SipMessage]:
        """Wait for the end of the scenario, however it went; its messages."""
        assert self.process is not None
        self.process.wait(_TIMEOUT_S + 5)
        return self.messages()

    def messages(self) -> list[SipMessage]:
        """The messages so far."""
        return read_trace(self.trace)

    def received_invites(self) -> list[SipMessage]:
        """The INVITEs that came in, retransmissions and re-INVITEs included."""
        return [
            message
            for message in self.messages()
            if message.received and message.start_line.startswith("INVITE ")
        ]

    def stop(self) -> None:
        """End it, wherever it stands."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _start(self, script: str, remote: list[str], keys: dict[str, str]) -> None:
        self.stop()
        self.runs += 1
        scenario = self.directory / f"{self.name}-{self.runs}.xml"
        scenario.write_text(_fill((ACTORS / f"{script}.xml").read_text(), keys))
        self.process = subprocess.Popen(
            [
                *self.within,
                "sipp",
                *remote,
                *("-sf", str(scenario)),
                *("-i", self.host, "-p", str(self.port), "-m", "1", "-nostdin"),
                *("-trace_msg", "-message_file", str(self.trace)),
                *("-trace_err", "-error_file", str(self._error_file)),
                *("-timeout", str(_TIMEOUT_S), "-timeout_error"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.directory,
        )

    @property
    def _error_file(self) -> Path:
        return self.directory / f"{self.name}-{self.runs}.errors"

    def _errors(self) -> str:
        errors = self._error_file.read_text() if self._error_file.exists() else "no errors"
        seen = "\n".join(
            f"{'<-' if message.received else '->'} {message.start_line}"
            for message in self.messages()
        )
        return f"{errors}\n{seen}"


def _fill(script: str, keys: dict[str, str]) -> str:
    """Put the values into {{key}}; a line that holds nothing else goes when there is none."""
    for key, value in {**_DEFAULTS, **keys}.items():
        script = script.replace("{{" + key + "}}", value)
    return re.sub(r"^\s*\{\{\w+\}\}\n", "", script, flags=re.MULTILINE)
