"""Without a router a caller is told to come back, and once it is back calls flow."""

import signal

import pytest

from tests.sip.harness.stack import Stack

pytestmark = pytest.mark.usefixtures("acme")


def _assert_sent_away(stack: Stack) -> None:
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="503")
    final = stack.pbx.wait()[-2]
    assert final.start_line == "SIP/2.0 503 Service Unavailable"
    assert final.one("Retry-After") == "2"


def _assert_call_flows(stack: Stack) -> None:
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()


def test_a_router_that_is_killed_is_a_503_until_it_is_back(stack: Stack) -> None:
    stack.router.signal(signal.SIGKILL)
    try:
        _assert_sent_away(stack)
    finally:
        stack.router.start()
    _assert_call_flows(stack)


def test_a_router_that_hangs_is_a_503_until_it_goes_on(stack: Stack) -> None:
    stack.router.signal(signal.SIGSTOP)
    try:
        _assert_sent_away(stack)
    finally:
        stack.router.signal(signal.SIGCONT)
    _assert_call_flows(stack)
