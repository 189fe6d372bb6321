"""Each field of a question is what stands in the message, whatever that is, and no other field is
changed by it; nor is any header of the call that it becomes."""

from collections.abc import Iterator

import pytest

from tests.sip.harness.busy import BusyCallee
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.recorder import Recorder
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.protection.conftest import Start

pytestmark = pytest.mark.usefixtures("acme")

_JSON = 'x","source_ip":"127.0.0.10","auth":1,"z":"y'
_ESCAPED = _JSON.replace('"', '\\"')
_ENCODED = "x%0d%0aX-Evil:1%00%22"
_FORMAT = "$si$(hdr(From))$def(ROUTER_AUTHORIZATION)<null>"
_PROOF = f'realm="r", nonce="n", uri="u", response="{"0" * 32}"'
_FIELDS = {
    "from_name": ("From: \"{}\" <sip:+390401234567@acme.example>;tag=t", '"{}"'),
    "from_uri": ("From: <sip:{}@acme.example>;tag=t", "sip:{}@acme.example"),
    "from_tag": ("From: <sip:+390401234567@acme.example>;tag={}", "{}"),
    "to_name": ('To: "{}" <sip:+390612345678@acme.example>', '"{}"'),
    "to_uri": ("To: <sip:{}@acme.example>", "sip:{}@acme.example"),
    "call_id": ("Call-ID: {}", "{}"),
    "p_asserted_identity": ('P-Asserted-Identity: "{}" <sip:a@b>', '"{}" <sip:a@b>'),
    "privacy": ("Privacy: {}", "{}"),
    "diversion": ('Diversion: "{}" <sip:a@b>', '"{}" <sip:a@b>'),
    "username": (f'Proxy-Authorization: Digest username="{{}}", {_PROOF}', "{}"),
    "forwarded_source": ("X-Forwarded-Source: {}", "{}"),
}  # fmt: skip
# Here they stand between quotes.
_QUOTED = {"from_name", "to_name", "p_asserted_identity", "diversion", "username"}

# Neither a URI nor a tag: refused before anybody is asked. An escaped quote is the end of a
# username for Kamailio, which holds the proof against the username that it reads.
_REFUSED = {
    *((name, value) for name in ("from_uri", "to_uri") for value in (_JSON, _FORMAT)),
    ("from_tag", _JSON),
    ("username", _ESCAPED),
}


@pytest.fixture
def recorder(stack: Stack) -> Iterator[Recorder]:
    recorder = Recorder(stack.router.url)
    yield recorder
    recorder.stop()


@pytest.fixture
def callee(stack: Stack) -> Iterator[BusyCallee]:
    callee = BusyCallee(stack.alpha.host, stack.alpha.port)
    yield callee
    callee.stop()


def test_no_field_becomes_another(
    stack: Stack, start: Start, recorder: Recorder, callee: BusyCallee
) -> None:
    kamailio = start(router=recorder.url)
    for name, (line, field) in _FIELDS.items():
        for value in (_ESCAPED if name in _QUOTED else _JSON, _ENCODED, _FORMAT):
            if (name, value) in _REFUSED:
                continue
            recorder.forget()
            callee.invites.clear()
            with RawParty(stack.pbx.host, kamailio.socket) as party:
                party.send(_with(party.request("INVITE", "+390612345678"), line.format(value)))
                assert party.any_final() != "", name
                question, *more = recorder.asked()
                assert not more
                # What is no nonce of this node proves nothing, and is not asked about.
                expected = None if name == "username" else field.format(value)
                assert question.get(name) == expected, name
                assert question["source_ip"] == stack.pbx.host
                assert (question["source_port"], question["auth"]) == (party.port, 0)
            unknown = set(question) - set(_FIELDS)
            assert unknown <= {
                "event", "node", "source_ip", "source_port", "transport", "received_ip",
                "received_port", "auth", "request_uri", "realm",
            }  # fmt: skip
            for invite in callee.invites:
                assert _names(invite) <= _NAMES, name


_NAMES = {
    "Record-Route", "Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact",
    "Content-Length", "P-Asserted-Identity", "Privacy", "Diversion",
}  # fmt: skip


def _names(message: bytes) -> set[str]:
    head = message.partition(b"\r\n\r\n")[0].decode("latin-1")
    return {line.partition(":")[0] for line in head.split("\r\n")[1:]}


def _with(request: bytes, line: str) -> bytes:
    """The request with this line in place of the one of its name, or as one more."""
    name = line.partition(":")[0]
    old = f"{name}: {header_of(request, name)}".encode()
    if header_of(request, name):
        return request.replace(old, line.encode())
    return request.replace(b"Content-Length", f"{line}\r\nContent-Length".encode())
