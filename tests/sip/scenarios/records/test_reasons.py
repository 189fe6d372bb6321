"""Why a call ended, as its parties say by Reason (RFC 3326): all that they say, in one header or
in several."""

import pytest

from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED, Start, connect

_BUSY = ('SIP;cause=486;text="Busy Here"', 'Q.850;cause=17;text="User \\"A\\" busy"')
_GONE = ("SIP;cause=200", "Q.850;cause=16")
_ELSEWHERE = ('SIP;cause=200;text="Call completed elsewhere"', "Q.850;cause=26")


def _lines(reasons: tuple[str, ...], *, joined: bool) -> list[str]:
    return [f"Reason: {','.join(reasons)}"] if joined else [f"Reason: {each}" for each in reasons]


@pytest.mark.parametrize("joined", [False, True])
def test_a_leg_that_is_refused_and_its_call_have_all_reasons(
    stack: Stack, callee: RawCallee, *, joined: bool
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call_id = f"refused-{caller.port}"
        caller.send(caller.request("INVITE", CALLED, call_id=call_id))
        callee.reply(callee.receive("INVITE"), "486 Busy Here", *_lines(_BUSY, joined=joined))
        assert caller.final() == "SIP/2.0 486 Busy Here"
        _, end = wait_for_ends(stack.kamailio.records, call_id)
    (attempt,) = end["attempts"]
    assert (end["cause"], end["q850"]) == ("failed", ",".join(_BUSY))
    assert attempt["q850"] == ",".join(_BUSY)


@pytest.mark.parametrize("joined", [False, True])
def test_a_call_that_is_hung_up_has_all_reasons_of_the_bye(
    stack: Stack, callee: RawCallee, *, joined: bool
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call = connect(caller, callee, f"reason-{caller.port}")
        callee.hang_up(call.invite, *_lines(_GONE, joined=joined))
        _, _, end = wait_for_ends(stack.kamailio.records, call.call_id)
    assert (end["cause"], end["q850"]) == ("bye_callee", ",".join(_GONE))


def test_so_has_one_that_is_hung_up_after_a_restart(
    stack: Stack, callee: RawCallee, start: Start
) -> None:
    kamailio = start()
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        call = connect(caller, callee, "restarted")
        kamailio.kill()
        kamailio.start()
        callee.hang_up(call.invite, *_lines(_GONE, joined=False))
        assert caller.receives("BYE")
        _, _, end = wait_for_ends(kamailio.records, "restarted")
    assert (end["cause"], end["q850"]) == ("bye_callee", ",".join(_GONE))


def test_a_call_that_is_cancelled_has_the_reasons_of_the_cancel(
    stack: Stack, callee: RawCallee
) -> None:
    """The leg has those of the callee."""
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call_id = f"cancelled-reason-{caller.port}"
        caller.send(caller.request("INVITE", CALLED, call_id=call_id))
        ringing = callee.receive("INVITE")
        callee.reply(ringing, "180 Ringing")
        while caller.provisional() != "SIP/2.0 180 Ringing":
            continue
        caller.cancel(*_lines(_ELSEWHERE, joined=False))
        callee.reply(callee.receive("CANCEL"), "200 OK")
        callee.reply(ringing, "487 Request Terminated", "Reason: Q.850;cause=31")
        assert caller.final() == "SIP/2.0 487 Request Terminated"
        _, end = wait_for_ends(stack.kamailio.records, call_id)
    (attempt,) = end["attempts"]
    assert (end["cause"], end["q850"]) == ("cancelled", ",".join(_ELSEWHERE))
    assert attempt["q850"] == "Q.850;cause=31"


def test_the_callees_reason_is_told_of_a_cancel_that_has_none(
    stack: Stack, callee: RawCallee
) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as caller:
        call_id = f"cancelled-plainly-{caller.port}"
        caller.send(caller.request("INVITE", CALLED, call_id=call_id))
        ringing = callee.receive("INVITE")
        callee.reply(ringing, "180 Ringing")
        while caller.provisional() != "SIP/2.0 180 Ringing":
            continue
        caller.cancel()
        callee.reply(callee.receive("CANCEL"), "200 OK")
        callee.reply(ringing, "487 Request Terminated", "Reason: Q.850;cause=31")
        assert caller.final() == "SIP/2.0 487 Request Terminated"
        _, end = wait_for_ends(stack.kamailio.records, call_id)
    assert (end["cause"], end["q850"]) == ("cancelled", "Q.850;cause=31")
