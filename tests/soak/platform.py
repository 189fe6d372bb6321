"""All of the platform on this machine, each part a process that is started again when it dies, as
systemd would."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from pointsman.agent.rpc import KamailioRpc, RpcError
from pointsman.auth import Principal
from pointsman.database import migrate
from pointsman.demo import load_demo
from pointsman.kept_process import KeptProcess, stop_all
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound, discard, start_postgres
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_tcp_port, free_udp_port

NODE = "soak"
_HOST = "127.0.0.1"
_READY_TIMEOUT_S = 60.0
_TICK_S = 0.05


@dataclass
class Part:
    """A part of the platform by its name, and its process."""

    name: str
    kept: KeptProcess

    def signal(self, number: signal.Signals) -> None:
        """Send it to all of the part's processes."""
        process = self.kept.process
        if process is not None and process.poll() is None:
            os.killpg(process.pid, number)


class Platform:
    """PostgreSQL, two routers, the records role, Kamailio, the shipper and the agent."""

    def __init__(self, directory: Path, shared_mb: int) -> None:
        self.directory = directory
        self.records = directory / "records"
        self.records.mkdir()
        # What it has committed outlives its crash.
        self.postgres = start_postgres({"synchronous_commit": "on", "fsync": "on"})
        self._shared_mb = shared_mb
        self._ports = {role: free_tcp_port() for role in ("router-1", "router-2", "records")}
        self.kamailio = Kamailio(directory, _HOST, free_udp_port(_HOST))
        self.rpc_socket = directory / "rpc.sock"
        self.token = asyncio.run(self._prepare())
        self._configure_kamailio()
        self.parts = {part.name: part for part in self._make_parts()}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start all of it and wait until it is ready."""
        self._keeper.start()
        for role in self._ports:
            _wait_for(partial(self._is_ready, role), f"{role} is not ready")
        _wait_for(self._kamailio_answers, "Kamailio does not answer")

    def stop(self) -> None:
        """Stop all of it; what was recorded is still to be had."""
        self._stopping.set()
        self._keeper.join()
        for part in self.parts.values():
            part.signal(signal.SIGCONT)
        stop_all([part.kept for part in self.parts.values()])

    def discard(self) -> None:
        """Stop the database and forget it."""
        discard(self.postgres)

    def url(self, role: str) -> str:
        """Where a role listens."""
        return f"http://{_HOST}:{self._ports[role]}"

    def ship_the_rest(self) -> None:
        """Bring all that Kamailio has recorded into the database."""
        # There is one shipper at a time.
        shipper = self.parts.pop("ship")
        stop_all([shipper.kept])
        command = [sys.executable, "-m", "pointsman", "ship", "--once"]
        run = subprocess.run(
            command, env=self._environment("ship"), capture_output=True, text=True, check=False
        )
        if run.returncode != 0:
            raise RuntimeError(f"not everything could be shipped: {run.stderr[-1000:]}")

    async def _prepare(self) -> str:
        """The demo in the database; the token of the node."""
        await migrate(self.postgres.url)
        async with bound(self.postgres.url):
            await load_demo()
            socket = f"{self.kamailio.host}:{self.kamailio.port}"
            return await create_kamailio_node(Principal("soak"), name=NODE, sockets=[socket])

    def _configure_kamailio(self) -> None:
        routers = " ".join(f"{self.url(role)}/kamailio/rtjson" for role in ("router-1", "router-2"))
        self.kamailio.configure(self.url("router-1") + "/kamailio/rtjson", self.token)
        local = [
            f"listen=udp:{_HOST}:{self.kamailio.port}",
            f'#!define NODE_NAME "{NODE}"',
            f'#!define ROUTER_URLS "{routers}"',
            f'#!define ROUTER_AUTHORIZATION "Authorization: Bearer {self.token}"',
            f'#!define RECORDS_DIR "{self.records}"',
            f'#!define RECORDS_LUA "{self.directory}/records.lua"',
            f'#!define RPC_SOCKET "{self.rpc_socket}"',
            # A call that is over is forgotten when its next keep-alive is due.
            "#!define CALL_KEEPALIVE_S 30",
        ]
        self.kamailio.write("kamailio-local.cfg", "\n".join(local) + "\n")

    def _make_parts(self) -> list[Part]:
        commands: dict[str, list[str]] = {
            "router-1": ["serve", "router"],
            "router-2": ["serve", "router"],
            "records": ["serve", "records"],
            "ship": ["ship"],
            "agent": ["agent"],
        }
        parts = [
            Part(name, KeptProcess(name, self._launcher(name, command)))
            for name, command in commands.items()
        ]
        parts.append(Part("kamailio", KeptProcess("kamailio", self._launch_kamailio)))
        parts.append(Part("postgres", self.postgres.kept()))
        return parts

    def _launcher(self, name: str, command: list[str]) -> Callable[[], subprocess.Popen[bytes]]:
        return lambda: self._launch(name, [sys.executable, "-m", "pointsman", *command])

    def _launch_kamailio(self) -> subprocess.Popen[bytes]:
        return self._launch("kamailio", self.kamailio.command(shared_mb=self._shared_mb))

    def _launch(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.directory / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                env=self._environment(name),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.directory,
                start_new_session=True,
            )

    def _environment(self, name: str) -> dict[str, str]:
        role = name.split("-", maxsplit=1)[0]
        state = self.directory / f"state-{name}"
        state.mkdir(exist_ok=True)
        given = {
            "DATABASE_URL": self.postgres.url,
            "STATE_DIR": str(state),
            "LOG_LEVEL": "warning",
            "NODE_TOKEN": self.token,
            "ROUTER_URL": self.url("router-1"),
            "RECORDS_URL": self.url("records"),
            "RECORDS_DIR": str(self.records),
            "KAMAILIO_RPC_SOCKET": str(self.rpc_socket),
        }
        if name in self._ports:
            given[f"{role.upper()}_PORT"] = str(self._ports[name])
        own = {k: v for k, v in os.environ.items() if not k.startswith("POINTSMAN_")}
        return {**own, **{f"POINTSMAN_{k}": v for k, v in given.items()}, "no_proxy": "127.0.0.1"}

    def _keep(self) -> None:
        while not self._stopping.wait(_TICK_S):
            for part in list(self.parts.values()):
                part.kept.check(time.monotonic())

    def _is_ready(self, role: str) -> bool:
        try:
            return httpx.get(f"{self.url(role)}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def _kamailio_answers(self) -> bool:
        try:
            return self.shared_memory_used() > 0
        except RpcError:
            return False

    def shared_memory_used(self) -> int:
        """What Kamailio has in use of its shared memory, in bytes."""
        return int(asyncio.run(KamailioRpc(self.rpc_socket).ask("core.shmmem"))["real_used"])


def _wait_for(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + _READY_TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.05)
