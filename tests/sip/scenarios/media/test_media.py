"""The media of a call go through RTPEngine, both ways, as long as the call is up and no longer."""

from contextlib import ExitStack
from dataclasses import dataclass

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.records import read_records, wait_for_ends
from tests.sip.harness.rtp import RtpParty, address_of, talk_both_ways
from tests.sip.harness.rtpengine import HOST, RtpEngine
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.records.conftest import CALLED, Call, Start, take_bye

_UNREACHABLE = "192.0.2.77"

Voices = tuple[RtpParty, RtpParty]


@dataclass
class Talk(Call):
    """A call that is up, and where each party was told to send its media."""

    to_caller: tuple[str, int]
    to_callee: tuple[str, int]


def _connect(caller: RawParty, callee: RawCallee, voices: Voices, host: str = "") -> Talk:
    """A call with early offer; each party says that it is at `host`, where that is given."""
    one, other = voices
    caller.send(caller.request("INVITE", CALLED, call_id="talk", body=one.sdp(host=host)))
    invite = callee.receive("INVITE")
    callee.reply(invite, "183 Session Progress", body=other.sdp(host=host))
    callee.reply(invite, "200 OK", body=other.sdp(host=host))
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 200 "), answer
    caller.send(caller.within(answer, "ACK"))
    callee.receive("ACK")
    return Talk(caller, invite, answer, address_of(invite), address_of(answer))


def _assert_through_rtpengine(talk: Talk, voices: Voices) -> None:
    one, other = voices
    for host, port in (talk.to_caller, talk.to_callee):
        assert host == HOST
        assert port not in (one.port, other.port)
    talk_both_ways(one, talk.to_caller, other, talk.to_callee)


def test_media_go_both_ways_until_the_call_ends(
    kamailio: Kamailio, rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    talk = _connect(caller, callee, voices)
    _assert_through_rtpengine(talk, voices)
    assert len(rtpengine.calls()) == 1
    rtpengine.wait_for_ports(4)
    talk.hang_up()
    take_bye(callee, talk)
    records = wait_for_ends(kamailio.records, "talk")
    assert [record["kind"] for record in records] == ["start", "answer", "end"]
    rtpengine.wait_until_free()


def test_who_sends_from_elsewhere_than_it_says_is_heard(
    rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    """As behind a NAT: RTPEngine learns where the packets come from."""
    talk = _connect(caller, callee, voices, _UNREACHABLE)
    one, other = voices
    # Both have to be heard once before anything can be sent to them.
    one.talk(talk.to_callee, b"here")
    other.talk(talk.to_caller, b"here")
    _assert_through_rtpengine(talk, voices)
    callee.hang_up(talk.invite)
    assert caller.receives("BYE")
    rtpengine.wait_until_free()


def test_a_reinvite_of_either_moves_the_media(
    rtpengine: RtpEngine,
    caller: RawParty,
    callee: RawCallee,
    voices: Voices,
    parties: ExitStack,
) -> None:
    talk = _connect(caller, callee, voices)
    _, other = voices
    moved = parties.enter_context(RtpParty(caller.host))
    caller.send(caller.within(talk.answer, "INVITE", body=moved.sdp(version=2)))
    again = callee.receive("INVITE")
    callee.reply(again, "200 OK", body=other.sdp(version=2))
    answer = caller.final_message()
    caller.send(caller.within(answer, "ACK"))
    talk.to_caller, talk.to_callee = address_of(again), address_of(answer)
    _assert_through_rtpengine(talk, (moved, other))

    moved_too = parties.enter_context(RtpParty(callee.host))
    callee.send_within(talk.invite, "INVITE", body=moved_too.sdp(version=3))
    again = caller.answers("INVITE", body=moved.sdp(version=3))
    answer = callee.final()
    callee.send_within(talk.invite, "ACK")
    talk.to_caller, talk.to_callee = address_of(answer), address_of(again)
    _assert_through_rtpengine(talk, (moved, moved_too))
    assert len(rtpengine.calls()) == 1
    callee.hang_up(talk.invite)
    assert caller.receives("BYE")
    rtpengine.wait_until_free()


def test_a_callee_may_make_the_offer(
    rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    """The INVITE describes nothing, the 200 offers and the ACK answers."""
    one, other = voices
    caller.send(caller.request("INVITE", CALLED))
    invite = callee.receive("INVITE")
    callee.reply(invite, "200 OK", body=other.sdp())
    answer = caller.final_message()
    caller.send(caller.within(answer, "ACK", body=one.sdp()))
    ack = callee.receive("ACK")
    talk = Talk(caller, invite, answer, address_of(ack), address_of(answer))
    _assert_through_rtpengine(talk, voices)
    talk.hang_up()
    take_bye(callee, talk)
    rtpengine.wait_until_free()


def test_a_call_that_is_not_answered_leaves_no_port(
    rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    one, other = voices
    caller.send(caller.request("INVITE", CALLED, body=one.sdp()))
    invite = callee.receive("INVITE")
    callee.reply(invite, "183 Session Progress", body=other.sdp())
    while not caller.any_response().startswith("183 "):
        continue
    rtpengine.wait_for_ports(4)
    caller.cancel()
    callee.reply(callee.receive("CANCEL"), "200 OK")
    callee.reply(invite, "487 Request Terminated")
    rtpengine.wait_until_free()

    caller.send(caller.request("INVITE", CALLED, body=one.sdp()))
    callee.reply(callee.receive("INVITE"), "486 Busy Here")
    assert caller.final() == "SIP/2.0 486 Busy Here"
    rtpengine.wait_until_free()


def test_without_an_rtpengine_a_call_is_refused(
    kamailio: Kamailio, rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    rtpengine.stop()
    caller.send(caller.request("INVITE", CALLED, call_id="none", body=voices[0].sdp()))
    answer = caller.final_message()
    assert answer.startswith(b"SIP/2.0 503 No Media\r\n")
    assert header_of(answer, "Retry-After") == "2"
    (*_, end) = wait_for_ends(kamailio.records, "none")
    assert (end["cause"], end["sip_code"], end["sip_reason"]) == ("failed", 503, "No Media")
    assert [record["kind"] for record in read_records(kamailio.records)] == ["start", "end"]


def test_with_media_bypass_a_call_goes_on_without_an_rtpengine(
    start: Start, rtpengine: RtpEngine, stack: Stack, callee: RawCallee, parties: ExitStack
) -> None:
    kamailio = start(
        "#!define WITH_RTPENGINE",
        "#!define WITH_MEDIA_BYPASS",
        RTPENGINE_SOCKETS=f'"{rtpengine.socket}"',
    )
    rtpengine.stop()
    caller = parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))
    one = parties.enter_context(RtpParty(caller.host))
    other = parties.enter_context(RtpParty(callee.host))
    talk = _connect(caller, callee, (one, other))
    assert (talk.to_caller, talk.to_callee) == ((one.host, one.port), (other.host, other.port))
    talk.hang_up()
    take_bye(callee, talk)
    wait_for_ends(kamailio.records, "talk")


def test_a_call_that_was_up_when_kamailio_was_killed_leaves_no_port(
    kamailio: Kamailio, rtpengine: RtpEngine, caller: RawParty, callee: RawCallee, voices: Voices
) -> None:
    talk = _connect(caller, callee, voices)
    kamailio.kill()
    kamailio.start()
    _assert_through_rtpengine(talk, voices)
    talk.hang_up()
    take_bye(callee, talk)
    rtpengine.wait_until_free()


def test_a_call_whose_time_is_up_leaves_no_port(
    start: Start, rtpengine: RtpEngine, stack: Stack, callee: RawCallee, parties: ExitStack
) -> None:
    kamailio = start(
        "#!define WITH_RTPENGINE", RTPENGINE_SOCKETS=f'"{rtpengine.socket}"', MAX_CALL_S=3
    )
    caller = parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))
    one = parties.enter_context(RtpParty(caller.host))
    other = parties.enter_context(RtpParty(callee.host))
    _connect(caller, callee, (one, other))
    callee.reply(callee.receive("BYE"), "200 OK")
    assert caller.receives("BYE")
    rtpengine.wait_until_free()
