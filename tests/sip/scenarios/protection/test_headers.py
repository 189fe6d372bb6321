"""No X- header of a peer reaches another, in a request or in a response."""

import pytest

from tests.sip.harness.busy import BusyCallee, answer_to
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

pytestmark = pytest.mark.usefixtures("acme")

_SPELLINGS = [
    "X-Tenant: canary",
    "x-tenant: canary",
    "X-TENANT : canary",
    "X_Tenant: canary",
    "x_TENANT\t: canary",
    "X-Tenant:canary",
    "X-Tenant:\r\n canary",
    "X-Tenant \t :\r\n\t canary",
    "X-: canary",
    "X-Tenant: a,\r\n canary",
]


@pytest.mark.parametrize("line", _SPELLINGS)
def test_no_spelling_brings_one_through(stack: Stack, line: str) -> None:
    callee = BusyCallee(stack.alpha.host, stack.alpha.port)
    callee.write = lambda invite: [answer_to(invite, "486 Busy Here", line, "Server: alpha")]
    try:
        with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
            party.send(party.request("INVITE", "+390612345678", line, "Subject: kept"))
            answer = party.final_message()
    finally:
        callee.stop()
    (invite,) = callee.invites
    assert answer.startswith(b"SIP/2.0 486 Busy Here\r\n")
    assert b"Subject: kept\r\n" in invite
    assert b"Server: alpha\r\n" in answer
    assert b"canary" not in invite
    assert b"canary" not in answer
