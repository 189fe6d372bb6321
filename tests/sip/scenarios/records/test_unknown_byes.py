"""A BYE of a call that this Kamailio has not seen begin: it is the call's end when it is heard, and
not before."""

import asyncio
import json
import time
from functools import partial
from pathlib import Path

import pytest

from pointsman.agent.rpc import KamailioRpc, RpcError
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import Record, read_records, wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import (
    Call,
    Start,
    connect,
    start_with_database,
    take_bye,
    wait_until_kept,
)
from tests.waiting import until_found


def _crash(kamailio: Kamailio) -> None:
    """Killed and started again, in another second than the calls before."""
    time.sleep(1)
    kamailio.kill()
    kamailio.start()


def _send_bye_of_another_dialog(call: Call, callee: RawCallee) -> None:
    bye = call.caller.within(call.answer, "BYE").replace(b";tag=callee", b";tag=another")
    call.caller.send(bye.replace(b"z9hG4bKBYE", b"z9hG4bKanother"))
    callee.reply(callee.receive("BYE"), "481 Call/Transaction Does Not Exist")
    assert call.caller.final() == "SIP/2.0 481 Call/Transaction Does Not Exist"


def _kinds(records: list[Record]) -> list[str]:
    return [record["kind"] for record in records]


@pytest.mark.parametrize("database", [False, True])
def test_a_bye_of_another_dialog_ends_no_call(
    stack: Stack, callee: RawCallee, start: Start, tmp_path: Path, database: bool
) -> None:
    kamailio = start_with_database(start, tmp_path) if database else start()
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"another-{callee.port}")
        wait_until_kept(kamailio, tmp_path, 1)
        _crash(kamailio)
        _send_bye_of_another_dialog(call, callee)
        assert _kinds(read_records(kamailio.records)) == ["start", "answer"]
        call.hang_up()
        take_bye(callee, call)
        records = wait_for_ends(kamailio.records, call.call_id)
    assert _kinds(records) == ["start", "answer", "end"]
    assert (records[-1]["cause"], records[-1]["to_tag"]) == ("bye_caller", "callee")


def test_a_call_that_a_database_keeps_ends_by_its_own_tags_only(
    stack: Stack, callee: RawCallee, start: Start, tmp_path: Path
) -> None:
    """Whatever the far end says to a BYE of other ones."""
    kamailio = start_with_database(start, tmp_path)
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"kept-{callee.port}")
        wait_until_kept(kamailio, tmp_path, 1)
        _crash(kamailio)
        callee.hang_up(call.invite, tag="another")
        assert caller.receives("BYE")
        callee.final()
        assert _kinds(read_records(kamailio.records)) == ["start", "answer"]
        callee.hang_up(call.invite)
        assert caller.receives("BYE")
        records = wait_for_ends(kamailio.records, call.call_id)
    assert _kinds(records) == ["start", "answer", "end"]
    assert (records[-1]["cause"], records[-1]["to_tag"]) == ("bye_callee", "callee")


@pytest.mark.parametrize("says", ["408 Request Timeout", ""])
def test_a_bye_that_nobody_answers_ends_the_call(
    stack: Stack, callee: RawCallee, start: Start, says: str
) -> None:
    kamailio = start(FR_TIMER_MS=1_000)
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"silent-{callee.port}")
        _crash(kamailio)
        call.caller.send(caller.within(call.answer, "BYE", "Reason: Q.850;cause=16"))
        bye = callee.receive("BYE")
        assert _kinds(read_records(kamailio.records)) == ["start", "answer"]
        if says:
            callee.reply(bye, says)
        assert caller.final() == "SIP/2.0 408 Request Timeout"
        records = wait_for_ends(kamailio.records, call.call_id)
    assert _kinds(records) == ["start", "answer", "end"]
    assert (records[-1]["cause"], records[-1]["q850"]) == ("bye_caller", "Q.850;cause=16")


def test_an_end_is_remembered_however_much_was_written_since(
    stack: Stack, callee: RawCallee, start: Start
) -> None:
    """As a busy node writes in the two minutes that it remembers."""
    kamailio = start()
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, f"busy-{callee.port}")
        call.hang_up()
        take_bye(callee, call)
        written = wait_for_ends(kamailio.records, call.call_id)
        others = [json.dumps(each | {"call_id": "other", "x": "x" * 1_000}) for each in written]
        (file,) = kamailio.records.iterdir()
        with file.open("a") as busy:
            busy.write("".join(f"\n{other}\n" for other in others) * 2_000)
        _crash(kamailio)
        asyncio.run(until_found(partial(_is_remembered, kamailio, written[-1])))
        call.caller.send(caller.within(call.answer, "BYE").replace(b"z9hG4bKBYE", b"z9hG4bKagain"))
        take_bye(callee, call)
    records = [r for r in read_records(kamailio.records) if r["call_id"] == call.call_id]
    assert _kinds(records) == ["start", "answer", "end"]


async def _is_remembered(kamailio: Kamailio, end: Record) -> bool:
    name = ";".join(end[key] for key in ("call_id", "from_tag", "started"))
    try:
        await KamailioRpc(kamailio.rpc_socket).ask("htable.get", "ended", name)
    except RpcError:
        return False
    return True
