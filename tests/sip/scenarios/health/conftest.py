"""A platform with the records role and an agent, both impatient, and two carriers that answer."""

import asyncio
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from pointsman.database import migrate
from tests.conftest import copy_database, discard, start_postgres
from tests.sip.conftest import Acme, provision_acme
from tests.sip.harness.agent import AgentProcess
from tests.sip.harness.far_end import FarEnd
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_tcp_port
from tests.sip.harness.raw import RawParty
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

_TIMEOUT_S = 45
# What decides calls for no longer than this after the agent's last word.
_MAX_AGE_S = 4.0


@dataclass
class Site:
    """The platform, its agent, and the carriers Alpha, which is tried first, and Beta."""

    stack: Stack
    agent: AgentProcess
    acme: Acme
    alpha: FarEnd
    beta: FarEnd

    @property
    def operator(self) -> Operator:
        """Who changes the configuration."""
        return self.stack.operator

    def call(self) -> str:
        """A call from the PBX to the carriers; the final reply that it gets."""
        with RawParty(self.stack.pbx.host, self.stack.kamailio.socket) as pbx:
            pbx.send(pbx.request("INVITE", "+390612345678"))
            return pbx.final()

    def health(self, trunk: str) -> list[dict[str, Any]]:
        """What GraphQL says of the one endpoint of a trunk."""
        (endpoint,) = self.operator.run("EndpointHealth", id=trunk)["endpoints"]
        found: list[dict[str, Any]] = endpoint["health"]
        return found

    def reports(self) -> float:
        """How often the router was told of endpoints."""
        text = httpx.get(f"{self.stack.router.url}/metrics").text
        (line,) = re.findall(r"^pointsman_health_reports_total (\S+)$", text, re.MULTILINE)
        return float(line)

    def wait_for_state(self, trunk: str, state: str) -> dict[str, Any]:
        """Wait until GraphQL says so of a trunk's endpoint; all that it says then."""
        wait_until(lambda: [each["state"] for each in self.health(trunk)] == [state])
        return self.health(trunk)[0]


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + _TIMEOUT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="package")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What everybody here shows of itself over TLS: a certificate with its key."""
    directory = tmp_path_factory.mktemp("tls")
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=far.example",
         "-days", "2", "-out", str(certificate), "-keyout", str(key)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """How a far end listens by TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="package")
def platform(real_parts: None, certificate: Path) -> Iterator[tuple[Stack, AgentProcess]]:
    """All processes, with nothing configured."""
    server = start_postgres()
    asyncio.run(migrate(server.url))
    ports = {name: free_tcp_port() for name in ("tcp", "tls")}
    domains = certificate.with_name("domains.cfg")
    own = f"method = TLSv1.2+\ncertificate = {certificate}\nprivate_key = {certificate}\n"
    domains.write_text(f"[server:default]\n{own}[client:default]\n{own}")
    stack = Stack(
        asyncio.run(copy_database(server.url, "health")),
        "#!define FR_TIMER_MS 1000",
        f"listen=tcp:{KAMAILIO_HOST}:{ports['tcp']}",
        f"listen=tls:{KAMAILIO_HOST}:{ports['tls']}",
        "#!define WITH_TLS",
        f'#!define TLS_DOMAINS "{domains}"',
        health_max_age_s=_MAX_AGE_S,
    )
    records = RoleProcess("records", stack.database_url, stack.directory)
    stack.start()
    records.start()
    agent = AgentProcess(
        stack.directory,
        node_token=stack.node_token,
        router_url=stack.router.url,
        records_url=records.url,
        kamailio_rpc_socket=stack.kamailio.rpc_socket,
        probe_interval_s=0.4,
        probe_down_after=2,
        probe_up_after=2,
        health_max_age_s=_MAX_AGE_S,
    )
    yield stack, agent
    agent.stop()
    records.stop()
    stack.stop()
    discard(server)


@pytest.fixture
def site(platform: tuple[Stack, AgentProcess]) -> Iterator[Site]:
    """With both carriers up, and known to be."""
    stack, agent = platform
    stack.operator.clear()
    shutil.rmtree(_reports(stack), ignore_errors=True)
    acme = provision_acme(stack)
    with FarEnd(stack.alpha.host) as alpha, FarEnd(stack.beta.host) as beta:
        for trunk, far_end in ((acme.alpha, alpha), (acme.beta, beta)):
            endpoint = {"host": far_end.host, "port": far_end.port}
            stack.operator.change("Trunk", trunk, endpoints=[endpoint])
        # The PBX is SIPp's, which is not there.
        stack.operator.change("Trunk", acme.pbx, probing=False)
        stack.operator.wait_published()
        if not agent.is_running:
            agent.start()
        site = Site(stack, agent, acme, alpha, beta)
        for trunk in (acme.alpha, acme.beta):
            site.wait_for_state(trunk, "UP")
        yield site


def _reports(stack: Stack) -> Path:
    """Where the router keeps what agents told."""
    (directory,) = (stack.directory / "snapshots").iterdir()
    return directory / "health"
