"""A carrier is told who was called before, in the header that it understands."""

from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = '"Alice" <sip:+390401234567@acme.example>'
_DIVERSION = 'Diversion: "Desk" <sip:+390401234001@acme.example>;reason=no-answer;counter=2'


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("NONE", "none"),
        ("DIVERSION", "diversion"),
        ("HISTORY_INFO", "history_info"),
        ("BOTH", "both"),
    ],
)
def test_a_call_that_a_rule_sends_on_says_so_by_the_trunks_policy(
    stack: Stack, acme: Acme, operator: Operator, policy: str, expected: str
) -> None:
    """From one number in Rome to another by a rule, after the PBX had sent it on itself."""
    operator.make(
        "CreateRoutingRule", tenantId=acme.tenant, name="moved", calledPrefix="+390611111111",
        action="CONTINUE", forwardNumber="+390612345678",
    )  # fmt: skip
    operator.change("Trunk", acme.alpha, diversionPolicy=policy)
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call(
        "caller", stack.kamailio.socket, "+390611111111", extra=_DIVERSION, **{"from": _ALICE}
    )
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / f"{expected}.txt", **stack.sockets)


def test_what_the_peer_says_goes_no_further_than_it_can_be_read(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, diversionPolicy="DIVERSION")
    operator.wait_published()
    headers = (
        "Diversion: nonsense",
        "Diversion: <sip:+390401234001@acme.example>;reason=lunch;x=y, <urn:x>",
        "History-Info: <sip:+390401234002@acme.example>;index=1",
        "Diversion: <sip:+390401234003@acme.example>;privacy=full",
    )
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678", *headers, from_=f"{_ALICE};tag=1"))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.one("Diversion") == (
        "<sip:+390401234001@sip.acme.example>;reason=unknown;counter=1, "
        "<sip:+390401234003@sip.acme.example>;reason=unknown;counter=1;privacy=full"
    )
    assert invite.all("History-Info") == []
