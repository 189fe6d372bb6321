"""A Kamailio that registers, its agent, a carrier that wants to be registered with."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound
from tests.sip.conftest import Acme
from tests.sip.harness.agent import AgentProcess
from tests.sip.harness.certificates import Authority
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.registrar import Registrar, wait_until
from tests.sip.harness.roles import RoleProcess
from tests.sip.harness.stack import Stack

NODE = "milan"
_OTHER_HOST = "127.0.0.42"
PASSWORD = "canary-registration"
# Renewed as late as 4 seconds before, tried again after at most 2.
_TIMERS = ("#!define REGISTRATION_TIMER_S 1", "#!define REGISTRATION_RETRY_S 5")


class Site:
    """A node with all that registers, beside the shared platform."""

    def __init__(self, stack: Stack, token: str, other_socket: str) -> None:
        self.stack, self.operator = stack, stack.operator
        directory = Path(tempfile.mkdtemp(prefix="milan-", dir=stack.directory))
        self.kamailio = Kamailio(directory, "127.0.0.1", free_udp_port("127.0.0.1"))
        contact = f"{self.kamailio.host}:{self.kamailio.port}"
        self.contact = contact
        self.tls_contact = f"{self.kamailio.host}:{free_udp_port(self.kamailio.host)}"
        # For trunks that have chosen it.
        self.other_socket = other_socket
        self.authority = Authority(directory, "believed")
        self.kamailio.configure(
            f"{stack.router.url}/kamailio/rtjson",
            token,
            "#!define WITH_REGISTRATION",
            f'#!define REGISTRATION_CONTACT "{contact}"',
            "#!define FR_TIMER_MS 1000",
            f"listen=tcp:{contact}",
            f"listen=udp:{self.other_socket}",
            f"listen=tls:{self.tls_contact}",
            "#!define WITH_TLS",
            f'#!define REGISTRATION_CONTACT_TLS "{self.tls_contact}"',
            *_TIMERS,
        )
        shown = self.authority.issue(self.kamailio.host)
        own = f"certificate = {shown.certificate}\nprivate_key = {shown.key}\n"
        self.kamailio.write(
            "tls-domains.cfg",
            f"[server:default]\nmethod = TLSv1.2+\n{own}[client:default]\nmethod = TLSv1.2+\n"
            f"verify_certificate = yes\nca_list = {self.authority.file}\n{own}",
        )
        self.records = RoleProcess("records", stack.database_url, directory)
        # Each endpoint is probed once, when it is new: what plays a PBX takes calls and no OPTIONS.
        self.agent = AgentProcess(
            directory,
            node_token=token,
            router_url=stack.router.url,
            records_url=self.records.url,
            kamailio_rpc_socket=self.kamailio.rpc_socket,
            probe_interval_s=3600,
        )

    def start(self) -> None:
        """Start all of it."""
        self.kamailio.start()
        self.records.start()
        self.agent.start()

    def stop(self) -> None:
        """Stop all of it."""
        self.agent.stop()
        self.records.stop()
        self.kamailio.stop()

    def state(self, trunk_id: str) -> dict[str, Any]:
        """What GraphQL says of a trunk's registration at this node, {} for nothing yet."""
        registration = self.operator.run("Registration", id=trunk_id)["registration"]
        states: list[dict[str, Any]] = registration["states"] if registration else []
        return next((each for each in states if each["node"] == NODE), {})

    def wait_probed(self, trunk_id: str) -> None:
        """Wait until the node has probed the trunk's endpoint."""

        def is_so() -> bool:
            (endpoint,) = self.operator.run("Registration", id=trunk_id)["endpoints"]
            mine = [each for each in endpoint["health"] if each["node"] == NODE]
            return bool(mine) and mine[0]["probedAt"] is not None

        wait_until(is_so, lambda: self.agent.log.read_text()[-2000:])

    def wait_state(self, trunk_id: str, state: str, error: str | None = None) -> dict[str, Any]:
        """Wait until a trunk's registration stands so."""

        def is_so() -> bool:
            found = self.state(trunk_id)
            is_error = error is None or found.get("lastError") == error
            return found.get("state") == state and is_error

        wait_until(is_so, lambda: (self.state(trunk_id), self.agent.log.read_text()[-2000:]))
        return self.state(trunk_id)

    def logs(self) -> str:
        """All that was logged by anybody."""
        roles = (self.stack.control, self.stack.router, self.records, self.agent, self.kamailio)
        return "".join(each.log.read_text() for each in roles)


# The node stays in the database: there is one for all files, however they are spread.
@pytest.fixture(scope="session")
def other_socket() -> str:
    return f"{_OTHER_HOST}:{free_udp_port(_OTHER_HOST)}"


@pytest.fixture(scope="session")
def node_token(shared_stack: Stack, other_socket: str) -> str:
    async def make_token() -> str:
        async with bound(shared_stack.database_url):
            return await create_kamailio_node(Principal("test"), name=NODE, sockets=[other_socket])

    return asyncio.run(make_token())


# Its agent goes with each file: it would probe the parties of all others, whose callees take the
# first request for their call.
@pytest.fixture(scope="module")
def shared_site(shared_stack: Stack, node_token: str, other_socket: str) -> Iterator[Site]:
    site = Site(shared_stack, node_token, other_socket)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(shared_site: Site, stack: Stack) -> Site:
    return shared_site


@pytest.fixture
def registrar(site: Site, acme: Acme) -> Iterator[Registrar]:
    """What is registered there is gone before it is."""
    with Registrar("127.0.0.41", "acme", PASSWORD) as registrar:
        yield registrar


Register = Callable[..., str]


@pytest.fixture
def register(site: Site, registrar: Registrar, acme: Acme) -> Register:
    """Have carrier Alpha's trunk registered; its id."""

    def register(password: str = PASSWORD, **registration: Any) -> str:
        given = {"registrar": registrar.address, "domain": "sip.alpha.example", **registration}
        site.operator.change(
            "Trunk",
            acme.alpha,
            outboundUsername="acme",
            outboundPassword=password,
            registration=given,
        )
        return acme.alpha

    return register
