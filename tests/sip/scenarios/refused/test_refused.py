"""Who is nobody's is refused, and what leads nowhere is not found."""

import pytest

from tests.sip.harness.stack import Stack

pytestmark = pytest.mark.usefixtures("acme")


def test_an_unknown_source_is_refused(stack: Stack) -> None:
    stack.alpha.answer("callee")
    stack.stranger.call("caller_refused", stack.kamailio.socket, "+390612345678", status="403")
    stack.stranger.wait()
    assert stack.alpha.messages() == []


@pytest.mark.parametrize("called", ["+12025550123", "999", "*72", "nobody"])
def test_no_route_is_not_found(stack: Stack, called: str) -> None:
    stack.pbx.call("caller_refused", stack.kamailio.socket, called, status="404")
    stack.pbx.wait()


def test_a_carriers_call_to_no_number_of_ours_is_not_found(stack: Stack) -> None:
    stack.beta.answer("callee")
    stack.alpha.call("caller_refused", stack.kamailio.socket, "+390612345678", status="404")
    stack.alpha.wait()
    assert stack.beta.messages() == []


def test_a_request_that_is_no_call_is_not_allowed(stack: Stack) -> None:
    stack.pbx.call("registers", stack.kamailio.socket, "+390612345678")
    (_, answer) = stack.pbx.wait()
    assert answer.start_line == "SIP/2.0 405 Method Not Allowed"
    assert "INVITE" in answer.one("Allow")


def test_an_invite_without_a_number_is_incomplete(stack: Stack) -> None:
    stack.pbx.call("caller_refused", stack.kamailio.socket, "", status="484", user="")
    stack.pbx.wait()
