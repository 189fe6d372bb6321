"""A carrier gets its tech prefix before the number, and no other carrier does."""

from pathlib import Path

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = {"from": '"Alice" <sip:+390401234567@acme.example>'}


def test_the_tech_prefix_stands_before_the_called_number(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, techPrefix="99#", numberFormat="E164")
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **_ALICE)
    stack.pbx.wait()
    (first, *_) = stack.alpha.wait()
    assert_message(first, _EXPECTED / "alpha.txt", **stack.sockets)
    (second, *_) = stack.beta.wait()
    assert second.start_line == f"INVITE sip:+390612345678@{stack.sockets['beta']} SIP/2.0"
