"""A caller and a callee, each behind a NAT of its own, and a Kamailio between the two."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.namespaces import Namespace, missing_for_namespaces, namespaces, wire
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.relay import Relay
from tests.sip.harness.stack import Stack

NODE = "203.0.113.1"
# What the NATs have outside, and where the parties are inside.
CALLER_NAT, CALLER = "203.0.113.2", "192.168.7.2"
CALLEE_NAT, CALLEE = "198.51.100.2", "192.168.8.2"
_PORT = 5060

Start = Callable[..., Kamailio]


@dataclass
class Networks:
    """The namespaces: the node's, and each party's behind its NAT."""

    node: Namespace
    home: Namespace
    office: Namespace


@pytest.fixture(scope="module")
def networks() -> Iterator[Networks]:
    require(*missing_for_namespaces())
    with namespaces("node", "box", "home", "gate", "office") as (node, box, home, gate, office):
        wire(node, f"{NODE}/24", box, f"{CALLER_NAT}/24")
        wire(box, "192.168.7.1/24", home, f"{CALLER}/24")
        home.route("default", "192.168.7.1")
        box.translate("192.168.7.0/24", ports="20000-29999")
        wire(node, "198.51.100.1/24", gate, f"{CALLEE_NAT}/24")
        wire(gate, "192.168.8.1/24", office, f"{CALLEE}/24")
        gate.route("203.0.113.0/24", "198.51.100.1")
        office.route("default", "192.168.8.1")
        gate.translate("192.168.8.0/24", ports="30000-39999", forwarded=f"{CALLEE}:{_PORT}")
        yield Networks(node, home, office)


@pytest.fixture
def start(stack: Stack, networks: Networks) -> Iterator[Start]:
    """Starts a Kamailio at the node, with settings of a test's own."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-nat-"))
    kamailio = Kamailio(directory, NODE, _PORT)
    relay = Relay(networks.node, stack.router.port)

    def start(*lines: str, **settings: object) -> Kamailio:
        defined = [f"#!define {name} {value}" for name, value in settings.items()]
        url = f"http://127.0.0.1:{relay.port}/kamailio/rtjson"
        tcp = f"listen=tcp:{NODE}:{_PORT}"
        kamailio.configure(url, stack.node_token, tcp, *lines, *defined)
        with networks.node.entered():
            kamailio.start()
        return kamailio

    yield start
    kamailio.stop()
    relay.close()
    shutil.rmtree(directory)


@pytest.fixture
def parties(networks: Networks, acme: Acme, operator: Operator) -> Iterator[ExitStack]:
    """Ends those that the test brings up; the platform knows both by their NATs."""
    operator.change("Trunk", acme.pbx, sources=[{"cidr": CALLER_NAT}])
    operator.change("Trunk", acme.alpha, endpoints=[{"host": CALLEE_NAT, "port": _PORT}])
    operator.wait_published()
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def caller(networks: Networks, parties: ExitStack) -> RawParty:
    with networks.home.entered():
        return parties.enter_context(RawParty(CALLER, (NODE, _PORT)))


@pytest.fixture
def callee(networks: Networks, parties: ExitStack) -> RawCallee:
    with networks.office.entered():
        return parties.enter_context(RawCallee(CALLEE, _PORT))
