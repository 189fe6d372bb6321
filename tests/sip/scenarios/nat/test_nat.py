"""Parties behind a NAT are reached by the hole that it has open, as long as there is a call."""

import asyncio
import re
from contextlib import ExitStack

import pytest

from pointsman.agent.rpc import KamailioRpc
from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.raw_tcp import RawTcpParty
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.nat.conftest import (
    CALLEE,
    CALLEE_NAT,
    CALLER,
    CALLER_NAT,
    Networks,
    Start,
)
from tests.sip.scenarios.records.conftest import CALLED, connect, take_bye


def test_each_party_is_marked_with_where_it_is(
    start: Start, caller: RawParty, callee: RawCallee
) -> None:
    start()
    call = connect(caller, callee, "marked")
    contact = header_of(call.invite, "Contact")
    marked = rf"<sip:raw@{CALLER}:{caller.port};alias={CALLER_NAT}~2\d\d\d\d~1>"
    assert re.fullmatch(marked, contact), contact
    contact = header_of(call.answer, "Contact")
    assert contact == f"<sip:callee@{CALLEE}:5060;alias={CALLEE_NAT}~5060~1>"
    call.hang_up()
    bye = callee.receive("BYE")
    # As the callee has given it.
    assert bye.startswith(f"BYE sip:callee@{CALLEE}:5060 SIP/2.0\r\n".encode())
    callee.reply(bye, "200 OK")
    assert caller.final() == "SIP/2.0 200 OK"


@pytest.mark.parametrize("by", ["caller", "callee"])
@pytest.mark.parametrize("lines", [[], ["#!define WITH_TOPOLOGY_HIDING"]])
def test_a_call_is_hung_up_by_either(
    start: Start, caller: RawParty, callee: RawCallee, by: str, lines: list[str]
) -> None:
    kamailio = start(*lines)
    call = connect(caller, callee, f"by-{by}")
    if by == "caller":
        call.hang_up()
        take_bye(callee, call)
    else:
        callee.hang_up(call.invite)
        assert caller.receives("BYE")
        assert callee.final().startswith(b"SIP/2.0 200 ")
    records = wait_for_ends(kamailio.records, f"by-{by}")
    assert [record["kind"] for record in records] == ["start", "answer", "end"]
    assert records[-1]["cause"] == f"bye_{by}"


def test_reinvites_go_both_ways(start: Start, caller: RawParty, callee: RawCallee) -> None:
    kamailio = start()
    call = connect(caller, callee, "again")
    caller.send(caller.within(call.answer, "INVITE"))
    again = callee.receive("INVITE")
    callee.reply(again, "200 OK")
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 200 ")
    assert f";alias={CALLEE_NAT}~5060~1>" in header_of(answer, "Contact")
    caller.send(caller.within(answer, "ACK"))
    callee.receive("ACK")

    callee.send_within(call.invite, "INVITE")
    assert caller.receives("INVITE")
    assert callee.final().startswith(b"SIP/2.0 200 ")
    callee.send_within(call.invite, "ACK")
    callee.hang_up(call.invite)
    assert caller.receives("BYE")
    assert len(wait_for_ends(kamailio.records, "again")) == 3


def test_a_cancelled_call_is_over_at_both(
    start: Start, caller: RawParty, callee: RawCallee
) -> None:
    kamailio = start()
    caller.send(caller.request("INVITE", CALLED, call_id="cancelled"))
    invite = callee.receive("INVITE")
    callee.reply(invite, "180 Ringing")
    caller.cancel()
    callee.reply(callee.receive("CANCEL"), "200 OK")
    callee.reply(invite, "487 Request Terminated")
    callee.receive("ACK")
    (*_, end) = wait_for_ends(kamailio.records, "cancelled")
    assert end["cause"] == "cancelled"


def test_both_are_asked_while_there_is_a_call_and_not_after_it(
    start: Start, networks: Networks, caller: RawParty, callee: RawCallee
) -> None:
    kamailio = start(NAT_KEEPALIVE_S=1)
    call = connect(caller, callee, "kept")
    for _ in range(2):
        assert caller.receives("OPTIONS")
        callee.reply(callee.receive("OPTIONS"), "200 OK")
    call.hang_up()
    take_bye(callee, call)
    wait_for_ends(kamailio.records, "kept")
    with networks.node.entered():
        left = asyncio.run(KamailioRpc(kamailio.rpc_socket).ask("htable.dump", "nated"))
    assert left == []


def test_who_is_asked_whether_the_call_is_there_is_who_is_behind_the_nat(
    start: Start, caller: RawParty, callee: RawCallee
) -> None:
    """40 s: Kamailio asks no more often than every 30 s."""
    kamailio = start(CALL_KEEPALIVE_S=30, CALL_KEEPALIVE_FAILURES=1, NAT_KEEPALIVE_S=3600)
    call = connect(caller, callee, "asked")
    asked = callee.receive("OPTIONS", timeout_s=60)
    while header_of(asked, "Call-ID") != call.call_id:
        asked = callee.receive("OPTIONS", timeout_s=60)
    assert asked.startswith(f"OPTIONS sip:callee@{CALLEE}:5060 SIP/2.0\r\n".encode())
    callee.reply(asked, "481 Call Does Not Exist")
    assert caller.receives("OPTIONS", call.call_id)
    # Both get a BYE, there as well.
    bye = callee.receive("BYE")
    assert bye.startswith(f"BYE sip:callee@{CALLEE}:5060 SIP/2.0\r\n".encode())
    callee.reply(bye, "200 OK")
    assert caller.receives("BYE")
    assert wait_for_ends(kamailio.records, call.call_id)[-1]["cause"] == "unreachable"


def test_a_call_over_tcp_comes_back_by_its_connection(
    start: Start, networks: Networks, parties: ExitStack, callee: RawCallee
) -> None:
    kamailio = start(NAT_KEEPALIVE_S=1)
    with networks.home.entered():
        caller = parties.enter_context(RawTcpParty(CALLER, kamailio.socket))
    call = connect(caller, callee, "by-tcp")
    marked = rf"<sip:raw@{CALLER}:{caller.port};alias={CALLER_NAT}~2\d\d\d\d~2>"
    assert re.fullmatch(marked, header_of(call.invite, "Contact"))
    assert caller.receives("OPTIONS")
    callee.hang_up(call.invite)
    assert caller.receives("BYE")
    assert wait_for_ends(kamailio.records, "by-tcp")[-1]["cause"] == "bye_callee"


def test_without_nat_nobody_is_marked(start: Start, caller: RawParty, callee: RawCallee) -> None:
    start("#!define WITHOUT_NAT")
    caller.send(caller.request("INVITE", CALLED))
    invite = callee.receive("INVITE")
    assert header_of(invite, "Contact") == f"<sip:raw@{CALLER}:{caller.port}>"
    callee.reply(invite, "486 Busy Here")
    assert caller.final() == "SIP/2.0 486 Busy Here"


def test_who_is_to_be_reached_elsewhere_is_not_marked(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """A Contact of another address is no sign of a NAT by itself: both have nodes of their own."""
    with (
        RawParty(stack.pbx.host, stack.kamailio.socket) as caller,
        RawParty("127.0.0.77", stack.kamailio.socket) as elsewhere,
        RawCallee(stack.alpha.host) as callee,
        RawCallee("127.0.0.78") as there,
    ):
        operator.change("Trunk", acme.alpha, endpoints=[{"host": callee.host, "port": callee.port}])
        operator.wait_published()
        own = f"Contact: <sip:raw@{caller.host}:{caller.port}>".encode()
        other = f"<sip:raw@{elsewhere.host}:{elsewhere.port}>"
        caller.send(caller.request("INVITE", CALLED).replace(own, f"Contact: {other}".encode()))
        invite = callee.receive("INVITE")
        assert header_of(invite, "Contact") == other
        callee.contact = f"<sip:callee@{there.host}:{there.port}>"
        callee.reply(invite, "200 OK")
        answer = caller.final_message()
        assert header_of(answer, "Contact") == callee.contact
        caller.send(caller.within(answer, "ACK"))
        there.receive("ACK")
        callee.hang_up(invite)
        assert elsewhere.receives("BYE")
