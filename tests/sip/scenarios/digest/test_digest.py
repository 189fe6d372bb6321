"""A PBX that no address tells proves who it is by its password, for each call."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.digest import read_params, write_credentials
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import Stack

_CALLED = "+390612345678"
_REALM = "acme.example"
_USER, _PASSWORD = "remote@acme.example", "s3cret:canary-51d0"
_FROM = f"<sip:+390401234567@{_REALM}>;tag=1"
_REQUIRED = "SIP/2.0 407 Proxy Authentication Required"


@pytest.fixture
def remote(acme: Acme, operator: Operator) -> str:
    """A PBX trunk of Acme without a source: whoever knows its password."""
    trunk = operator.make(
        "CreateTrunk",
        name="remote",
        tenantId=acme.tenant,
        digestUsername=_USER,
        digestPassword=_PASSWORD,
        digestRealm=_REALM,
    )
    operator.wait_published()
    return trunk


def _challenge(party: RawParty, *headers: str) -> dict[str, str]:
    """What the party is asked when it calls."""
    party.send(party.request("INVITE", _CALLED, *headers, from_=_FROM))
    answer = party.final_message()
    assert answer.startswith(_REQUIRED.encode())
    return read_params(header_of(answer, "Proxy-Authenticate"))


def _sign_in(
    party: RawParty, asked: dict[str, str], *, user: str = _USER, password: str = _PASSWORD,
    count: int = 1,
) -> bytes:  # fmt: skip
    """A call with credentials; the final response."""
    uri = f"sip:{_CALLED}@127.0.0.1"
    proof = f"Proxy-Authorization: {write_credentials(asked, user, password, uri, count)}"
    party.send(party.request("INVITE", _CALLED, proof, from_=_FROM))
    return party.final_message()


@pytest.mark.usefixtures("remote")
def test_who_knows_the_password_calls_and_the_proof_goes_no_further(stack: Stack) -> None:
    """SIPp's own digest, another implementation than the tests'."""
    stack.alpha.answer("callee")
    keys = {"username": _USER, "password": _PASSWORD, "from": f"<sip:+390401234567@{_REALM}>"}
    stack.stranger.call("caller_signs_in", stack.kamailio.socket, _CALLED, **keys)
    stack.stranger.wait()
    received = [message for message in stack.alpha.wait() if message.is_request]
    assert [message.start_line.split()[0] for message in received] == ["INVITE", "ACK", "BYE"]
    for message in received:
        assert message.all("Proxy-Authorization") + message.all("Authorization") == []
    assert received[0].one("P-Asserted-Identity").endswith("<sip:+390401234567@sip.acme.example>")


@pytest.mark.usefixtures("remote")
def test_the_challenge_is_one_that_cannot_be_replayed(stack: Stack) -> None:
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        first, second = _challenge(party), _challenge(party)
    assert (first["realm"], first["qop"]) == (_REALM, "auth")
    assert "stale" not in first
    assert first["nonce"] != second["nonce"]


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize(
    ("user", "password"),
    [
        (_USER, "wrong"),
        (_USER, ""),
        ("nobody@acme.example", _PASSWORD),
        ("remote", _PASSWORD),
        ("", _PASSWORD),
    ],
)
def test_who_does_not_know_it_is_asked_again_and_told_nothing(
    stack: Stack, user: str, password: str
) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        answer = _sign_in(party, _challenge(party), user=user, password=password)
    assert answer.startswith(_REQUIRED.encode())
    again = read_params(header_of(answer, "Proxy-Authenticate"))
    assert (again["realm"], again.get("stale")) == (_REALM, None)
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("remote")
def test_what_was_overheard_is_good_for_nothing(stack: Stack) -> None:
    """The same credentials again, in another call: the nonce is stale. With the next count they
    are the caller's own."""
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        asked = _challenge(party)
        for count, expected in ((1, "486"), (1, "407"), (2, "486"), (2, "407"), (1, "407")):
            stack.alpha.answer("callee_refuses", status="486")
            answer = _sign_in(party, asked, count=count)
            assert answer.startswith(f"SIP/2.0 {expected} ".encode()), (count, answer)
            if expected == "407":
                again = read_params(header_of(answer, "Proxy-Authenticate"))
                assert again["stale"].lower() == "true"
                assert stack.alpha.messages() == []


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize("user", [_USER, "nobody@acme.example"])
def test_a_stale_nonce_tells_nobody_which_users_there_are(stack: Stack, user: str) -> None:
    """Of a user that is known and of one that is not, the same: without the password, too."""
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        asked = _challenge(party)
        told = []
        for count, nonce in ((1, asked["nonce"]), (1, asked["nonce"]), (2, "made-up")):
            answer = _sign_in(
                party, {**asked, "nonce": nonce}, user=user, password="wrong", count=count
            )
            assert answer.startswith(_REQUIRED.encode())
            again = read_params(header_of(answer, "Proxy-Authenticate"))
            told.append((sorted(again), again.get("stale"), again["realm"], again["qop"]))
    plain = (["nonce", "qop", "realm"], None, _REALM, "auth")
    stale = (["nonce", "qop", "realm", "stale"], "true", _REALM, "auth")
    assert told == [plain, stale, plain]


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "made-up"},
        {"realm": "zen.example"},
        {"realm": ""},
    ],
)
def test_another_nonce_or_realm_proves_nothing(stack: Stack, change: dict[str, str]) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        answer = _sign_in(party, {**_challenge(party), **change})
    assert answer.startswith(_REQUIRED.encode())
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("remote")
@pytest.mark.parametrize(
    "header",
    [
        "Proxy-Authorization: Digest",
        "Proxy-Authorization: Basic cmVtb3RlOnM=",
        'Proxy-Authorization: Digest username="remote@acme.example", realm="acme.example"',
        "X-Auth: 1",
        'Authorization: Digest username="remote@acme.example", realm="acme.example", nonce="x"',
    ],
)
def test_half_a_proof_is_none(stack: Stack, header: str) -> None:
    stack.alpha.answer("callee")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        party.send(party.request("INVITE", _CALLED, header, from_=_FROM))
        assert party.final() in (_REQUIRED, "SIP/2.0 403 Forbidden")
    assert stack.alpha.messages() == []


@pytest.mark.usefixtures("remote")
def test_a_refusal_too_is_told_to_nobody_else(
    stack: Stack, operator: Operator, remote: str
) -> None:
    """Whether a trunk is disabled, or has no route, is its own to know."""
    operator.change("Trunk", remote, enabled=False)
    operator.wait_published()
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        answer = _sign_in(party, _challenge(party), password="wrong")
        assert answer.startswith(_REQUIRED.encode())
        answer = _sign_in(party, _challenge(party))
        assert answer.startswith(b"SIP/2.0 403 Forbidden")


@pytest.mark.usefixtures("remote")
def test_an_address_that_is_known_needs_no_password(stack: Stack) -> None:
    """And its credentials for others go no further."""
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        other = 'Proxy-Authorization: Digest username="a", realm="other", nonce="n", response="r"'
        party.send(party.request("INVITE", _CALLED, other, from_=_FROM))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.all("Proxy-Authorization") == []


@pytest.mark.usefixtures("remote")
def test_neither_password_nor_ha1_is_ever_logged(stack: Stack) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        assert _sign_in(party, _challenge(party)).startswith(b"SIP/2.0 486 ")
        _sign_in(party, _challenge(party), password="wrong")
    for log in (stack.kamailio.log, stack.router.log, stack.control.log):
        text = log.read_text(errors="replace")
        assert "canary-51d0" not in text
        assert "ha1" not in text
