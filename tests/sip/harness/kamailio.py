"""A real Kamailio with the configuration of this repository, or with one of a test's own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.sip.harness.namespaces import Namespace, inside

CONFIGURATION = Path(__file__).parents[3] / "kamailio"
ANSWER_CAP = CONFIGURATION.parent / "deploy" / "kamailio" / "answer-cap.sh"
_TIMEOUT_S = 15
_OPTIONS = (
    "OPTIONS sip:{host}:{port} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP {own};branch=z9hG4bKready{count}\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:ready@{own}>;tag=r\r\nTo: <sip:{host}:{port}>\r\n"
    "Call-ID: ready-{count}@{own}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


def missing_parts() -> list[str]:
    """What a SIP test needs and this machine lacks."""
    missing = [name for name in ("kamailio", "sipp") if shutil.which(name) is None]
    if "kamailio" not in missing and module_path() is None:
        missing.append("Kamailio's module http_async_client.so")
    return missing


def module_path() -> str | None:
    """Kamailio's module folder, if it has all that the configuration loads."""
    for folder in Path("/usr/lib").glob("**/kamailio/modules"):
        if (folder / "http_async_client.so").exists() and (folder / "rtjson.so").exists():
            return str(folder)
    return None


def unpatched_path() -> str | None:
    """Where deploy/development/sip-parts.sh leaves http_async_client as it comes, if it did."""
    version = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "kamailio"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    folder = CONFIGURATION.parent / "build" / f"unpatched-{version}"
    return str(folder) if (folder / "http_async_client.so").exists() else None


class Kamailio:
    """One instance, its configuration in a folder of its own, in a namespace if one is given.

    Its modules are those that are installed; the ones in `before` are taken first.
    """

    def __init__(
        self,
        directory: Path,
        host: str,
        port: int,
        within: Namespace | None = None,
        before: str = "",
    ) -> None:
        self.directory = directory
        self._within = within
        self.host, self.port = host, port
        self._process: subprocess.Popen[bytes] | None = None
        self.log = directory / "kamailio.log"
        self.records = directory / "records"
        self._before = before

    @property
    def socket(self) -> tuple[str, int]:
        """Where it listens."""
        return self.host, self.port

    @property
    def rpc_socket(self) -> Path:
        """Where its JSON-RPC is asked."""
        return self.directory / "rpc.sock"

    def configure(self, router_url: str, token: str, *more: str) -> None:
        """Use the repository's configuration with this router and token."""
        for file in (*CONFIGURATION.glob("*.cfg"), *CONFIGURATION.glob("*.lua")):
            shutil.copy(file, self.directory)
        self.records.mkdir(exist_ok=True)
        local = [
            f"listen=udp:{self.host}:{self.port}",
            '#!define NODE_NAME "test"',
            f'#!define ROUTER_URL "{router_url}"',
            f'#!define ROUTER_AUTHORIZATION "Authorization: Bearer {token}"',
            "#!define HTTP_WORKERS 2",
            "#!define SIP_WORKERS 2",
            f'#!define RPC_SOCKET "{self.rpc_socket}"',
            f'#!define RECORDS_DIR "{self.records}"',
            f'#!define RECORDS_LUA "{self.directory}/records.lua"',
            *more,
        ]
        if not self._before:
            local.append("#!define WITH_ANSWER_CAP")
        self.write("kamailio-local.cfg", "\n".join(local) + "\n")

    def write(self, name: str, text: str) -> None:
        """Write a file of the configuration."""
        file = self.directory / name
        file.touch(mode=0o600)
        file.write_text(text)

    def command(self, main: str = "kamailio.cfg", shared_mb: int = 64) -> list[str]:
        """What starts it."""
        return [
            *(self._within.prefix if self._within else ()),
            "kamailio",
            *("-f", str(self.directory / main), "-DD", "-E", "-m", str(shared_mb), "-M", "16"),
            # As deploy/images/kamailio-entrypoint.sh.
            *("-x", "tlsf"),
            *("-P", str(self.directory / "kamailio.pid"), "-Y", str(self.directory)),
            *("-L", ":".join(filter(None, (self._before, module_path())))),
        ]

    def start(self, main: str = "kamailio.cfg") -> None:
        """Start it and wait until it answers OPTIONS."""
        self.start_by(self.command(main))

    def start_by(self, command: list[str], **environment: str) -> None:
        """Start it by a command of the caller's and wait until it answers OPTIONS."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.directory,
                env=os.environ | {"no_proxy": "127.0.0.1,localhost"} | environment,
                start_new_session=True,
            )
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop it, and whatever of it does not listen."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        self._process = None

    def processes(self) -> set[int]:
        """The ids of its processes, the first one's not among them."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        pid = self._process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def kill(self) -> None:
        """Kill all of its processes, as a machine does that loses its power."""
        assert self._process is not None
        os.killpg(self._process.pid, 9)
        self._process.wait()
        self._process = None

    def kill_worker(self) -> None:
        """Kill one of its processes, which ends it: whoever has started it starts it again."""
        assert self._process is not None
        main = self._process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        os.kill(int(children[0]), 9)
        self._process.wait(_TIMEOUT_S)
        self._process = None

    def wait_until_ready(self) -> None:
        """Wait until it answers OPTIONS."""
        assert self._process is not None
        deadline = time.monotonic() + _TIMEOUT_S
        with inside(self._within, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
            udp.bind((self.host, 0))
            udp.settimeout(0.1)
            own = f"{self.host}:{udp.getsockname()[1]}"
            for count in range(1_000):
                assert self._process.poll() is None, self.log.read_text()[-3000:]
                assert time.monotonic() < deadline, self.log.read_text()[-3000:]
                text = _OPTIONS.format(host=self.host, port=self.port, own=own, count=count)
                udp.sendto(text.encode(), self.socket)
                try:
                    udp.recv(4096)
                except TimeoutError:
                    continue
                except ConnectionRefusedError:
                    time.sleep(0.05)
                    continue
                return
