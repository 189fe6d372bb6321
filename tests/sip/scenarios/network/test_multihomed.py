"""A node in two networks that know nothing of each other, and in one of them at two addresses:
what leaves by which, as the far ends see it."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import require
from tests.sip.harness.certificates import Authority
from tests.sip.harness.door import Door
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.namespaces import Namespace, missing_for_namespaces, namespaces, wire
from tests.sip.harness.phone import Phone
from tests.sip.harness.stack import Stack
from tests.sip.harness.wires import Arrived
from tests.sip.scenarios.network.conftest import CALLED, Node, World, listening, make_known

# The node's in the PBX's network, and in the carriers': the first is what the system sends from.
_INSIDE, _OUTSIDE, _CHOSEN = "10.98.1.1", "10.98.2.1", "10.98.2.9"
_PBX, _CARRIER = "10.98.1.2", "10.98.2.2"
_SOCKETS = (_INSIDE, _OUTSIDE, _CHOSEN)
# The default ones would be left out in a Via.
_PORT, _TLS_PORT = 5070, 5071


@dataclass
class Networks:
    """The node and the namespaces of the others."""

    node: Node
    pbx: Namespace
    carrier: Namespace

    @property
    def accepts(self) -> ssl.SSLContext:
        """What the carriers listen by TLS with."""
        return self.node.believed.issue(_CARRIER).server()

    def callee(self, transport: str) -> Phone:
        """A carrier's."""
        tls = self.accepts if transport == "TLS" else None
        return Phone(transport, _CARRIER, within=self.carrier, tls=tls)


@pytest.fixture(scope="module", params=["", "WITH_MULTIHOMED"])
def networks(shared_stack: Stack, request: pytest.FixtureRequest) -> Iterator[Networks]:
    require(*missing_for_namespaces())
    directory = Path(tempfile.mkdtemp(prefix="pointsman-multihomed-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory)
        here, pbx, carrier = stack.enter_context(namespaces("homes", "homepbx", "homecar"))
        wire(here, f"{_INSIDE}/24", pbx, f"{_PBX}/24")
        wire(here, f"{_OUTSIDE}/24", carrier, f"{_CARRIER}/24")
        here.add_address("w2", f"{_CHOSEN}/24")
        door = Door(here, shared_stack.router.port)
        stack.callback(door.close)
        kamailio = Kamailio(directory, _INSIDE, _PORT, here)
        believed = Authority(directory, "believed")
        node = Node(kamailio, believed, believed.issue(_INSIDE), _TLS_PORT, 0)
        known = [f"{host}:{port}" for host in _SOCKETS for port in (_PORT, _TLS_PORT)]
        token = make_known(shared_stack, f"homes {request.param}", *known)
        listens = [line for host in _SOCKETS for line in listening(host, _PORT, _TLS_PORT)]
        url = f"http://127.0.0.1:{door.port}/kamailio/rtjson"
        option = [f"#!define {request.param}"] if request.param else []
        # The harness has the first UDP socket.
        kamailio.configure(url, token, *listens[1:], "#!define WITH_TLS", *option)
        node.show(node.shown)
        kamailio.start()
        stack.callback(kamailio.stop)
        yield Networks(node, pbx, carrier)


@pytest.fixture
def pbx(networks: Networks, world: World) -> Iterator[Phone]:
    world.hears({"cidr": _PBX})
    with Phone("UDP", _PBX, within=networks.pbx) as phone:
        yield phone


def _left_by(message: Arrived, transport: str, host: str) -> None:
    """That it came from this address of the node's, and says so."""
    port = _TLS_PORT if transport == "TLS" else _PORT
    assert message.way.peer[0] == host
    assert message.all("Via")[0].startswith(f"SIP/2.0/{transport} {host}:{port};")


def _socket(transport: str, host: str) -> str:
    return f"{transport.lower()}:{host}:{_TLS_PORT if transport == 'TLS' else _PORT}"


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_call_leaves_by_the_socket_of_its_trunk(
    networks: Networks, world: World, pbx: Phone, transport: str, who: str
) -> None:
    with networks.callee(transport) as alpha:
        world.send_to(world.alpha, alpha, socket=_socket(transport, _CHOSEN))
        calling = pbx.call(CALLED, (_INSIDE, _PORT))
        called, invite = alpha.take()
        calling.answered()
        acknowledged = alpha.receive("ACK ")
        for message in (invite, acknowledged):
            _left_by(message, transport, _CHOSEN)
        outside, inside = invite.all("Record-Route")
        assert outside.startswith(f"<sip:{_socket(transport, _CHOSEN).partition(':')[2]};")
        assert inside.startswith(f"<sip:{_INSIDE}:{_PORT};r2=on;")
        if who == "caller":
            calling.send("BYE")
            _left_by(alpha.is_hung_up_on(), transport, _CHOSEN)
            calling.expect("200 OK", "BYE")
        else:
            called.send("BYE")
            _left_by(pbx.is_hung_up_on(), "UDP", _INSIDE)
            called.expect("200 OK", "BYE")


def test_a_cancel_leaves_by_the_socket_of_its_call(
    networks: Networks, world: World, pbx: Phone
) -> None:
    with networks.callee("UDP") as alpha:
        world.send_to(world.alpha, alpha, socket=_socket("UDP", _CHOSEN))
        calling = pbx.call(CALLED, (_INSIDE, _PORT))
        invite = alpha.receive("INVITE ")
        alpha.reply(invite, "180 Ringing")
        pbx.receive("SIP/2.0 180 ")
        calling.cancel()
        cancel = alpha.receive("CANCEL ")
        _left_by(cancel, "UDP", _CHOSEN)
        alpha.reply(cancel, "200 OK")
        alpha.reply(invite, "487 Request Terminated")
        _left_by(alpha.receive("ACK "), "UDP", _CHOSEN)
        assert calling.answered().start_line == "SIP/2.0 487 Request Terminated"


@pytest.mark.parametrize("networks", ["WITH_MULTIHOMED"], indirect=True)
def test_what_has_no_socket_leaves_as_the_system_would_send_it(
    networks: Networks, world: World, pbx: Phone
) -> None:
    """After a leg that had one, too: it is that leg's alone."""
    with networks.callee("UDP") as alpha, networks.callee("UDP") as beta:
        world.send_to(world.alpha, alpha, socket=_socket("UDP", _CHOSEN))
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, (_INSIDE, _PORT))
        _, refused = alpha.take("503 Service Unavailable")
        _left_by(refused, "UDP", _CHOSEN)
        called, invite = beta.take()
        calling.answered()
        _left_by(invite, "UDP", _OUTSIDE)
        _left_by(beta.receive("ACK "), "UDP", _OUTSIDE)
        outside, inside = invite.all("Record-Route")
        assert outside.startswith(f"<sip:{_socket('UDP', _OUTSIDE).partition(':')[2]};")
        assert inside.startswith(f"<sip:{_INSIDE}:{_PORT};r2=on;")
        called.send("BYE")
        _left_by(pbx.is_hung_up_on(), "UDP", _INSIDE)
        called.expect("200 OK", "BYE")


@pytest.mark.parametrize("networks", [""], indirect=True)
def test_without_the_option_it_leaves_by_the_socket_that_the_call_came_to(
    networks: Networks, world: World, pbx: Phone
) -> None:
    """From an address that the far end could not answer to, which is why there is the option."""
    with networks.callee("UDP") as alpha:
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, (_INSIDE, _PORT))
        _left_by(alpha.receive("INVITE "), "UDP", _INSIDE)
        pbx.receive("SIP/2.0 100 ")
        calling.cancel()
        assert calling.answered(30).start_line.startswith("SIP/2.0 4")


@pytest.mark.parametrize("networks", ["WITH_MULTIHOMED"], indirect=True)
def test_by_tcp_the_option_names_the_first_socket_whatever_the_connection_is_from(
    networks: Networks, world: World, pbx: Phone
) -> None:
    """So a trunk with TCP or TLS has to name its socket; tell docs/kamailio-network.md when a newer
    Kamailio does without."""
    with networks.callee("TCP") as alpha:
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, (_INSIDE, _PORT))
        _, invite = alpha.take("486 Busy Here")
        assert invite.way.peer[0] == _OUTSIDE
        assert invite.all("Via")[0].startswith(f"SIP/2.0/TCP {_INSIDE}:{_PORT};")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
