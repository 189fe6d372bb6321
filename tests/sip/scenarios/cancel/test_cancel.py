"""A caller who gives up gets a 487, while the callee rings and while the router is asked."""

import signal

import pytest

from tests.sip.harness.stack import Stack

pytestmark = pytest.mark.usefixtures("acme")


def test_cancel_while_ringing_reaches_the_callee(stack: Stack) -> None:
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee")
    stack.pbx.call("caller_cancels_ringing", stack.kamailio.socket, "+390612345678")
    seen = [message.start_line for message in stack.pbx.wait() if message.received]
    stack.alpha.wait()
    assert "SIP/2.0 180 Ringing" in seen
    assert any(line.startswith("SIP/2.0 487") for line in seen)
    assert stack.beta.messages() == []


def test_cancel_while_the_router_is_asked_calls_nobody(stack: Stack) -> None:
    stack.alpha.answer("callee")
    stack.router.signal(signal.SIGSTOP)
    try:
        stack.pbx.call("caller_cancels", stack.kamailio.socket, "+390612345678")
        seen = [message.start_line for message in stack.pbx.wait() if message.received]
    finally:
        stack.router.signal(signal.SIGCONT)
    assert any(line.startswith("SIP/2.0 487") for line in seen)
    # The answer that comes after all finds nobody to serve; the next call finds everything.
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    assert len(stack.alpha.received_invites()) == 1
