"""A leg that fails is followed by the next; what is final is not."""

import asyncio

import pytest

from pointsman.auth import Principal
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.conftest import bound
from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.sipp import Actor
from tests.sip.harness.stack import Stack


@pytest.mark.parametrize("status", ["500", "503"])
def test_a_carrier_that_fails_is_followed_by_the_next(
    stack: Stack, acme: Acme, status: str
) -> None:
    stack.alpha.answer("callee_refuses", status=status)
    stack.beta.answer("callee")
    stack.pbx.call(
        "caller",
        stack.kamailio.socket,
        "+390612345678",
        **{"from": '"Alice" <sip:+390401234567@acme.example>'},
    )
    seen = [message.start_line for message in stack.pbx.wait() if message.received]
    assert f"SIP/2.0 {status} Refused" not in seen
    assert "SIP/2.0 200 OK" in seen
    (first, *_) = stack.alpha.wait()
    (second, *_) = stack.beta.wait()
    # Each leg is written afresh from the original call.
    assert first.one("To") == "<sip:+390612345678@127.0.0.21>"
    assert second.one("To") == "<sip:+390612345678@127.0.0.22>"
    assert first.one("From") == second.one("From")
    assert first.one("P-Asserted-Identity") == second.one("P-Asserted-Identity")
    assert first.one("Call-ID") == second.one("Call-ID")


def test_a_carrier_that_is_silent_is_followed_after_its_own_timer(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, frTimerMs=700)
    operator.wait_published()
    stack.beta.answer("callee")
    stack.alpha.answer("callee_is_silent")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.beta.wait()
    assert stack.alpha.received_invites()


def test_a_carrier_that_cannot_be_found_is_followed_by_the_next(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, endpoints=[{"host": "nowhere.invalid"}])
    operator.wait_published()
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    (invite, *_) = stack.beta.wait()
    assert invite.one("To") == "<sip:+390612345678@127.0.0.22>"
    operator.change("Trunk", acme.beta, endpoints=[{"host": "nowhere.invalid"}])
    operator.wait_published()
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="480")
    stack.pbx.wait()


def test_a_leg_leaves_by_its_trunks_socket_or_not_at_all(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """Kamailio's rtjson would let it leave by another address, which the far end does not know."""

    async def make_another_node() -> None:
        async with bound(stack.database_url):
            sockets = ["127.0.0.77:5060"]
            await create_kamailio_node(Principal("test"), name="elsewhere", sockets=sockets)

    asyncio.run(make_another_node())
    operator.change("Trunk", acme.alpha, socket="udp:127.0.0.77:5060")
    operator.change("Trunk", acme.beta, socket=f"udp:{stack.sockets['kamailio']}")
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.beta.wait()
    assert stack.alpha.messages() == []


def test_when_all_fail_the_caller_is_told(stack: Stack, acme: Acme) -> None:
    """As RFC 3261 section 16.7 has it, a 503 of a carrier is not passed on as ours: it is 500."""
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee_refuses", status="503")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="500")
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()


@pytest.mark.parametrize("status", ["486", "603", "404", "480"])
def test_fault_22_a_final_answer_is_final(stack: Stack, acme: Acme, status: str) -> None:
    """A busy callee is not called again through another carrier."""
    stack.alpha.answer("callee_refuses", status=status)
    stack.beta.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status=status)
    stack.pbx.wait()
    stack.alpha.wait()
    assert stack.beta.messages() == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # reports progress and fails; the next one is silent
        (("callee_rings_and_refuses", "183 Session Progress"), "callee_is_silent"),
        # fails, and what it sent before arrives when the next one is being asked
        (("callee_refuses_and_rings_late", "180 Ringing"), "callee_refuses"),
        (("callee_refuses_and_rings_late", "183 Session Progress"), "callee_is_silent"),
    ],
)
def test_what_one_leg_reported_does_not_end_the_hunt_of_the_next(
    stack: Stack, acme: Acme, operator: Operator, first: tuple[str, str], second: str
) -> None:
    """Alpha fails, then Beta does: Beta's other endpoint is asked."""
    gamma = Actor("gamma", "127.0.0.23", stack.directory)
    endpoints = [
        {"host": stack.beta.host, "port": stack.beta.port, "priority": 0},
        {"host": gamma.host, "port": gamma.port, "priority": 1},
    ]
    operator.change("Trunk", acme.beta, frTimerMs=700, endpoints=endpoints)
    operator.wait_published()
    stack.alpha.answer(first[0], status="503", provisional=first[1])
    stack.beta.answer(second, status="503", delay="600")
    try:
        gamma.answer("callee_refuses", status="486")
        stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="486")
        stack.pbx.wait()
        gamma.wait()
    finally:
        gamma.stop()
    assert stack.beta.received_invites()


def test_a_carrier_that_has_rung_is_not_followed(stack: Stack, acme: Acme) -> None:
    stack.alpha.answer("callee_rings_and_refuses", status="503")
    stack.beta.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="500")
    stack.pbx.wait()
    stack.alpha.wait()
    assert stack.beta.messages() == []
