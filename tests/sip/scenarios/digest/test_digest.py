"""A PBX that no address tells proves who it is by its password, for each call."""

import re

import pytest

from pointsman.models import Trunk
from tests.conftest import bound
from tests.sip.harness.digest import answer_params
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.digest.caller import (
    CALL_WENT,
    CALLED,
    PASSWORD,
    REALM,
    REQUIRED,
    USER,
    DigestCaller,
    challenges_in,
    is_stale,
    proof,
)

_URI = f"sip:{CALLED}@127.0.0.1"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_who_knows_the_password_calls_and_the_proof_goes_no_further(
    stack: Stack, caller: DigestCaller, algorithm: str
) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    other = f"{proof({'username': 'a', 'realm': 'other', 'nonce': 'n', 'response': 'r'})}"
    own = proof(answer_params(caller.ask(algorithm), USER, PASSWORD, _URI))
    assert caller.invite(other, own).startswith(CALL_WENT)
    (invite,) = stack.alpha.received_invites()
    assert invite.all("Proxy-Authorization") + invite.all("Authorization") == []
    assert invite.one("P-Asserted-Identity").endswith("<sip:+390401234567@sip.acme.example>")


def test_there_is_a_challenge_for_each_algorithm_the_best_first(caller: DigestCaller) -> None:
    first, second = challenges_in(caller.invite())
    assert first == {
        "realm": REALM, "nonce": first["nonce"], "algorithm": "SHA-256", "qop": "auth",
    }  # fmt: skip
    assert second == {**first, "algorithm": "MD5"}
    again, _ = challenges_in(caller.invite())
    assert again["nonce"] != first["nonce"]


async def _forget_sha256(database_url: str, trunk_id: str) -> None:
    async with bound(database_url):
        await Trunk.filter(id=trunk_id).update(digest_ha1_sha256=None)


@pytest.mark.anyio
async def test_a_realm_with_a_password_of_before_is_one_of_md5(
    stack: Stack, operator: Operator, caller: DigestCaller, remote: str
) -> None:
    """By SIPp's own digest, another implementation than the tests', which knows MD5 alone."""
    await _forget_sha256(stack.database_url, remote)
    operator.change("Trunk", remote, name="of before")
    operator.wait_published()
    (asked,) = challenges_in(caller.invite())
    assert asked["algorithm"] == "MD5"
    answer = caller.sign_in({**asked, "algorithm": "SHA-256"})
    assert not is_stale(answer)
    assert len(challenges_in(answer)) == 1

    stack.alpha.answer("callee")
    keys = {"username": USER, "password": PASSWORD, "from": f"<sip:+390401234567@{REALM}>"}
    stack.stranger.call("caller_signs_in", stack.kamailio.socket, CALLED, **keys)
    stack.stranger.wait()
    received = [message for message in stack.alpha.wait() if message.is_request]
    assert [message.start_line.split()[0] for message in received] == ["INVITE", "ACK", "BYE"]
    for message in received:
        assert message.all("Proxy-Authorization") + message.all("Authorization") == []

    operator.change("Trunk", remote, digestPassword=PASSWORD)
    operator.wait_published()
    assert [each["algorithm"] for each in challenges_in(caller.invite())] == ["SHA-256", "MD5"]


_STRANGERS = (
    (USER, "wrong"),
    (USER, ""),
    ("nobody@acme.example", PASSWORD),
    ("remote", PASSWORD),
    ("", PASSWORD),
)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_who_does_not_know_it_is_asked_again_and_told_nothing(
    stack: Stack, caller: DigestCaller, algorithm: str
) -> None:
    stack.alpha.answer("callee")
    for user, password in _STRANGERS:
        answer = caller.sign_in(caller.ask(algorithm), user=user, password=password)
        assert not is_stale(answer)
        assert [each["realm"] for each in challenges_in(answer)] == [REALM, REALM]
    assert stack.alpha.messages() == []


_UNASKED = (
    {"nonce": "made-up"},
    {"realm": "zen.example"},
    {"realm": ""},
    {"uri": "sip:+390699999999@127.0.0.1"},
    {"uri": "sip:127.0.0.1"},
    {"uri": f"sip:{CALLED}@192.0.2.1"},
    {"uri": ""},
    {"qop": "auth-int"},
    {"qop": ""},
    {"nc": "1"},
    {"nc": "00000000"},
    {"nc": "0000000g"},
    {"cnonce": ""},
    {"algorithm": "MD5-sess"},
    {"algorithm": "SHA-512-256"},
    {"username": 'remote\\@acme.example"'},
)


def test_what_is_not_as_it_was_asked_for_proves_nothing(stack: Stack, caller: DigestCaller) -> None:
    """Though the response is right, by whichever URI it was made."""
    stack.alpha.answer("callee")
    for change in _UNASKED:
        given = answer_params(caller.ask(), USER, PASSWORD, change.get("uri", _URI))
        assert caller.invite(proof({**given, **change})).startswith(REQUIRED), change
    assert stack.alpha.messages() == []


def test_what_stands_twice_proves_nothing(stack: Stack, caller: DigestCaller) -> None:
    """Though both are the same."""
    stack.alpha.answer("callee")
    given = answer_params(caller.ask(), USER, PASSWORD, _URI)
    for twice in given:
        (param,) = re.findall(rf"[ ,]({twice}=[^,]*)", proof(given))
        assert caller.invite(f"{proof(given)}, {param}").startswith(REQUIRED), twice
    assert stack.alpha.messages() == []


_OTHER_WAYS = (
    (", ", ","),
    (", ", " ,\t"),
    (", ", "\r\n ,"),
    (", ", ",\r\n "),
    (", ", ",\r\n\t"),
    ("Digest username", "Digest\r\n username"),
    ("Digest username", "Digest \r\n\tusername"),
    ("Digest username", "digest   Username"),
    ("algorithm=MD5", 'algorithm="md5"'),
    ("algorithm=MD5, ", ""),
    ("qop=auth", 'qop="auth"'),
    (f'uri="{_URI}"', f'uri="{_URI}", opaque="", x=y'),
    # Ports and parameters are not whom it calls.
    (f'uri="{_URI}"', f'uri="{_URI}:5060;transport=udp"'),
    (f'uri="{_URI}"', f'uri="{_URI};user=phone"'),
)


def test_a_proof_may_be_written_in_another_way(stack: Stack, caller: DigestCaller) -> None:
    for old, new in _OTHER_WAYS:
        stack.alpha.answer("callee_refuses", status="486")
        uri = re.findall('uri="([^"]*)"', new) or [_URI]
        header = proof(answer_params(caller.ask(), USER, PASSWORD, uri[0]))
        written = header.replace(old, new) if old in header else header
        assert caller.invite(written).startswith(CALL_WENT), written


_HALF = (
    "Proxy-Authorization: Digest",
    "Proxy-Authorization:",
    "Proxy-Authorization: Basic cmVtb3RlOnM=",
    'Proxy-Authorization: Digest username="remote@acme.example", realm="acme.example"',
    f'Proxy-Authorization: Digest username="{"a" * 3_000}", realm="acme.example"',
    f"Proxy-Authorization: Digest {'a=b,' * 500}",
    "X-Auth: 1",
    'Authorization: Digest username="remote@acme.example", realm="acme.example", nonce="x"',
)


def test_half_a_proof_is_none(stack: Stack, caller: DigestCaller) -> None:
    stack.alpha.answer("callee")
    for header in _HALF:
        assert caller.invite(header).startswith(REQUIRED), header
    assert stack.alpha.messages() == []


def test_a_refusal_too_is_told_to_nobody_else(
    stack: Stack, operator: Operator, caller: DigestCaller, remote: str
) -> None:
    """Whether a trunk is disabled, or has no route, is its own to know."""
    operator.change("Trunk", remote, enabled=False)
    operator.wait_published()
    assert caller.sign_in(caller.ask(), password="wrong").startswith(REQUIRED)
    assert caller.sign_in(caller.ask()).startswith(b"SIP/2.0 403 Forbidden")


@pytest.mark.usefixtures("remote")
def test_an_address_that_is_known_needs_no_password(stack: Stack) -> None:
    """And its credentials for others go no further."""
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        other = 'Proxy-Authorization: Digest username="a", realm="other", nonce="n", response="r"'
        party.send(party.request("INVITE", CALLED, other))
        answer = party.final_message()
    assert answer.startswith(CALL_WENT)
    assert header_of(answer, "Proxy-Authenticate") == ""
    (invite, *_) = stack.alpha.wait()
    assert invite.all("Proxy-Authorization") == []
