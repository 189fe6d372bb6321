"""When more calls come than may be asked for, what is too much is sent away at once, by a 503 with
Retry-After, and nothing else is."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import KAMAILIO_HOST, Stack

pytestmark = pytest.mark.usefixtures("acme")

_MAX_IN_FLIGHT = 4
_SENT_AWAY = "SIP/2.0 503 Service Unavailable"
_NOWHERE = "777"
_ITS_ANSWER = "SIP/2.0 404 Not Found"

Start = Callable[..., Kamailio]


@pytest.fixture
def start(stack: Stack) -> Iterator[Start]:
    """Starts another Kamailio with settings of a test's own. It has one worker, so that what is
    sent after something is seen after it, and a router's timeout that no test waits for."""
    directory = Path(tempfile.mkdtemp(prefix="pointsman-overload-"))
    kamailio = Kamailio(directory, KAMAILIO_HOST, free_udp_port(KAMAILIO_HOST))

    def start(**settings: int) -> Kamailio:
        given = {"ROUTER_TIMEOUT_MS": 4_000, "MAX_IN_FLIGHT": _MAX_IN_FLIGHT} | settings
        lines = [f"#!define {name} {value}" for name, value in given.items()]
        kamailio.configure(f"{stack.router.url}/kamailio/rtjson", stack.node_token, *lines)
        local = directory / "kamailio-local.cfg"
        local.write_text(local.read_text().replace("SIP_WORKERS 2", "SIP_WORKERS 1"))
        kamailio.start()
        return kamailio

    yield start
    kamailio.stop()
    shutil.rmtree(directory)


@contextmanager
def _hanging(stack: Stack) -> Iterator[None]:
    stack.router.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        stack.router.signal(signal.SIGCONT)


@contextmanager
def _all_places_taken(stack: Stack, kamailio: Kamailio) -> Iterator[list[RawParty]]:
    """Parties whose calls wait for a router that hangs, as many as may."""
    with ExitStack() as parties:
        waiting = []
        for number in range(_MAX_IN_FLIGHT):
            party = parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))
            party.send(party.request("INVITE", _NOWHERE, call_id=f"waits-{number}-{party.port}"))
            waiting.append(party)
        yield waiting


def _decisions(stack: Stack) -> float:
    lines = httpx.get(f"{stack.router.url}/metrics").text.splitlines()
    counts = [line for line in lines if line.startswith("pointsman_decisions_total{")]
    return sum(float(line.split()[-1]) for line in counts)


def _call(stack: Stack, kamailio: Kamailio, called: str = _NOWHERE) -> bytes:
    """The final response to a call, whose ACK is left alone."""
    with RawParty(stack.pbx.host, kamailio.socket) as party:
        party.send(party.request("INVITE", called))
        final = party.final_message()
        assert party.is_left_alone(0.1)
        return final


def _start_line(message: bytes) -> str:
    return message.split(b"\r\n")[0].decode()


def test_a_router_that_hangs_is_asked_no_more_than_is_allowed(stack: Stack, start: Start) -> None:
    kamailio = start()
    before = _decisions(stack)
    with _hanging(stack), _all_places_taken(stack, kamailio) as waiting:
        for _ in range(20):
            refused = _call(stack, kamailio)
            assert _start_line(refused) == _SENT_AWAY
            assert header_of(refused, "Retry-After") == "2"
        stack.router.signal(signal.SIGCONT)
        assert [party.final() for party in waiting] == [_ITS_ANSWER] * _MAX_IN_FLIGHT
    assert _decisions(stack) == before + _MAX_IN_FLIGHT
    stack.alpha.answer("callee")
    stack.pbx.call("caller", kamailio.socket, "+390612345678")
    stack.pbx.wait()
    stack.alpha.wait()


def test_calls_that_were_cancelled_give_their_places_back(stack: Stack, start: Start) -> None:
    kamailio = start()
    with _hanging(stack), _all_places_taken(stack, kamailio) as waiting:
        for party in waiting:
            party.cancel()
            assert party.final() == "SIP/2.0 487 Request canceled"
        assert _start_line(_call(stack, kamailio)) == _SENT_AWAY
    deadline = time.monotonic() + 20
    while _start_line(_call(stack, kamailio)) != _ITS_ANSWER:
        assert time.monotonic() < deadline, "the places are never given back"
        time.sleep(0.1)
    # All of them: as many calls as before wait for an answer again.
    with _hanging(stack), _all_places_taken(stack, kamailio) as waiting:
        stack.router.signal(signal.SIGCONT)
        assert [party.final() for party in waiting] == [_ITS_ANSWER] * _MAX_IN_FLIGHT


def test_what_belongs_to_a_call_is_never_refused(stack: Stack, start: Start) -> None:
    kamailio = start()
    stack.alpha.answer("callee")
    with RawParty(stack.pbx.host, kamailio.socket) as caller:
        invite = caller.request("INVITE", "+390612345678")
        caller.send(invite)
        answer = caller.final_message()
        assert _start_line(answer) == "SIP/2.0 200 OK"
        with _hanging(stack), _all_places_taken(stack, kamailio):
            assert _start_line(_call(stack, kamailio)) == _SENT_AWAY
            for method in ("ACK", "BYE"):
                caller.send(caller.within(answer, method))
            assert caller.final() == "SIP/2.0 200 OK"
    stack.alpha.wait()


def test_a_call_that_was_let_in_is_not_refused_when_it_is_sent_again(
    stack: Stack, start: Start
) -> None:
    kamailio = start()
    before = _decisions(stack)
    with _hanging(stack), _all_places_taken(stack, kamailio) as waiting:
        for party in waiting:
            party.send_again()
        assert _start_line(_call(stack, kamailio)) == _SENT_AWAY
        stack.router.signal(signal.SIGCONT)
        assert [party.final() for party in waiting] == [_ITS_ANSWER] * _MAX_IN_FLIGHT
    assert _decisions(stack) == before + _MAX_IN_FLIGHT


def test_a_call_for_help_is_let_in(stack: Stack, start: Start) -> None:
    kamailio = start(MAX_CALLS_PER_S=1)
    before = _decisions(stack)
    with (
        _hanging(stack),
        _all_places_taken(stack, kamailio),
        RawParty(stack.pbx.host, kamailio.socket) as party,
    ):
        party.send(party.request("INVITE", "112"))
        assert _start_line(_call(stack, kamailio)) == _SENT_AWAY
        stack.router.signal(signal.SIGCONT)
        assert party.final() != _SENT_AWAY
    assert _decisions(stack) > before


def test_a_number_of_calls_a_second_can_be_set(stack: Stack, start: Start) -> None:
    kamailio = start(MAX_CALLS_PER_S=1, MAX_IN_FLIGHT=100)
    with ExitStack() as parties:
        callers = []
        for _ in range(20):
            party = parties.enter_context(RawParty(stack.pbx.host, kamailio.socket))
            party.send(party.request("INVITE", _NOWHERE))
            callers.append(party)
        finals = [party.final() for party in callers]
    assert set(finals) == {_SENT_AWAY, _ITS_ANSWER}
