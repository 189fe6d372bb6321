"""A call from a carrier to a DID reaches the tenant's PBX."""

from pathlib import Path

import pytest

from tests.sip.harness.expected import assert_message
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"

pytestmark = pytest.mark.usefixtures("acme")


def test_a_did_reaches_its_pbx(stack: Stack) -> None:
    stack.pbx.answer("callee")
    stack.alpha.call(
        "caller",
        stack.kamailio.socket,
        "+390401234567",
        **{"from": '"Bob" <sip:+12025550123@alpha.example>'},
    )
    stack.alpha.wait()
    (invite, *_) = stack.pbx.wait()
    assert_message(invite, _EXPECTED / "pbx.txt", **stack.sockets)


def test_a_domain_reaches_its_pbx_by_that_domain(stack: Stack) -> None:
    stack.pbx.answer("callee")
    stack.alpha.call("caller", stack.kamailio.socket, "john.doe", request_host="acme.example")
    stack.alpha.wait()
    (invite, *_) = stack.pbx.wait()
    assert invite.start_line == "INVITE sip:john.doe@acme.example SIP/2.0"
    assert invite.one("To") == "<sip:john.doe@acme.example>"
