"""A call has eleven legs at most, and all of them are tried."""

from tests.sip.conftest import Acme
from tests.sip.harness.busy import BusyCallee, answer_to
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_LEGS = 11


def test_of_fifteen_endpoints_eleven_are_tried(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    endpoints = [{"host": f"127.0.1.{n}", "port": 5099, "priority": n} for n in range(1, 16)]
    operator.change("Trunk", acme.alpha, endpoints=endpoints)
    operator.wait_published()
    callees = [BusyCallee(f"127.0.1.{n}", 5099) for n in range(1, 16)]
    for callee in callees:
        callee.write = lambda invite: [answer_to(invite, "503 Full")]
    try:
        with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
            party.send(party.request("INVITE", "+390612345678"))
            assert party.final().startswith("SIP/2.0 50")
    finally:
        for callee in callees:
            callee.stop()
    assert [len(callee.invites) for callee in callees] == [1] * _LEGS + [0] * (15 - _LEGS)
