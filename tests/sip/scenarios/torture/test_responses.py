"""The responses of RFC 4475: those that are valid reach the caller, the others nobody."""

from collections.abc import Callable

import pytest

from tests.sip.harness.busy import answer_to, busy
from tests.sip.harness.raw import RawParty
from tests.sip.scenarios.torture.conftest import Bench

_UNUSUAL = "= 2**3 * 5**2 но сто девяносто девять - простое"


def _called(bench: Bench) -> bytes:
    """The final response to a call that the callee answers as it is told to."""
    with RawParty(bench.stack.pbx.host, bench.kamailio.socket) as party:
        party.send(party.request("INVITE", "+390612345678"))
        final = party.final_message()
        assert party.is_left_alone(0.05)
        return final.split(b"\r\n")[0]


@pytest.mark.parametrize(
    "reason", [_UNUSUAL.encode().decode("latin-1"), ""], ids=["3.1.1.12 unusual", "3.1.1.13 empty"]
)
def test_any_reason_phrase_reaches_the_caller(bench: Bench, reason: str) -> None:
    bench.callee.write = lambda invite: [answer_to(invite, f"486 {reason}")]
    assert _called(bench) == f"SIP/2.0 486 {reason}".encode("latin-1")


def _with(answer: bytes, old: bytes, new: bytes) -> bytes:
    assert old in answer
    return answer.replace(old, new, 1)


_BAD: dict[str, Callable[[bytes], bytes]] = {
    "3.1.2.5 numbers that are too large": lambda good: _with(
        good, b"CSeq: 1 ", b"CSeq: 9292394834772304023312 "
    ),
    "3.1.2.5 another method": lambda good: _with(good, b"CSeq: 1 INVITE", b"CSeq: 1 OPTIONS"),
    "3.1.2.19 a code that is too large": lambda good: _with(
        good, b"SIP/2.0 486", b"SIP/2.0 4294967301"
    ),
    "a code of two digits": lambda good: _with(good, b"SIP/2.0 486", b"SIP/2.0 48"),
    "no Via": lambda good: b"\r\n".join(
        line for line in good.split(b"\r\n") if not line.startswith(b"Via:")
    ),
    "nothing but a start line": lambda good: good.split(b"\r\n")[0] + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", _BAD)
def test_a_response_that_is_wrong_is_as_if_it_had_not_come(bench: Bench, name: str) -> None:
    def wrong_then_busy(invite: bytes) -> list[bytes]:
        wrong = answer_to(invite, "486 Wrong")
        return [_BAD[name](wrong), *busy(invite)]

    bench.callee.write = wrong_then_busy
    assert _called(bench) == b"SIP/2.0 486 Busy Here"


@pytest.mark.parametrize("code", ["200 OK", "180 Ringing", "486 Busy Here"])
def test_a_response_to_no_request_is_sent_to_nobody(bench: Bench, code: str) -> None:
    """3.3.10, where the second Via names everybody; here it names somebody who can be asked."""
    with (
        RawParty(bench.stack.stranger.host, bench.kamailio.socket) as sender,
        RawParty("127.0.0.98", bench.kamailio.socket) as victim,
    ):
        lines = [
            f"SIP/2.0 {code}",
            f"Via: SIP/2.0/UDP {bench.proxy};branch=z9hG4bKno.such.0",
            f"Via: SIP/2.0/UDP {victim.host}:{victim.port};branch=z9hG4bKvictim",
            "From: <sip:a@acme.example>;tag=a",
            "To: <sip:b@acme.example>;tag=b",
            "Call-ID: of-no-call",
            "CSeq: 1 INVITE",
            "Content-Length: 0",
        ]
        sender.send("\r\n".join([*lines, "", ""]).encode())
        bench.kamailio.wait_until_ready()
        assert victim.is_left_alone(0.05)
