"""A PBX that no address tells, and nodes of a test's own."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.scenarios.digest.caller import PASSWORD, REALM, USER, DigestCaller

_HOSTS = count(1)

StartNode = Callable[..., Kamailio]


@pytest.fixture
def remote(acme: Acme, operator: Operator) -> str:
    """A PBX trunk of Acme without a source: whoever knows its password."""
    trunk = operator.make(
        "CreateTrunk",
        name="remote",
        tenantId=acme.tenant,
        digestUsername=USER,
        digestPassword=PASSWORD,
        digestRealm=REALM,
    )
    operator.wait_published()
    return trunk


@pytest.fixture
def new_host() -> Callable[[], str]:
    """Addresses that no other test calls from: what one has failed counts against its address."""
    return lambda: f"127.0.3.{next(_HOSTS)}"


@pytest.fixture
def caller(stack: Stack, remote: str, new_host: Callable[[], str]) -> Iterator[DigestCaller]:
    """Somebody at an address of its own."""
    with DigestCaller(new_host(), stack.kamailio.socket) as found:
        yield found


@pytest.fixture
def start_node(stack: Stack) -> Iterator[StartNode]:
    """Starts another node beside the same router, with settings of its own."""
    nodes: list[Kamailio] = []

    def start(*settings: str, port: int | None = None) -> Kamailio:
        directory = stack.directory / f"node-{next(_HOSTS)}"
        directory.mkdir()
        node = Kamailio(directory, KAMAILIO_HOST, port or free_udp_port(KAMAILIO_HOST))
        node.configure(f"{stack.router.url}/kamailio/rtjson", stack.node_token, *settings)
        nodes.append(node)
        node.start()
        return node

    yield start
    for node in nodes:
        node.stop()
