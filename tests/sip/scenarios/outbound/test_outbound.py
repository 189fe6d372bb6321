"""A call from a PBX leaves by the carrier that the routing rules name, written for it."""

from pathlib import Path

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = {"from": '"Alice" <sip:+390401234567@acme.example>'}


def test_every_header_is_the_carriers(stack: Stack, acme: Acme) -> None:
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **_ALICE)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / "alpha.txt", **stack.sockets)


def test_numbers_are_written_as_the_trunk_wants_them(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change(
        "Trunk",
        acme.alpha,
        numberFormat="INTERNATIONAL_00",
        fromHost="",
        sendAssertedIdentity=False,
    )
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **_ALICE)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / "alpha_international.txt", **stack.sockets)


def test_the_caller_sees_its_own_from_and_to(stack: Stack, acme: Acme) -> None:
    """What is rewritten towards the callee is restored towards the caller (RFC 3261 8.2.6.2)."""
    stack.alpha.answer("callee_hangs_up")
    stack.pbx.call("caller_is_hung_up_on", stack.kamailio.socket, "+390612345678", **_ALICE)
    received = [message for message in stack.pbx.wait() if message.received]
    stack.alpha.wait()
    for message in received:
        own, other = ("To", "From") if message.is_request else ("From", "To")
        assert message.one(own).startswith('"Alice" <sip:+390401234567@acme.example>;tag=')
        assert message.one(other).startswith(f"<sip:+390612345678@{stack.sockets['kamailio']}>")
    assert [message.start_line.split()[0] for message in received if message.is_request] == ["BYE"]
