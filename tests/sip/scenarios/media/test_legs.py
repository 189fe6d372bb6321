"""Each leg of a call has media of its own, one after the other or all at once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import wait_for_ends
from tests.sip.harness.rtp import RtpParty, address_of, talk_both_ways
from tests.sip.harness.rtpengine import RtpEngine
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED


@pytest.fixture
def second(stack: Stack, acme: Acme, operator: Operator, callee: RawCallee) -> Iterator[RawCallee]:
    """Who is called at Beta, beside who is at Alpha."""
    with RawCallee(stack.beta.host) as party:
        operator.change("Trunk", acme.beta, endpoints=[{"host": party.host, "port": party.port}])
        operator.wait_published()
        yield party


@pytest.fixture
def voices(
    caller: RawParty, callee: RawCallee, second: RawCallee, parties: ExitStack
) -> list[RtpParty]:
    """The caller's media, and those of who is called first and second."""
    return [parties.enter_context(RtpParty(party.host)) for party in (caller, callee, second)]


def _talk_and_hang_up(
    caller: RawParty, invite: bytes, voices: tuple[RtpParty, RtpParty], answering: RawCallee
) -> None:
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 200 "), answer
    caller.send(caller.within(answer, "ACK"))
    answering.receive("ACK")
    one, other = voices
    talk_both_ways(one, address_of(invite), other, address_of(answer))
    caller.send(caller.within(answer, "BYE"))
    answering.reply(answering.receive("BYE"), "200 OK", tag="second")
    assert caller.final() == "SIP/2.0 200 OK"


def test_the_leg_that_is_tried_next_has_media(
    *,
    kamailio: Kamailio,
    rtpengine: RtpEngine,
    caller: RawParty,
    callee: RawCallee,
    second: RawCallee,
    voices: list[RtpParty],
) -> None:
    one, other, another = voices
    caller.send(caller.request("INVITE", CALLED, call_id="next", body=one.sdp()))
    first = callee.receive("INVITE")
    callee.reply(first, "183 Session Progress", body=other.sdp())
    callee.reply(first, "503 Service Unavailable")
    invite = second.receive("INVITE")
    rtpengine.wait_for_ports(4)
    second.reply(invite, "200 OK", tag="second", body=another.sdp())
    _talk_and_hang_up(caller, invite, (one, another), second)
    assert len(wait_for_ends(kamailio.records, "next")) == 3
    rtpengine.wait_until_free()


def test_legs_that_are_tried_at_once_have_media_of_their_own(
    *,
    kamailio: Kamailio,
    rtpengine: RtpEngine,
    operator: Operator,
    acme: Acme,
    caller: RawParty,
    callee: RawCallee,
    second: RawCallee,
    voices: list[RtpParty],
) -> None:
    operator.change("RoutingGroup", acme.group, mode="PARALLEL")
    operator.wait_published()
    one, other, another = voices
    caller.send(caller.request("INVITE", CALLED, call_id="at-once", body=one.sdp()))
    first, invite = callee.receive("INVITE"), second.receive("INVITE")
    assert address_of(first) != address_of(invite)
    callee.reply(first, "183 Session Progress", body=other.sdp())
    while not caller.any_response().startswith("183 "):
        continue
    second.reply(invite, "200 OK", tag="second", body=another.sdp())
    cancel = callee.receive("CANCEL")
    callee.reply(cancel, "200 OK")
    callee.reply(first, "487 Request Terminated")
    _talk_and_hang_up(caller, invite, (one, another), second)
    assert len(wait_for_ends(kamailio.records, "at-once")) == 3
    rtpengine.wait_until_free()
