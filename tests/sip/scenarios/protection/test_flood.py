"""Who floods is not heard for a while; who is known by its calls may send what it likes."""

import signal
import time

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.protection.conftest import Start

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


def _call_nowhere(kamailio: Kamailio, host: str) -> str:
    with RawParty(host, kamailio.socket) as party:
        party.send(party.request("INVITE", "777"))
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


@pytest.mark.parametrize(
    "agent",
    ["friendly-scanner", "Friendly-SCANNER/1.0", "sipvicious", "sipcli/v1.8", "sip-scan",
     "VaxSIPUserAgent/3.1", "pplsip"],
)  # fmt: skip
def test_a_scanner_gets_no_answer(stack: Stack, agent: str) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        for name in ("User-Agent", "user-agent ", "USER-AGENT:\r\n"):
            request = party.request("OPTIONS", "x", f"{name.rstrip(':')}: {agent}")
            party.send(request.replace(b"OPTIONS sip:x@", b"OPTIONS sip:", 1))
        assert party.is_left_alone(0.3)
        party.send(_options(party))
        assert party.final() == "SIP/2.0 200 OK"


def test_an_honest_name_is_no_scanners(stack: Stack) -> None:
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        for agent in ("Asterisk PBX 20", "FPBX-16(18)", "Cisco-SIPGateway", "Zoiper", "sipXecs"):
            party.send(party.request("INVITE", "777", f"User-Agent: {agent}"))
            assert party.final() == "SIP/2.0 404 Not Found"


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
