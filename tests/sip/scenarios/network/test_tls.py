"""Calls by TLS, in and out: who is believed, and what becomes of those who are not."""

import ssl

import pytest

from tests.sip.harness.certificates import Authority
from tests.sip.harness.phone import Phone
from tests.sip.scenarios.network.conftest import CALLED, Node, World


def test_a_call_by_tls_goes_on_by_tls_and_both_ends_can_end_it(node: Node, world: World) -> None:
    accepts = node.believed.issue("127.0.0.21").server()
    for caller_ends in (True, False):
        with Phone("TLS", "127.0.0.10", tls=node.believed.issue("127.0.0.10").server()) as pbx:
            with Phone("TLS", "127.0.0.21", tls=accepts) as alpha:
                world.send_to(world.alpha, alpha)
                calling = pbx.call(CALLED, node.tls, tls=node.believed.client())
                called, invite = alpha.take()
                calling.answered()
                alpha.receive("ACK ")
                assert invite.start_line == (
                    f"INVITE sip:{CALLED}@{alpha.own};transport=tls SIP/2.0"
                )
                assert invite.all("Via")[0].startswith(f"SIP/2.0/TLS 127.0.0.1:{node.tls_port};")
                (route,) = invite.all("Record-Route")
                assert route.startswith(f"<sip:127.0.0.1:{node.tls_port};transport=tls;lr;")
                if caller_ends:
                    calling.send("BYE")
                    alpha.is_hung_up_on()
                    calling.expect("200 OK", "BYE")
                else:
                    called.send("BYE")
                    pbx.is_hung_up_on()
                    called.expect("200 OK", "BYE")
