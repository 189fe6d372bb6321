"""Every request of RFC 4475 and RFC 5118 is answered as it has to be, or not at all, and the router
is asked exactly what stands in it."""

import itertools

import httpx
import pytest

from tests.sip.harness.raw import RawParty, header_of
from tests.sip.scenarios.torture.conftest import Bench
from tests.sip.scenarios.torture.invalid import INVALID
from tests.sip.scenarios.torture.ipv6 import IPV6
from tests.sip.scenarios.torture.message import BUSY, NOTHING, Torture, call, fill
from tests.sip.scenarios.torture.semantics import SEMANTICS
from tests.sip.scenarios.torture.stream import RawStream
from tests.sip.scenarios.torture.valid import VALID

_REQUESTS = [*VALID, *INVALID, *SEMANTICS, *IPV6]
_NUMBERS = itertools.count()
# In a stream a message has no end but the one that Content-Length says.
_OF_DATAGRAMS = ("3.1.1.8", "3.1.2.2", "3.1.2.3", "3.3.9", "3.4.1")


@pytest.mark.parametrize("torture", _REQUESTS, ids=lambda torture: torture.section)
def test_a_request_over_udp(bench: Bench, torture: Torture) -> None:
    with RawParty(bench.stack.pbx.host, bench.kamailio.socket) as party:
        own = f"{party.host}:{party.port}"
        number = next(_NUMBERS)
        party.send(torture.message(own=own, proxy=bench.proxy, number=number))
        if torture.answer == NOTHING:
            # What it would answer comes before what it answers to this.
            bench.kamailio.wait_until_ready()
            assert party.is_left_alone(0.01)
        else:
            assert party.any_final() == torture.answer
        _assert_asked(bench, torture, own, number)


@pytest.mark.parametrize(
    "torture",
    [torture for torture in _REQUESTS if not torture.section.startswith(_OF_DATAGRAMS)],
    ids=lambda torture: torture.section,
)
def test_a_request_over_tcp(bench: Bench, torture: Torture) -> None:
    with RawStream(bench.stack.pbx.host, bench.kamailio.socket) as party:
        number = next(_NUMBERS)
        party.send(torture.message(own=party.own, proxy=bench.proxy, number=number))
        if torture.answer == NOTHING:
            party.send_options()
            assert party.any_final() in ("200 OK", "")
        else:
            assert party.any_final() == torture.answer
        _assert_asked(bench, torture, party.own, number)


def test_the_router_answers_what_such_requests_say(bench: Bench) -> None:
    """Also when their fields come as they stand there, which a less careful proxy would send."""
    headers = {"Authorization": f"Bearer {bench.stack.node_token}"}
    with httpx.Client(base_url=bench.stack.router.url, headers=headers, trust_env=False) as router:
        for torture in _REQUESTS:
            message = torture.message(own="127.0.0.10:1", proxy=bench.proxy, number=next(_NUMBERS))
            question = _raw_fields(message) | {"source_ip": bench.stack.pbx.host}
            answer = router.post("/kamailio/rtjson", json=question)
            assert answer.status_code in (200, 400), torture.section
    assert bench.stack.router.readiness() is not None


@pytest.mark.parametrize("broken", ["CSeq: none", "From: <", "To: <", "Content-Length: -1"])
def test_what_cannot_be_read_is_not_written_into_the_log(bench: Bench, broken: str) -> None:
    proof = 'Proxy-Authorization: Digest username="u", response="canary"'
    message = call("INVITE sip:+390612345678@{proxy} SIP/2.0", proof)
    start, _, rest = message.partition("\n")
    torture = Torture("", f"{start}\n{broken}\n{rest}", NOTHING)
    with RawParty(bench.stack.pbx.host, bench.kamailio.socket) as party:
        own = f"{party.host}:{party.port}"
        party.send(torture.message(own=own, proxy=bench.proxy, number=next(_NUMBERS)))
        bench.kamailio.wait_until_ready()
    assert "canary" not in bench.kamailio.log.read_text()


def _raw_fields(message: bytes) -> dict[str, str | int]:
    start = message.split(b"\r\n")[0].decode("latin-1")
    from_, to = header_of(message, "From"), header_of(message, "To")
    return {
        "event": "sip-routing",
        "source_port": 5060,
        "request_uri": start.partition(" ")[2].rpartition(" ")[0],
        "call_id": header_of(message, "Call-ID"),
        "from_uri": from_,
        "from_name": from_.partition("<")[0],
        "to_uri": to,
        "to_name": to,
        "p_asserted_identity": header_of(message, "Contact"),
        "privacy": from_,
        "diversion": header_of(message, "Via"),
    }


def _assert_asked(bench: Bench, torture: Torture, own: str, number: int) -> None:
    if torture.asked is None:
        assert bench.recorder.asked() == []
        assert bench.callee.invites == []
        return
    (question,) = bench.recorder.asked()
    expected = {
        name: fill(text, own=own, proxy=bench.proxy, number=number)
        for name, text in torture.asked.items()
    }
    assert {name: question.get(name) for name in expected} == expected
    assert f"{question['source_ip']}:{question['source_port']}" == own
    assert len(bench.callee.invites) == (1 if torture.answer == BUSY else 0)
    for name, text in torture.reached.items():
        value = fill(text, own=own, proxy=bench.proxy, number=number)
        assert f"\r\n{name}: {value}".encode("latin-1") in bench.callee.invites[0]
