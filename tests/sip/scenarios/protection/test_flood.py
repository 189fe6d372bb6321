"""Who floods is not heard for a while; who is known by its calls may send what it likes."""

import signal
import time

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.raw_callee import RawCallee
from tests.sip.harness.small_router import SmallRouter, document, response, says
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.protection.conftest import Start
from tests.sip.scenarios.routers.answers import hangs

pytestmark = pytest.mark.usefixtures("acme")

_FEW = 5
_MANY = 100
_STRANGER = "127.0.0.99"


def _flood(kamailio: Kamailio, host: str) -> None:
    """More requests than a stranger may send, each of which could have been answered."""
    with RawParty(host, kamailio.socket) as party:
        for _ in range(_MANY):
            party.send(_options(party))
        kamailio.wait_until_ready()


def _options(party: RawParty) -> bytes:
    request = party.request("OPTIONS", "x")
    return request.replace(b"OPTIONS sip:x@", b"OPTIONS sip:", 1)


def _is_heard(kamailio: Kamailio, host: str) -> bool:
    with RawParty(host, kamailio.socket) as party:
        party.send(_options(party))
        kamailio.wait_until_ready()
        return not party.is_left_alone(0.05)


def _call_nowhere(kamailio: Kamailio, host: str, **parts: str) -> str:
    with RawParty(host, kamailio.socket) as party:
        party.send(party.request("INVITE", "777", **parts))
        return party.final()


def test_a_flood_is_not_heard_and_everybody_else_is(stack: Stack, start: Start) -> None:
    kamailio = start(FLOOD_REQUESTS=_FEW)
    assert _is_heard(kamailio, _STRANGER)
    _flood(kamailio, _STRANGER)
    assert not _is_heard(kamailio, _STRANGER)
    assert _is_heard(kamailio, "127.0.0.98")
    assert _call_nowhere(kamailio, stack.pbx.host) == "SIP/2.0 404 Not Found"
    assert kamailio.log.read_text().count(f"{_STRANGER} is banned") == 1


def test_a_ban_ends(start: Start) -> None:
    kamailio = start(FLOOD_REQUESTS=_FEW, FLOOD_S=1, BAN_S=1)
    _flood(kamailio, _STRANGER)
    deadline = time.monotonic() + 20
    while not _is_heard(kamailio, _STRANGER):
        assert time.monotonic() < deadline, "it never ends"
        time.sleep(0.1)


def test_a_trunk_is_known_by_its_first_call(stack: Stack, start: Start) -> None:
    kamailio = start(FLOOD_REQUESTS=_FEW)
    assert _call_nowhere(kamailio, stack.pbx.host) == "SIP/2.0 404 Not Found"
    for _ in range(3):
        _flood(kamailio, stack.pbx.host)
    assert _is_heard(kamailio, stack.pbx.host)


def test_a_stranger_is_not_known_by_a_call_that_is_refused(stack: Stack, start: Start) -> None:
    kamailio = start(FLOOD_REQUESTS=_FEW)
    assert _call_nowhere(kamailio, stack.stranger.host) == "SIP/2.0 403 Forbidden"
    _flood(kamailio, stack.stranger.host)
    assert not _is_heard(kamailio, stack.stranger.host)


def test_a_stranger_is_not_known_by_a_call_that_cannot_be_read(stack: Stack, start: Start) -> None:
    """It is refused before anybody asks whose it is."""
    kamailio = start(FLOOD_REQUESTS=_FEW)
    unreadable = "<sip:%ff@acme.example>;tag=1"
    said = _call_nowhere(kamailio, stack.stranger.host, from_=unreadable)
    assert said == "SIP/2.0 400 Bad Request"
    _flood(kamailio, stack.stranger.host)
    assert not _is_heard(kamailio, stack.stranger.host)


def test_a_callee_is_known_by_what_it_sends_within_a_call(stack: Stack, start: Start) -> None:
    """A carrier that only takes calls hangs up hundreds of them a second."""
    kamailio = start(FLOOD_REQUESTS=_FEW)
    stack.alpha.answer("callee_hangs_up")
    stack.pbx.call("caller_is_hung_up_on", kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()
    _flood(kamailio, stack.alpha.host)
    assert _is_heard(kamailio, stack.alpha.host)


def test_networks_can_be_exempt(start: Start) -> None:
    kamailio = start(FLOOD_REQUESTS=_FEW, EXEMPT_SOURCES='"127.0.0.1,127.0.0.96/28"')
    _flood(kamailio, _STRANGER)
    assert _is_heard(kamailio, _STRANGER)
    _flood(kamailio, "127.0.0.112")
    assert not _is_heard(kamailio, "127.0.0.112")


def test_nobody_is_banned_while_no_router_answers(stack: Stack, start: Start) -> None:
    """Then a carrier cannot become known, and what it sends is no flood."""
    kamailio = start(FLOOD_REQUESTS=_FEW, ROUTER_TIMEOUT_MS=100)
    stack.router.signal(signal.SIGSTOP)
    try:
        unanswered = _call_nowhere(kamailio, stack.pbx.host)
        _flood(kamailio, stack.pbx.host)
    finally:
        stack.router.signal(signal.SIGCONT)
    assert unanswered == "SIP/2.0 503 Service Unavailable"
    assert _is_heard(kamailio, stack.pbx.host)


def test_a_flood_is_one_though_the_router_has_too_many_questions(start: Start) -> None:
    """It may be that very flood which they come from."""
    router = SmallRouter(says(response(b'{"code":"OVERLOADED"}', "503 Service Unavailable")))
    kamailio = start(FLOOD_REQUESTS=_FEW, ROUTER_URLS=f'"{router.url}"')
    assert _call_nowhere(kamailio, _STRANGER) == "SIP/2.0 503 Service Unavailable"
    _flood(kamailio, _STRANGER)
    assert not _is_heard(kamailio, _STRANGER)


def test_a_flood_is_one_though_a_router_has_been_late(start: Start) -> None:
    """As long as there is another one that answers."""
    late = SmallRouter(hangs)
    well = SmallRouter(says(response(document(404, "Not Found"))))
    kamailio = start(
        FLOOD_REQUESTS=_FEW, ROUTER_URLS=f'"{late.url} {well.url}"', ROUTER_FAILURES=100,
        # No time is left for the other one.
        ROUTER_TIMEOUT_MS=200, ROUTER_BUDGET_MS=200,
    )  # fmt: skip
    assert _call_nowhere(kamailio, _STRANGER) == "SIP/2.0 503 Service Unavailable"
    _flood(kamailio, _STRANGER)
    assert not _is_heard(kamailio, _STRANGER)


_SCANNERS = (
    "friendly-scanner", "Friendly-SCANNER/1.0", "friendly-request", "sipvicious", "sipcli/v1.8",
    "sip-scan", "sipscanner", "VaxSIPUserAgent/3.1", "VaxIPUserAgent/3.0", "sundayddr", "iWar",
    "SIVuS_VoIP_Security_Scanner", "siparmyknife", "smap 0.6.0", "gulp", "pplsip", "sipptk",
    "Nmap/7.94", "Mozilla/5.0 zgrab/0.x", "masscan/1.3",
)  # fmt: skip


@pytest.mark.parametrize("agent", _SCANNERS)
def test_a_scanner_gets_no_answer(stack: Stack, agent: str) -> None:
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
        for name in ("User-Agent", "user-agent ", "USER-AGENT:\r\n"):
            request = party.request("OPTIONS", "x", f"{name.rstrip(':')}: {agent}")
            party.send(request.replace(b"OPTIONS sip:x@", b"OPTIONS sip:", 1))
        assert party.is_left_alone(0.3)
        party.send(_options(party))
        assert party.final() == "SIP/2.0 200 OK"


_HONEST = (
    "Asterisk PBX 20", "FPBX-16(18)", "Cisco-SIPGateway", "Zoiper", "sipXecs",
    # With a scanner's name in it.
    "Acme SIPClient/2.1", "Hiware 7", "MassMap/1", "Gulper", "Passivus", "snmapd/2", "SIPScanline",
    "Appplsips", "upzgrabber",
)  # fmt: skip


def test_an_honest_name_is_no_scanners(stack: Stack) -> None:
    with RawParty(_STRANGER, stack.kamailio.socket) as party:
        for agent in _HONEST:
            request = party.request("OPTIONS", "x", f"User-Agent: {agent}")
            party.send(request.replace(b"OPTIONS sip:x@", b"OPTIONS sip:", 1))
            assert party.final() == "SIP/2.0 200 OK", agent


def test_who_is_known_may_name_itself_as_it_likes(stack: Stack, start: Start) -> None:
    kamailio = start()
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        party.send(party.request("INVITE", "777", "User-Agent: sipcli/v1.8"))
        assert party.is_left_alone(0.3)
        party.send(party.request("INVITE", "777"))
        assert party.final() == "SIP/2.0 404 Not Found"
        party.send(party.request("INVITE", "777", "User-Agent: sipcli/v1.8"))
        assert party.final() == "SIP/2.0 404 Not Found"


def test_so_may_who_is_within_a_call(stack: Stack, start: Start) -> None:
    kamailio = start()
    with (
        RawParty(stack.pbx.host, kamailio.socket) as caller,
        RawCallee(stack.alpha.host, stack.alpha.port) as callee,
    ):
        caller.send(caller.request("INVITE", "+390612345678"))
        invite = callee.receive("INVITE")
        callee.reply(invite, "200 OK")
        caller.send(caller.within(caller.final_message(), "ACK"))
        callee.receive("ACK")
        callee.hang_up(invite, "User-Agent: sipcli/v1.8")
        assert caller.receives("BYE")


def test_one_source_has_a_limit_and_the_others_do_not_feel_it(stack: Stack, start: Start) -> None:
    kamailio = start(MAX_CALLS_PER_S_PER_SOURCE=1)
    called = [_call_nowhere(kamailio, stack.pbx.host) for _ in range(20)]
    assert set(called) == {"SIP/2.0 404 Not Found", "SIP/2.0 503 Service Unavailable"}
    # That a second begins in between makes no difference to one that calls once.
    assert _call_nowhere(kamailio, stack.alpha.host) == "SIP/2.0 404 Not Found"
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        for _ in range(5):
            party.send(party.request("INVITE", "112"))
            assert party.final() != "SIP/2.0 503 Service Unavailable"


def test_an_exempt_source_has_no_limit(stack: Stack, start: Start) -> None:
    kamailio = start(MAX_CALLS_PER_S_PER_SOURCE=1, EXEMPT_SOURCES=f'"{stack.pbx.host}"')
    called = [_call_nowhere(kamailio, stack.pbx.host) for _ in range(10)]
    assert called == ["SIP/2.0 404 Not Found"] * 10
