"""Calls by TLS, in and out."""

import re
import socket
import ssl

import pytest

from tests.sip.harness.certificates import Shown
from tests.sip.harness.phone import Phone
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.network.conftest import CALLED, Node, World


@pytest.fixture
def own(node: Node) -> Shown:
    """What a party shows that listens at any address."""
    return node.believed.issue("127.0.0.10")


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_call_by_tls_goes_on_by_tls_until_either_end_hangs_up(
    node: Node, world: World, own: Shown, who: str
) -> None:
    accepts = own.server()
    with (
        Phone("TLS", "127.0.0.10", tls=accepts) as pbx,
        Phone("TLS", "127.0.0.21", tls=accepts) as alpha,
    ):
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.tls, tls=node.believed.client())
        called, invite = alpha.take()
        calling.answered()
        alpha.receive("ACK ")
        assert invite.start_line == f"INVITE sip:{CALLED}@{alpha.own};transport=tls SIP/2.0"
        assert invite.all("Via")[0].startswith(f"SIP/2.0/TLS 127.0.0.1:{node.tls_port};")
        (route,) = invite.all("Record-Route")
        assert route.startswith(f"<sip:127.0.0.1:{node.tls_port};transport=tls;lr;")
        if who == "caller":
            calling.send("BYE")
            alpha.is_hung_up_on()
            calling.expect("200 OK", "BYE")
        else:
            called.send("BYE")
            pbx.is_hung_up_on()
            called.expect("200 OK", "BYE")


def test_a_caller_is_known_by_tls_where_its_source_asks_for_it(
    node: Node, world: World, own: Shown
) -> None:
    world.hears({"cidr": "127.0.0.10", "transport": "TLS"})
    with Phone("TLS", "127.0.0.10", tls=own.server()) as pbx, Phone("UDP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.tls, tls=node.believed.client())
        alpha.take()
        calling.answered()
        calling.send("BYE")
        alpha.is_hung_up_on()
        calling.expect("200 OK", "BYE")
        for transport in ("UDP", "TCP"):
            with Phone(transport, "127.0.0.10") as plain:
                refused = plain.call(CALLED, node.kamailio.socket).answered()
                assert refused.start_line == "SIP/2.0 403 Forbidden"


def test_a_call_by_udp_goes_on_by_tls_and_ends_from_there(
    node: Node, world: World, own: Shown
) -> None:
    """One Record-Route for each side (RFC 5658), in the order that each side needs."""
    with (
        Phone("UDP", "127.0.0.10") as pbx,
        Phone("TLS", "127.0.0.21", tls=own.server()) as alpha,
    ):
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.kamailio.socket)
        called, invite = alpha.take()
        answer = calling.answered()
        alpha.receive("ACK ")
        to_tls, to_udp = invite.all("Record-Route")
        assert to_tls.startswith(f"<sip:127.0.0.1:{node.tls_port};transport=tls;r2=on;lr;")
        assert to_udp.startswith(f"<sip:127.0.0.1:{node.kamailio.port};r2=on;lr;")
        assert answer.all("Record-Route") == [to_tls, to_udp]
        called.send("BYE")
        bye = pbx.is_hung_up_on()
        assert bye.all("Via")[0].startswith(f"SIP/2.0/UDP 127.0.0.1:{node.kamailio.port};")
        called.expect("200 OK", "BYE")


def test_the_far_end_is_asked_for_by_its_name(node: Node, world: World, own: Shown) -> None:
    asked: list[str | None] = []
    accepts = own.server()
    accepts.sni_callback = lambda _connection, name, _context: asked.append(name)
    # As if DNS had said so: Kamailio asks it, and no file of this machine.
    node.ask("dns.add_a", "far.example", 60, "127.0.0.21", 0)
    with Phone("UDP", "127.0.0.10") as pbx, Phone("TLS", "127.0.0.21", tls=accepts) as alpha:
        endpoint = {"host": "far.example", "port": alpha.port, "transport": "TLS"}
        world.operator.change("Trunk", world.alpha, endpoints=[endpoint])
        world.operator.wait_published()
        calling = pbx.call(CALLED, node.kamailio.socket)
        alpha.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
    assert asked == ["far.example"]


def test_nothing_older_than_tls_1_2_is_spoken(node: Node) -> None:
    for version, spoken in (
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ):
        context = node.believed.client()
        context.minimum_version = context.maximum_version = version
        with (
            socket.create_connection(node.tls, 5) as tcp,
            context.wrap_socket(tcp, server_hostname=node.tls[0]) as tls,
        ):
            assert tls.version() == spoken
    with socket.create_connection(node.tls, 5) as tcp:
        tcp.sendall(_HELLO_OF_TLS_1_1)
        # An alert: fatal, protocol_version (RFC 5246 section 7.2.2).
        assert tcp.recv(100)[-2:] == b"\x02\x46"


# A ClientHello of TLS 1.1 with three suites that it had (RFC 4346 section 7.4.1.2): Python's own
# library speaks nothing as old as that.
_HELLO_OF_TLS_1_1 = (
    b"\x16\x03\x01\x00\x33\x01\x00\x00\x2f\x03\x02" + bytes(32) + b"\x00"
    b"\x00\x06\xc0\x13\xc0\x14\x00\x2f\x01\x00\x00\x00"
)


def test_plain_text_on_the_port_for_tls_is_no_sip(node: Node) -> None:
    with Phone("TCP", "127.0.0.10") as pbx:
        way = pbx.dial(node.tls)
        pbx.call(CALLED, node.tls, way=way)
        assert pbx.streams[0].ends()
        assert pbx.arrived.empty()


def test_tls_on_the_plain_port_is_no_sip(node: Node) -> None:
    with (
        socket.create_connection(node.kamailio.socket, 5) as tcp,
        pytest.raises(OSError, match=r"EOF|reset|timed out|unexpected"),
    ):
        node.believed.client().wrap_socket(tcp, server_hostname=node.tls[0])
    # What stands in the log of it is no text of whoever sent it.
    assert re.fullmatch(r"[\t\n -~]*", node.kamailio.log.read_text())


def test_a_sips_uri_is_refused(node: Node, own: Shown) -> None:
    """Its legs would have to be by TLS as well, all of them (RFC 5630 section 3)."""
    with Phone("TLS", "127.0.0.10", tls=own.server()) as pbx:
        calling = pbx.call(CALLED, node.tls, tls=node.believed.client())
        calling.answered()
        invite = calling.sent[0].replace("INVITE sip:", "INVITE sips:", 1)
        calling.cseq, calling.sent = 2, []
        calling.send_text(
            invite.replace("CSeq: 1 ", "CSeq: 2 ").replace(calling.call_id, "sips-call")
        )
        assert calling.answered().start_line == "SIP/2.0 416 Unsupported URI Scheme"


@pytest.mark.parametrize("transport", ["TLS", "UDP"])
def test_a_party_whose_contact_is_a_sips_uri_is_reached(
    node: Node, world: World, own: Shown, transport: str
) -> None:
    """Within a call the Request-URI is the Contact of whom it goes to (RFC 3261 section 12.2)."""
    tls = None if transport == "UDP" else own.server()
    with (
        Phone(transport, "127.0.0.10", tls=tls) as pbx,
        Phone("TLS", "127.0.0.21", tls=own.server()) as alpha,
    ):
        world.send_to(world.alpha, alpha)
        if transport == "UDP":
            calling = pbx.call(CALLED, node.kamailio.socket)
        else:
            contact = f"<sips:phone@{pbx.own}>"
            calling = pbx.call(CALLED, node.tls, tls=node.believed.client(), contact=contact)
        called, _ = alpha.take(contact=f"<sips:phone@{alpha.own}>")
        calling.answered()
        assert alpha.receive("ACK ").start_line == f"ACK sips:phone@{alpha.own} SIP/2.0"
        called.send("INFO")
        pbx.reply(pbx.receive("INFO "), "200 OK")
        called.expect("200 OK", "INFO")
        calling.send("BYE")
        alpha.is_hung_up_on()
        calling.expect("200 OK", "BYE")


def test_without_tls_a_leg_by_tls_has_failed_at_once(stack: Stack, world: World) -> None:
    """Kamailio as it is by default."""
    with Phone("UDP", "127.0.0.10") as pbx, Phone("UDP", "127.0.0.22") as beta:
        over_tls = {"host": "127.0.0.21", "port": 5061, "transport": "TLS"}
        world.operator.change("Trunk", world.alpha, endpoints=[over_tls])
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, stack.kamailio.socket)
        beta.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
    said = "leg to sip:127.0.0.21:5061;transport=tls is by TLS, which this node has not (WITH_TLS)"
    assert said in stack.kamailio.log.read_text()
