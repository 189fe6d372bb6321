"""Neither party of a call learns where the other is, whatever they send; records know both."""

from collections.abc import Callable

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import wait_for_ends
from tests.sip.scenarios.records.conftest import CALLED, Call, take_bye

_CALL_ID = "hidden@127.0.0.10"

AssertHidden = Callable[[str], None]


def _connect(caller: RawParty, callee: RawCallee) -> Call:
    # As if it had come through a proxy of the caller's.
    behind = "Via: SIP/2.0/UDP 127.0.0.10:5999;branch=z9hG4bKbehind"
    caller.send(caller.request("INVITE", CALLED, behind, call_id=_CALL_ID))
    invite = callee.receive("INVITE")
    callee.reply(invite, "180 Ringing")
    callee.reply(invite, "200 OK")
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 200 "), answer
    assert header_of(answer, "Call-ID") == _CALL_ID
    caller.send(caller.within(answer, "ACK"))
    callee.receive("ACK")
    return Call(caller, invite, answer)


@pytest.mark.parametrize("by", ["caller", "callee"])
def test_neither_learns_where_the_other_is(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee, assert_hidden: AssertHidden, by: str
) -> None:
    call = _connect(caller, callee)
    caller.send(caller.within(call.answer, "INVITE"))
    callee.reply(callee.receive("INVITE"), "200 OK")
    again = caller.final_message()
    caller.send(caller.within(again, "ACK"))
    callee.receive("ACK")
    callee.send_within(call.invite, "INVITE")
    assert caller.receives("INVITE")
    assert callee.final().startswith(b"SIP/2.0 200 ")
    callee.send_within(call.invite, "ACK")
    if by == "caller":
        caller.send(caller.within(again, "BYE"))
        callee.reply(callee.receive("BYE"), "200 OK")
        assert caller.final() == "SIP/2.0 200 OK"
    else:
        callee.hang_up(call.invite)
        assert caller.receives("BYE")
        assert callee.final().startswith(b"SIP/2.0 200 ")
    assert_hidden(_CALL_ID)
    records = wait_for_ends(kamailio.records, _CALL_ID)
    assert [record["kind"] for record in records] == ["start", "answer", "end"]
    assert records[-1]["cause"] == f"bye_{by}"


def test_a_cancelled_call_is_hidden(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee, assert_hidden: AssertHidden
) -> None:
    caller.send(caller.request("INVITE", CALLED, call_id=_CALL_ID))
    invite = callee.receive("INVITE")
    callee.reply(invite, "180 Ringing")
    caller.cancel()
    cancel = callee.receive("CANCEL")
    assert header_of(cancel, "Call-ID") == header_of(invite, "Call-ID")
    callee.reply(cancel, "200 OK")
    callee.reply(invite, "487 Request Terminated")
    ack = callee.receive("ACK")
    assert header_of(ack, "Call-ID") == header_of(invite, "Call-ID")
    finals = {caller.any_final(), caller.any_final()}
    assert finals == {"200 canceling", "487 Request Terminated"}
    assert wait_for_ends(kamailio.records, _CALL_ID)[-1]["cause"] == "cancelled"
    assert_hidden(_CALL_ID)


def test_a_refused_call_is_hidden(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee, assert_hidden: AssertHidden
) -> None:
    caller.send(caller.request("INVITE", CALLED, call_id=_CALL_ID))
    callee.reply(callee.receive("INVITE"), "486 Busy Here")
    assert caller.final() == "SIP/2.0 486 Busy Here"
    assert wait_for_ends(kamailio.records, _CALL_ID)[-1]["sip_code"] == 486
    assert_hidden(_CALL_ID)


def test_a_call_outlives_a_kill(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee, assert_hidden: AssertHidden
) -> None:
    call = _connect(caller, callee)
    kamailio.kill()
    kamailio.start()
    call.hang_up()
    take_bye(callee, call)
    assert_hidden(_CALL_ID)
    records = wait_for_ends(kamailio.records, _CALL_ID)
    assert [record["kind"] for record in records] == ["start", "answer", "end"]


def test_what_kamailio_itself_sends_is_hidden(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee, assert_hidden: AssertHidden
) -> None:
    """40 s: Kamailio asks no more often than every 30 s."""
    call = _connect(caller, callee)
    known = header_of(call.invite, "Call-ID")
    asked = callee.receive("OPTIONS", timeout_s=60)
    assert header_of(asked, "Call-ID") == known
    callee.reply(asked, "481 Call Does Not Exist")
    assert caller.receives("OPTIONS", _CALL_ID)
    bye = callee.receive("BYE")
    assert header_of(bye, "Call-ID") == known
    callee.reply(bye, "200 OK")
    assert caller.receives("BYE", _CALL_ID)
    assert_hidden(_CALL_ID)
    assert wait_for_ends(kamailio.records, _CALL_ID)[-1]["cause"] == "unreachable"


def test_nobody_has_the_mask_left_out(
    kamailio: Kamailio, caller: RawParty, callee: RawCallee
) -> None:
    caller.send(caller.request("INVITE", CALLED, "TH: xx"))
    assert caller.final() == "SIP/2.0 400 Bad TH"
    assert callee.heard == []
