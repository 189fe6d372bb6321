"""A Kamailio with sockets of all transports, IPv4 and IPv6, and parties that speak them."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pointsman.agent.rpc import KamailioRpc
from pointsman.auth import Principal
from pointsman.routing.uri import format_host
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound
from tests.sip.harness.certificates import Authority, Shown
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.phone import Phone
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

_HOSTS = (KAMAILIO_HOST, "::1")
CALLED = "+390612345678"


@dataclass
class Node:
    """`believed` is who certifies those whom Kamailio believes, and Kamailio itself, which shows
    `shown`; `tls_port` is its port for TLS, `mutual_port` one for those with a certificate only."""

    kamailio: Kamailio
    believed: Authority
    shown: Shown
    tls_port: int
    mutual_port: int

    @property
    def tls(self) -> tuple[str, int]:
        """Where it listens by TLS."""
        return self.kamailio.host, self.tls_port

    @property
    def mutual(self) -> tuple[str, int]:
        """Where it listens by TLS for those with a certificate."""
        return self.kamailio.host, self.mutual_port

    def socket(self, transport: str, host: str = KAMAILIO_HOST) -> str:
        """One of its sockets as a trunk has it."""
        port = self.tls_port if transport == "TLS" else self.kamailio.port
        return f"{transport.lower()}:{format_host(host)}:{port}"

    def show(self, shown: Shown, key: Path | None = None) -> None:
        """Write its domains file with this certificate, and a key of another one's if given."""
        own = f"certificate = {shown.certificate}\nprivate_key = {key or shown.key}\n"
        believes = f"ca_list = {self.believed.file}\n"
        self.kamailio.write(
            "tls-domains.cfg",
            f"[server:default]\nmethod = TLSv1.2+\n{own}verify_client = off\n"
            f"[server:{self.kamailio.host}:{self.mutual_port}]\nmethod = TLSv1.2+\n{own}"
            f"verify_client = on\n{believes}"
            "[client:default]\nmethod = TLSv1.2+\nverify_certificate = yes\n"
            f"require_certificate = yes\n{believes}{own}",
        )

    def ask(self, method: str, *arguments: str | int) -> Any:
        """The result of a method of its JSON-RPC."""
        return asyncio.run(KamailioRpc(self.kamailio.rpc_socket).ask(method, *arguments))

    def logged(self, text: str) -> int:
        """How often its log has this."""
        return self.kamailio.log.read_text().count(text)


def listening(host: str, port: int, tls_port: int) -> list[str]:
    """Lines of kamailio-local.cfg for all transports at an address."""
    at = format_host(host)
    plain = [f"listen={transport}:{at}:{port}" for transport in ("udp", "tcp")]
    return [*plain, f"listen=tls:{at}:{tls_port}"]


def make_known(stack: Stack, name: str, *sockets: str) -> str:
    """The token of a node with these sockets (ip:port), made once a name."""

    async def make() -> str:
        async with bound(stack.database_url):
            return await create_kamailio_node(Principal("test"), name=name, sockets=sockets)

    return asyncio.run(make())


@pytest.fixture(scope="session")
def shared_node(shared_stack: Stack) -> Iterator[Node]:
    directory = Path(tempfile.mkdtemp(prefix="pointsman-network-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
    believed = Authority(directory, "believed")
    tls_port, mutual_port = free_udp_port(KAMAILIO_HOST), free_udp_port(KAMAILIO_HOST)
    node = Node(kamailio, believed, believed.issue(KAMAILIO_HOST), tls_port, mutual_port)
    sockets = [
        f"{format_host(host)}:{port}" for host in _HOSTS for port in (kamailio.port, tls_port)
    ]
    token = make_known(shared_stack, "network", *sockets)
    v4, v6 = (listening(host, kamailio.port, tls_port) for host in _HOSTS)
    kamailio.configure(
        f"{shared_stack.router.url}/kamailio/rtjson",
        token,
        # Of the sockets of loopback Kamailio takes the last one where a trunk has chosen none.
        f"listen=tls:{KAMAILIO_HOST}:{mutual_port}",
        # The UDP socket of IPv4 is the harness's own.
        *v4[1:],
        *v6,
        "#!define WITH_TLS",
        # The shortest that is more than a connection may take to be made.
        "#!define FR_TIMER_MS 4000",
    )
    node.show(node.shown)
    kamailio.start()
    # The process that has the connections is the last one to be there.
    with Phone("TLS", "127.0.0.10", tls=node.shown.server()) as ready:
        ready.call(CALLED, node.tls, tls=believed.client()).answered()
    yield node
    kamailio.stop()

    shutil.rmtree(directory)


@pytest.fixture
def node(shared_node: Node) -> Iterator[Node]:
    """As it was, whatever has been done to it."""
    processes = shared_node.kamailio.processes()
    yield shared_node
    assert shared_node.kamailio.processes() == processes


@dataclass
class World:
    """A tenant with one PBX, whose calls to +39 go to the carriers Alpha, then Beta."""

    operator: Operator
    tenant: str
    pbx: str
    alpha: str
    beta: str

    def send_to(self, trunk: str, phone: Phone, **fields: object) -> None:
        """Let a trunk's calls go to a phone."""
        endpoint = {"host": phone.host, "port": phone.port, "transport": phone.transport}
        self.operator.change("Trunk", trunk, endpoints=[endpoint], **fields)
        self.operator.wait_published()

    def hears(self, *sources: dict[str, object]) -> None:
        """Let the PBX's calls come from there."""
        self.operator.change("Trunk", self.pbx, sources=list(sources))
        self.operator.wait_published()


@pytest.fixture
def world(operator: Operator) -> World:
    return provision(operator)


def provision(operator: Operator) -> World:
    """The tenant and its trunks; carriers have no endpoints yet."""
    tenant = operator.make("CreateTenant", name="Acme")
    source = [{"cidr": "127.0.0.10"}]
    pbx = operator.make("CreateTrunk", name="pbx", tenantId=tenant, sources=source)
    carriers = []
    for name in ("alpha", "beta"):
        carrier = operator.make("CreateCarrier", name=name, tenantId=tenant)
        carriers.append(operator.make("CreateTrunk", name=name, carrierId=carrier))
    group = operator.make(
        "CreateRoutingGroup",
        tenantId=tenant,
        name="out",
        trunks=[{"trunkId": trunk, "priority": n} for n, trunk in enumerate(carriers)],
    )
    operator.make(
        "CreateRoutingRule",
        tenantId=tenant,
        name="italy",
        calledPrefix="+39",
        routingGroupId=group,
    )
    operator.wait_published()
    return World(operator, tenant, pbx, *carriers)
