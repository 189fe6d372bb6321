"""Who is believed by TLS, and what becomes of a call to somebody who is not."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.harness.certificates import Authority, Shown
from tests.sip.harness.phone import Phone
from tests.sip.harness.records import wait_for_ends
from tests.sip.scenarios.network.conftest import CALLED, Node, World


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """Who certifies as well as anybody, and is believed by nobody."""
    return Authority(tmp_path, "stranger")


@pytest.fixture
def parties() -> Iterator[tuple[Phone, Phone]]:
    """The PBX and Beta, by UDP."""
    with Phone("UDP", "127.0.0.10") as pbx, Phone("UDP", "127.0.0.22") as beta:
        yield pbx, beta


def _attempts(node: Node, call_id: str) -> list[tuple[str, int]]:
    (end,) = (r for r in wait_for_ends(node.kamailio.records, call_id) if r["kind"] == "end")
    return [(attempt["end"], attempt["sip_code"]) for attempt in end["attempts"]]


@pytest.mark.parametrize("wrong", ["issuer", "expired"])
def test_a_far_end_that_is_not_believed_is_a_transport_failure(
    node: Node, world: World, parties: tuple[Phone, Phone], stranger: Authority, wrong: str
) -> None:
    pbx, beta = parties
    if wrong == "issuer":
        shown = stranger.issue("127.0.0.21")
    else:
        shown = node.believed.issue("127.0.0.21", days=-1)
    with Phone("TLS", "127.0.0.21", tls=shown.server()) as alpha:
        world.send_to(world.alpha, alpha)
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, node.kamailio.socket)
        beta.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
        # It was never told whom to call.
        assert alpha.arrived.empty()
    assert _attempts(node, calling.call_id) == [("TRANSPORT", 0), ("REPLY", 486)]


def test_what_is_silent_after_it_was_believed_is_no_transport_failure(
    node: Node, world: World, parties: tuple[Phone, Phone]
) -> None:
    pbx, beta = parties
    with Phone("TLS", "127.0.0.21", tls=node.believed.issue("127.0.0.21").server()) as alpha:
        world.send_to(world.alpha, alpha)
        world.send_to(world.beta, beta)
        calling = pbx.call(CALLED, node.kamailio.socket)
        alpha.receive("INVITE ")
        beta.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
    assert _attempts(node, calling.call_id) == [("TIMEOUT", 0), ("REPLY", 486)]


def test_on_a_socket_that_asks_for_a_certificate_nobody_gets_in_without(
    node: Node, stranger: Authority
) -> None:
    with Phone("TLS", "127.0.0.98", tls=node.shown.server()) as pbx:
        for shown in (None, stranger.issue("127.0.0.98")):
            # By TLS 1.3 the refusal comes after the handshake, as an alert.
            way = pbx.dial(node.mutual, node.believed.client(shown))
            with contextlib.suppress(OSError):
                pbx.call(CALLED, node.mutual, way=way)
            assert pbx.streams[-1].ends()
            assert pbx.arrived.empty()
        known = node.believed.client(node.believed.issue("127.0.0.98"))
        # Let in, and then known by nobody: the platform decides, as of everybody.
        refused = pbx.call(CALLED, node.mutual, tls=known).answered()
        assert refused.start_line == "SIP/2.0 403 Forbidden"


def test_kamailio_shows_its_certificate_to_a_far_end_that_asks_for_one(
    node: Node, world: World, parties: tuple[Phone, Phone]
) -> None:
    shown: Shown = node.believed.issue("127.0.0.21")
    with Phone("TLS", "127.0.0.21", tls=shown.server(node.believed)) as alpha:
        world.send_to(world.alpha, alpha)
        calling = parties[0].call(CALLED, node.kamailio.socket)
        alpha.take("486 Busy Here")
        assert calling.answered().start_line == "SIP/2.0 486 Busy Here"
        assert alpha.streams[0].certificate == node.shown.der
