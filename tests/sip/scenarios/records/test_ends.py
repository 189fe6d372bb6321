"""However a call ends, it has one end on record."""

import asyncio
import signal
import time

import pytest

from pointsman.agent.rpc import KamailioRpc
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import Record, wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED, Start, connect, take_bye

_RACES = 20


def _count(records: list[Record]) -> dict[str, int]:
    kinds = [record["kind"] for record in records]
    return {kind: kinds.count(kind) for kind in set(kinds)}


# The router answers after 300 ms.
@pytest.mark.parametrize("cancelled_after_ms", [0, 50, 200, 450])
def test_a_call_that_is_cancelled_ends_once(
    stack: Stack, callee: RawCallee, cancelled_after_ms: int
) -> None:
    call_id = f"cancelled-{cancelled_after_ms}-{callee.port}"
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        stack.router.signal(signal.SIGSTOP)
        try:
            caller.send(caller.request("INVITE", CALLED, call_id=call_id))
            # Before it no CANCEL may be sent (RFC 3261 section 9.1).
            caller.provisional()
            time.sleep(min(cancelled_after_ms, 300) / 1000)
            if cancelled_after_ms < 300:
                caller.cancel()
                assert caller.final().startswith("SIP/2.0 487 ")
        finally:
            stack.router.signal(signal.SIGCONT)
        if cancelled_after_ms > 300:
            ringing = callee.receive("INVITE")
            callee.reply(ringing, "180 Ringing")
            caller.cancel()
            callee.reply(callee.receive("CANCEL"), "200 OK")
            callee.reply(ringing, "487 Request Terminated")
            assert caller.final().startswith("SIP/2.0 487 ")
        records = wait_for_ends(stack.kamailio.records, call_id)
    assert _count(records) == ({"start": 1, "end": 1} if cancelled_after_ms > 300 else {"end": 1})
    assert (records[-1]["cause"], records[-1]["sip_code"]) == ("cancelled", 487)


def test_an_answer_that_meets_a_cancel_leaves_one_end(stack: Stack, callee: RawCallee) -> None:
    for number in range(_RACES):
        call_id = f"race-{number}-{callee.port}"
        with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
            caller.send(caller.request("INVITE", CALLED, call_id=call_id))
            ringing = callee.receive("INVITE")
            callee.reply(ringing, "180 Ringing")
            caller.cancel()
            callee.reply(ringing, "200 OK")
            answer = caller.final_message()
            if answer.startswith(b"SIP/2.0 200 "):
                caller.send(caller.within(answer, "ACK"))
                caller.send(caller.within(answer, "BYE"))
                callee.reply(callee.receive("BYE"), "200 OK")
                caller.final()
            kinds = _count(wait_for_ends(stack.kamailio.records, call_id))
        assert kinds in ({"start": 1, "end": 1}, {"start": 1, "answer": 1, "end": 1})


def test_parties_that_hang_up_at_once_end_a_call_once(stack: Stack, callee: RawCallee) -> None:
    calls = []
    for number in range(_RACES):
        with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
            call = connect(caller, callee, f"glare-{number}-{callee.port}")
            calls.append(call.call_id)
            callee.hang_up(call.invite)
            call.hang_up()
            callee.hang_up(call.invite)
            callee.reply(callee.receive("BYE"), "200 OK")
            assert caller.final() == "SIP/2.0 200 OK"
    records = wait_for_ends(stack.kamailio.records, *calls)
    assert _count(records) == {"start": _RACES, "answer": _RACES, "end": _RACES}
    assert {record["cause"] for record in records if record["kind"] == "end"} <= {
        "bye_caller",
        "bye_callee",
    }


def test_a_call_that_lasts_too_long_is_hung_up_on_both_sides(
    callee: RawCallee, stack: Stack, start: Start
) -> None:
    kamailio = start(MAX_CALL_S=2)
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"long-{callee.port}")
        bye = callee.receive("BYE")
        callee.reply(bye, "200 OK")
        # The caller hangs up at the same time.
        call.hang_up()
        callee.reply(callee.receive("BYE"), "200 OK")
        assert caller.receives("BYE")
        records = wait_for_ends(kamailio.records, call.call_id)
    assert _count(records) == {"start": 1, "answer": 1, "end": 1}
    # Whose BYE it is that ends it is a matter of which process comes first.
    assert records[-1]["cause"] in {"expired", "bye_caller"}


def test_a_callee_is_told_no_more_of_the_caller_when_a_call_is_ended(
    callee: RawCallee, stack: Stack, start: Start
) -> None:
    kamailio = start(MAX_CALL_S=1)
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"private-{callee.port}")
        bye = callee.receive("BYE")
        callee.reply(bye, "200 OK")
        assert caller.receives("BYE")
    assert [_uri(bye, name) for name in ("From", "To")] == [
        _uri(call.invite, name) for name in ("From", "To")
    ]


def _uri(message: bytes, name: str) -> str:
    return header_of(message, name).partition("<")[2].partition(">")[0]


def test_a_stranger_ends_no_call(stack: Stack, callee: RawCallee) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call = connect(caller, callee, f"stranger-{callee.port}")
        with RawParty(stack.stranger.host, stack.kamailio.socket) as stranger:
            bye = stranger.within(call.answer, "BYE").replace(b";ps=", b";ps=0")
            stranger.send(bye)
            assert stranger.final().startswith("SIP/2.0 481 ")
        call.hang_up()
        take_bye(callee, call)
        records = wait_for_ends(stack.kamailio.records, call.call_id)
    assert _count(records) == {"start": 1, "answer": 1, "end": 1}
    assert records[-1]["cause"] == "bye_caller"


def test_a_party_that_is_gone_ends_a_call_and_one_that_is_there_does_not(
    callee: RawCallee, stack: Stack, start: Start
) -> None:
    """40 s: Kamailio asks no more often than every 30 s, and waits for 10 s more."""
    kamailio = start(CALL_KEEPALIVE_S=30, CALL_KEEPALIVE_FAILURES=1)
    with (
        RawParty(stack.pbx.host, kamailio.socket) as left,
        RawParty(stack.pbx.host, kamailio.socket) as stays,
    ):
        gone = connect(left, callee, f"gone-{callee.port}", tag="gone")
        there = connect(stays, callee, f"there-{callee.port}", tag="there")
        for _ in range(2):
            asked = callee.receive("OPTIONS", timeout_s=60)
            known = b"Call-ID: " + there.call_id.encode() in asked
            callee.reply(asked, "200 OK" if known else "481 Call Does Not Exist")
        assert stays.receives("OPTIONS")
        callee.reply(callee.receive("BYE"), "200 OK")
        assert left.receives("BYE")
        (end,) = [
            record
            for record in wait_for_ends(kamailio.records, gone.call_id)
            if record["kind"] == "end"
        ]
        assert end["cause"] == "unreachable"
        there.hang_up()
        take_bye(callee, there)
        assert wait_for_ends(kamailio.records, there.call_id)[-1]["cause"] == "bye_caller"


def test_a_callee_is_told_no_more_of_the_caller_when_an_operator_ends_a_call(
    callee: RawCallee, stack: Stack
) -> None:
    """By the dialog module's own BYEs (`kamcmd dlg.end_dlg`)."""
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call = connect(caller, callee, f"ended-{callee.port}")
        rpc = KamailioRpc(stack.kamailio.rpc_socket)
        (dialog,) = [
            each for each in asyncio.run(rpc.ask("dlg.list")) if each["call-id"] == call.call_id
        ]
        asyncio.run(rpc.ask("dlg.end_dlg", dialog["h_entry"], dialog["h_id"]))
        bye = callee.receive("BYE")
        callee.reply(bye, "200 OK")
        assert caller.receives("BYE")
        records = wait_for_ends(stack.kamailio.records, call.call_id)
    assert [_uri(bye, name) for name in ("From", "To")] == [
        _uri(call.invite, name) for name in ("From", "To")
    ]
    assert header_of(bye, "From").endswith(header_of(call.invite, "From").partition(">")[2])
    assert header_of(bye, "To").endswith(">;tag=callee")
    assert (bye.count(b"\r\nFrom:"), bye.count(b"\r\nTo:")) == (1, 1)
    assert _count(records) == {"start": 1, "answer": 1, "end": 1}
    assert records[-1]["cause"] == "ended"
