"""Every SIP message goes to Homer as well, with the addresses it went between, and no proof of a
password does."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.harness.busy import BusyCallee
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import KAMAILIO_HOST, Stack
from tests.sip.scenarios.homer.hep import Listener

pytestmark = pytest.mark.usefixtures("acme")


@pytest.fixture
def homer() -> Iterator[Listener]:
    listener = Listener("127.0.0.60")
    yield listener
    listener.close()


@pytest.fixture
def kamailio(stack: Stack, homer: Listener) -> Iterator[Kamailio]:
    directory = Path(tempfile.mkdtemp(prefix="pointsman-homer-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))
    kamailio.configure(
        f"{stack.router.url}/kamailio/rtjson",
        stack.node_token,
        "#!define WITH_SIPTRACE",
        f'#!define HOMER_URI "sip:{homer.host}:{homer.port}"',
        "#!define HOMER_CAPTURE_ID 2026",
    )
    kamailio.start()
    yield kamailio
    kamailio.stop()
    shutil.rmtree(directory)


@pytest.fixture
def callee(stack: Stack) -> Iterator[BusyCallee]:
    callee = BusyCallee(stack.alpha.host, stack.alpha.port)
    yield callee
    callee.stop()


@pytest.mark.usefixtures("callee")
def test_a_call_is_seen_on_both_sides(stack: Stack, kamailio: Kamailio, homer: Listener) -> None:
    alpha = (stack.alpha.host, stack.alpha.port)
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        pbx = (party.host, party.port)
        invite = party.request("INVITE", "+390612345678", call_id="seen")
        party.send(invite)
        assert party.final() == "SIP/2.0 486 Busy Here"
        seen = homer.wait_for("INVITE", "seen", count=2)
        answers = homer.wait_for("SIP/2.0 486", "seen", count=2)
    assert invite in [packet.message for packet in seen]
    assert {(packet.source, packet.destination) for packet in seen} == {
        (pbx, kamailio.socket),
        (kamailio.socket, alpha),
    }
    assert {(packet.source, packet.destination) for packet in answers} == {
        (alpha, kamailio.socket),
        (kamailio.socket, pbx),
    }
    assert {packet.capture_id for packet in homer.packets} == {2026}


@pytest.mark.usefixtures("callee")
@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization", "PROXY-authorization\t"])
def test_what_proves_a_password_is_not_copied(
    stack: Stack, kamailio: Kamailio, homer: Listener, name: str
) -> None:
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        proof = f'{name}: Digest username="u", realm="r", nonce="n", uri="sip:x", response="canary"'
        party.send(party.request("INVITE", "+390612345678", proof, call_id="signed"))
        assert party.final() == "SIP/2.0 486 Busy Here"
        party.send(party.request("INVITE", "777", call_id="after"))
        assert party.final() == "SIP/2.0 404 Not Found"
    homer.wait_for("SIP/2.0 486", "signed")
    homer.wait_for("INVITE", "after")
    assert not any(b"canary" in packet.message for packet in homer.packets)
