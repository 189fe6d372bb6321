"""A carrier gets the headers that its trunk adds, and no second ones of the same name."""

from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = '"Alice" <sip:+390401234567@acme.example>'
_HEADERS = [
    {"name": "X-Account", "template": "{tenant}/{source_trunk}"},
    {"name": "P-Called-Party-ID", "template": '"{carrier}" <sip:{called_number}@ims.example>'},
    {"name": "Subject", "template": "from {calling_number}"},
]


def test_what_the_trunk_adds_is_added_in_place_of_the_callers(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, extraHeaders=_HEADERS)
    operator.wait_published()
    stack.alpha.answer("callee")
    own = "x-account: evil\r\nsubject: mine\r\nX-Other: gone\r\nUser-to-User: 0401"
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", extra=own, **{"from": _ALICE})
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / "alpha.txt", **stack.sockets)


def test_the_shortest_header_is_sent(stack: Stack, acme: Acme, operator: Operator) -> None:
    """Kamailio leaves out what it takes for too short to be one."""
    headers = [{"name": "X-A", "template": "1"}]
    operator.change("Trunk", acme.alpha, sendAssertedIdentity=False, extraHeaders=headers)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="486")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="486")
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert invite.one("X-A") == "1"


@pytest.mark.parametrize(
    "call_id",
    ['x"y', "a<b>c@h", "a\\b", "%0d%0aVia:x", "a,b;c=d", "{tenant}", "$def(ROUTER_AUTHORIZATION)"],
)
def test_no_call_id_leaves_its_place(
    stack: Stack, acme: Acme, operator: Operator, call_id: str
) -> None:
    template = 'icid-value="{sip_call_id}";a=<sip:{sip_call_id}@h>'
    headers = [{"name": "P-Charging-Vector", "template": template}]
    operator.change("Trunk", acme.alpha, extraHeaders=headers)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        short = ("s: mine", "Subject: mine too")
        party.send(party.request("INVITE", "+390612345678", *short, call_id=call_id))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    written = invite.one("P-Charging-Vector")
    value = written.removeprefix('icid-value="').partition('"')[0]
    assert written == f'icid-value="{value}";a=<sip:{value}@h>'
    assert not set(value) & set('"<>;,=\\{}')
    assert invite.one("Call-ID") == call_id
    assert len(invite.all("Subject") + invite.all("s")) == 2
