"""Calls by TCP: connections that are used again, that end, and that say nothing whole."""

from contextlib import ExitStack

import pytest

from tests.sip.harness.phone import Phone
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.wires import Stream
from tests.sip.scenarios.network.conftest import CALLED, Node, World

_CONNECTIONS = 20


def test_what_belongs_to_a_call_goes_by_the_connections_that_it_was_made_on(
    node: Node, world: World
) -> None:
    """Each Contact is where a connection comes from (RFC 3261 section 18.1.1)."""
    with Phone("TCP", "127.0.0.10") as pbx, Phone("TCP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        way = pbx.dial(node.kamailio.socket)
        assert isinstance(way, Stream)
        behind = f"<sip:pbx@{way.own[0]}:{way.own[1]};transport=tcp>"
        calling = pbx.call(CALLED, node.kamailio.socket, way=way, contact=behind)
        called, _ = alpha.take()
        calling.answered()
        assert alpha.receive("ACK ").way is alpha.streams[0]
        called.send("INFO")
        asked = pbx.receive("INFO ")
        assert asked.way is way
        pbx.reply(asked, "200 OK", contact=behind)
        called.expect("200 OK", "INFO")
        calling.send("BYE")
        assert alpha.is_hung_up_on().way is alpha.streams[0]
        calling.expect("200 OK", "BYE")
        # Nobody has connected to where the PBX listens.
        assert pbx.streams == [way]
        assert len(alpha.streams) == 1


def test_a_call_outlives_the_connections_that_it_was_made_on(node: Node, world: World) -> None:
    with Phone("TCP", "127.0.0.10") as pbx, Phone("TCP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.kamailio.socket)
        called, _ = alpha.take()
        calling.answered()
        alpha.receive("ACK ")
        for stream in (*pbx.streams, *alpha.streams):
            stream.close()
        called.way = alpha.dial(node.kamailio.socket)
        called.send("INFO")
        pbx.reply(pbx.receive("INFO "), "200 OK")
        called.expect("200 OK", "INFO")
        calling.way = pbx.streams[-1]
        calling.send("BYE")
        alpha.is_hung_up_on()
        calling.expect("200 OK", "BYE")


def test_the_answer_to_a_caller_whose_connection_is_gone_opens_none(
    node: Node, world: World
) -> None:
    """Nothing is sent to an address that a request only names (set_reply_no_connect)."""
    with Phone("TCP", "127.0.0.10") as pbx, Phone("UDP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        pbx.call(CALLED, node.kamailio.socket)
        invite = alpha.receive("INVITE ")
        pbx.streams[0].close()
        alpha.reply(invite, "486 Busy Here")
        alpha.receive("ACK ")
        # Whatever comes after it has been tried.
        again = pbx.call(CALLED, node.kamailio.socket)
        alpha.take("486 Busy Here")
        again.answered()
        assert len(pbx.streams) == 2


@pytest.mark.parametrize(("inbound", "outbound"), [("TCP", "UDP"), ("UDP", "TCP"), ("UDP", "UDP")])
def test_a_call_that_is_longer_than_a_packet_arrives_whole(
    node: Node, world: World, inbound: str, outbound: str
) -> None:
    """By UDP in fragments, since its endpoint says UDP: see UDP_MTU."""
    body = "".join(f"a=x-line-{number}\r\n" for number in range(500))
    with Phone(inbound, "127.0.0.10") as pbx, Phone(outbound, "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        kind = "Content-Type: application/sdp"
        calling = pbx.call(CALLED, node.kamailio.socket, kind, body=body)
        _, invite = alpha.take()
        calling.answered()
        assert invite.body == body
        assert invite.all("Via")[0].startswith(f"SIP/2.0/{outbound} ")
        calling.send("BYE")
        alpha.is_hung_up_on()
        calling.expect("200 OK", "BYE")


def test_who_sends_half_a_message_is_in_nobodys_way(node: Node, world: World) -> None:
    """More of them than there are workers, which is two; their messages may yet be completed."""
    with ExitStack() as stack:
        alpha = stack.enter_context(Phone("UDP", "127.0.0.21"))
        world.send_to(world.alpha, alpha)
        slow = [stack.enter_context(Phone("TCP", "127.0.0.10")) for _ in range(_CONNECTIONS)]
        calls = []
        for phone in slow:
            way = phone.dial(node.kamailio.socket)
            whole = _invite_of(phone, node)
            way.send(whole[:40].encode())
            calls.append((way, whole))
        pbx = stack.enter_context(Phone("TCP", "127.0.0.10"))
        calling = pbx.call(CALLED, node.kamailio.socket)
        alpha.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
        for (way, whole), phone in zip(calls, slow, strict=True):
            way.send(whole[40:90].encode())
            way.send(whole[90:].encode())
            alpha.take("486 Busy Here")
            phone.receive("SIP/2.0 486 ")


@pytest.mark.parametrize("host", ["127.0.0.21", "::1"])
@pytest.mark.parametrize(("is_gone", "end"), [(False, "TIMEOUT"), (True, "TRANSPORT")])
def test_a_connection_that_ends_without_a_reply_is_a_transport_failure_silence_is_none(
    node: Node, world: World, host: str, is_gone: bool, end: str
) -> None:
    with (
        Phone("UDP", "127.0.0.10") as pbx,
        Phone("TCP", host) as alpha,
        Phone("UDP", "127.0.0.22") as beta,
    ):
        world.send_to(world.alpha, alpha)
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, node.kamailio.socket)
        alpha.receive("INVITE ")
        if is_gone:
            alpha.streams[0].close()
        beta.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
    ends = wait_for_ends(node.kamailio.records, calling.call_id)
    (attempts,) = (record["attempts"] for record in ends if record["kind"] == "end")
    assert [attempt["end"] for attempt in attempts] == [end, "REPLY"]


def _invite_of(phone: Phone, node: Node) -> str:
    """What it would send, to nobody."""

    class Nowhere:
        """A way that ends here."""

        peer = node.kamailio.socket

        def send(self, message: bytes) -> None:
            """Leave it."""

    return phone.call(CALLED, node.kamailio.socket, way=Nowhere()).sent[0]


def test_several_messages_in_one_segment_are_several(node: Node, world: World) -> None:
    with Phone("TCP", "127.0.0.10") as pbx, Phone("UDP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        both = _invite_of(pbx, node) + "\r\n\r\n" + _invite_of(pbx, node)
        pbx.dial(node.kamailio.socket).send(both.encode())
        for _ in range(2):
            alpha.take("486 Busy Here")
            pbx.receive("SIP/2.0 486 ")
