"""The socket of a trunk, where it cannot be had; and what a node takes of connections."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.phone import Phone
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.harness.wires import Stream
from tests.sip.scenarios.network.conftest import CALLED, Node, World

Started = Callable[..., Kamailio]


@pytest.mark.parametrize("wrong", ["not there", "another transport", "another version of IP"])
def test_a_leg_whose_socket_cannot_be_had_is_not_sent_by_another(
    stack: Stack, node: Node, world: World, wrong: str
) -> None:
    socket, said = {
        # Of a node of the platform, but not of this one.
        "not there": (f"udp:{stack.kamailio.host}:{stack.kamailio.port}", "this node has not"),
        "another transport": (node.socket("TLS"), "which is of another transport"),
        "another version of IP": (node.socket("UDP", "::1"), "which is of another version of IP"),
    }[wrong]
    before = node.logged(f"is to leave by {socket}, which")
    with (
        Phone("UDP", "127.0.0.10") as pbx,
        Phone("UDP", "127.0.0.21") as alpha,
        Phone("UDP", "127.0.0.22") as beta,
    ):
        world.send_to(world.alpha, alpha, socket=socket)
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, node.kamailio.socket)
        beta.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
        assert alpha.arrived.empty()
    assert node.logged(f"is to leave by {socket}, which") == before + 1
    assert said in node.kamailio.log.read_text()


@pytest.fixture
def started(stack: Stack) -> Iterator[Started]:
    """Starts a Kamailio of this repository with a TCP socket and these settings."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-sockets-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))

    def start(*lines: str) -> Kamailio:
        listen = f"listen=tcp:{kamailio.host}:{kamailio.port}"
        url = f"{stack.router.url}/kamailio/rtjson"
        kamailio.configure(url, stack.node_token, listen, *lines)
        kamailio.start()
        return kamailio

    yield start
    kamailio.stop()
    shutil.rmtree(directory)


def test_there_are_no_more_connections_than_that(started: Started, world: World) -> None:
    kamailio = started("#!define TCP_MAX_CONNECTIONS 8")
    with ExitStack() as stack:
        alpha = stack.enter_context(Phone("UDP", "127.0.0.21"))
        world.send_to(world.alpha, alpha)
        pbx = stack.enter_context(Phone("TCP", "127.0.0.10"))
        first = pbx.dial(kamailio.socket)
        crowd = stack.enter_context(Phone("TCP", "127.0.0.99"))
        for _ in range(20):
            crowd.dial(kamailio.socket)
        # Who was there before them is heard as ever.
        assert all(stream.ends() for stream in crowd.streams[-8:])
        calling = pbx.call(CALLED, kamailio.socket, way=first)
        alpha.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"


def test_a_connection_that_is_silent_is_closed(started: Started) -> None:
    kamailio = started("#!define TCP_IDLE_S 2")
    with Phone("TCP", "127.0.0.10") as pbx:
        way = pbx.dial(kamailio.socket)
        assert isinstance(way, Stream)
        way.send(b"INVITE sip:half")
        assert way.ends()


def test_a_long_request_goes_by_tcp_where_the_node_is_told_so(
    started: Started, world: World
) -> None:
    kamailio = started("#!define UDP_MTU 1300")
    with ExitStack() as stack:
        by_udp = stack.enter_context(Phone("UDP", "127.0.0.21"))
        by_tcp = stack.enter_context(Phone("TCP", "127.0.0.21", port=by_udp.port))
        pbx = stack.enter_context(Phone("UDP", "127.0.0.10"))
        world.send_to(world.alpha, by_udp)
        for length, takes in ((10, by_udp), (1000, by_tcp)):
            calling = pbx.call(CALLED, kamailio.socket, body="x" * length)
            _, invite = takes.take("486 Busy Here")
            assert invite.all("Via")[0].startswith(f"SIP/2.0/{takes.transport} ")
            assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
