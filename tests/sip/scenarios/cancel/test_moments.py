"""A caller gives up at any moment while the router is asked; and answers that come too late."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.busy import BusyCallee, answer_to, silent
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

pytestmark = pytest.mark.usefixtures("acme")


@pytest.fixture
def callee(stack: Stack) -> Iterator[BusyCallee]:
    callee = BusyCallee(stack.alpha.host, stack.alpha.port)
    yield callee
    callee.stop()


@pytest.mark.parametrize("after_ms", [0, 50, 200, 450])
def test_a_call_that_is_given_up_while_the_router_is_asked_reaches_nobody(
    stack: Stack, callee: BusyCallee, after_ms: int
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        stack.router.signal(signal.SIGSTOP)
        try:
            party.send(party.request("INVITE", "+390612345678"))
            # It may be cancelled once it is known to have arrived (RFC 3261 section 9.1).
            assert party.any_response() == "100 Trying"
            time.sleep(after_ms / 1000)
            party.cancel()
            finals = {party.any_final(), party.any_final()}
        finally:
            stack.router.signal(signal.SIGCONT)
        # The 200 is to the CANCEL.
        assert finals == {"200 ok -- no more pending branches", "487 Request canceled"}
        party.send(party.request("INVITE", "+390612345678", call_id=f"after-{after_ms}"))
        assert party.final() == "SIP/2.0 486 Busy Here"
    assert [b"Call-ID: after-" in invite for invite in callee.invites] == [True]


def test_of_what_comes_after_the_final_response_the_caller_gets_a_200_alone(
    stack: Stack, acme: Acme, operator: Operator, callee: BusyCallee
) -> None:
    """It has to end that call (RFC 3261 section 16.7 step 5)."""
    for trunk in (acme.alpha, acme.beta):
        operator.change("Trunk", trunk, frTimerMs=300)
    operator.wait_published()
    callee.write = silent
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678"))
        assert party.final().startswith("SIP/2.0 4")
        invite = callee.invites[0]
        with RawParty("127.0.0.97", stack.kamailio.socket) as late:
            for response in ("180 Ringing", "486 Busy Here", "200 OK"):
                late.send(answer_to(invite, response))
        assert party.any_response() == "200 OK"
        assert party.is_left_alone(0.3)
        party.send(party.request("INVITE", "777"))
        assert party.final() == "SIP/2.0 404 Not Found"
