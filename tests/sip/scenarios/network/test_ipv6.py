"""Calls from and to IPv6 addresses, and between these and IPv4."""

import pytest

from pointsman.routing.uri import format_host
from tests.sip.harness.phone import Phone
from tests.sip.scenarios.network.conftest import CALLED, Node, World
from tests.sip.scenarios.torture.ipv6 import IPV6
from tests.sip.scenarios.torture.message import BUSY, Torture

_V4 = ("127.0.0.10", "127.0.0.21", "127.0.0.1")
_V6 = ("::1", "::1", "::1")


def _hosts(versions: str) -> tuple[str, str, str, str]:
    """The caller's, the callee's, and the node's on both sides, of a case such as "6 to 4"."""
    caller = _V4 if versions[0] == "4" else _V6
    callee = _V4 if versions[-1] == "4" else _V6
    return caller[0], callee[1], caller[2], callee[2]


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
@pytest.mark.parametrize("versions", ["6 to 6", "4 to 6", "6 to 4"])
@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_call_goes_through_until_either_end_hangs_up(
    node: Node, world: World, versions: str, transport: str, who: str
) -> None:
    caller, callee, node_in, node_out = _hosts(versions)
    world.hears({"cidr": caller})
    port = node.tls_port if transport == "TLS" else node.kamailio.port
    accepts = node.believed.issue("::1").server() if transport == "TLS" else None
    with (
        Phone(transport, caller, tls=accepts) as pbx,
        Phone(transport, callee, tls=accepts) as alpha,
    ):
        world.send_to(world.alpha, alpha, socket=node.socket(transport, node_out))
        believing = node.believed.client()
        # The node's certificate is for its IPv4 address, and Python looks at that.
        believing.check_hostname = False
        calling = pbx.call(CALLED, (node_in, port), tls=believing)
        called, invite = alpha.take()
        answer = calling.answered()
        acknowledged = alpha.receive("ACK ")
        assert invite.start_line.startswith(f"INVITE sip:{CALLED}@{alpha.own}")
        assert acknowledged.start_line.startswith(f"ACK sip:phone@{alpha.own}")
        routes = [route.partition(";")[0] for route in invite.all("Record-Route")]
        between = [f"<sip:{format_host(host)}:{port}" for host in (node_out, node_in)]
        # Of one socket there is one, of two there is one each (RFC 5658 section 3.3).
        assert routes == (between if node_in != node_out else between[:1])
        assert answer.all("Record-Route") == invite.all("Record-Route")
        for message, host in ((invite, node_out), (acknowledged, node_out)):
            via = f"SIP/2.0/{transport} {format_host(host)}:{port};"
            assert message.all("Via")[0].startswith(via)
        hangs_up, hears = (calling, alpha) if who == "caller" else (called, pbx)
        hangs_up.send("BYE")
        bye = hears.is_hung_up_on()
        assert bye.all("Route") == []
        hangs_up.expect("200 OK", "BYE")


def test_a_network_of_ipv6_is_known_and_no_other(node: Node, world: World) -> None:
    with Phone("UDP", "::1") as pbx, Phone("UDP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        for network, final in (("::/64", "486 Busy Here"), ("2001:db8::/32", "403 Forbidden")):
            world.hears({"cidr": network})
            calling = pbx.call(CALLED, ("::1", node.kamailio.port))
            if final.startswith("486"):
                alpha.take(final)
            assert calling.answered().start_line == f"SIP/2.0 {final}"


def test_a_cancel_follows_its_call_from_ipv4_to_ipv6(node: Node, world: World) -> None:
    with Phone("UDP", "127.0.0.10") as pbx, Phone("UDP", "::1") as alpha:
        world.send_to(world.alpha, alpha)
        calling = pbx.call(CALLED, node.kamailio.socket)
        invite = alpha.receive("INVITE ")
        alpha.reply(invite, "180 Ringing")
        pbx.receive("SIP/2.0 180 ")
        calling.cancel()
        cancel = alpha.receive("CANCEL ")
        assert cancel.all("Via") == invite.all("Via")[:1]
        assert cancel.start_line == invite.start_line.replace("INVITE", "CANCEL", 1)
        alpha.reply(cancel, "200 OK")
        alpha.reply(invite, "487 Request Terminated")
        assert calling.answered().start_line == "SIP/2.0 487 Request Terminated"


@pytest.mark.parametrize("torture", IPV6, ids=lambda torture: torture.section)
def test_a_message_of_rfc_5118_is_answered_the_same_over_ipv6(
    node: Node, world: World, torture: Torture
) -> None:
    """tests/sip/scenarios/torture has them over IPv4, and what becomes of their headers."""
    world.hears({"cidr": "::1"})
    with Phone("UDP", "::1") as pbx, Phone("UDP", "127.0.0.21") as alpha:
        world.send_to(world.alpha, alpha)
        proxy = ("::1", node.kamailio.port)
        message = torture.message(own=pbx.own, proxy=f"[::1]:{proxy[1]}", number=1)
        pbx.dial(proxy).send(message)
        if torture.answer == BUSY:
            alpha.take(BUSY)
        answer = pbx.receive("SIP/2.0 ")
        while answer.start_line == "SIP/2.0 100 Trying":
            answer = pbx.receive("SIP/2.0 ")
        assert answer.start_line == f"SIP/2.0 {torture.answer}"
