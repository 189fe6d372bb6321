"""Who registers is told at once that there is no registrar, whoever it is."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import Stack

_NOT_ALLOWED = b"SIP/2.0 405 Method Not Allowed\r\n"
_PROOF = 'Digest username="remote", realm="acme.example", nonce="n", uri="sip:h", response="r"'
# As long as most are, and no longer.
_OF_A_PHONE = (
    "User-Agent: a phone 1.0",
    "Expires: 3600",
    "Supported: path, outbound",
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY, MESSAGE",
)


@pytest.fixture
def _users(acme: Acme, operator: Operator) -> None:
    """There are users who sign in."""
    operator.make(
        "CreateTrunk",
        name="remote",
        tenantId=acme.tenant,
        digestUsername="remote",
        digestPassword="secret",
        digestRealm="acme.example",
    )
    operator.wait_published()


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize(
    "headers",
    [
        (),
        (f"Authorization: {_PROOF}",),
        (f"Proxy-Authorization: {_PROOF}", f"Authorization: {_PROOF}"),
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.99", "127.0.0.10"])
def test_a_registration_is_refused_without_a_challenge(
    stack: Stack, host: str, headers: tuple[str, ...]
) -> None:
    """Of a stranger as of a trunk; the router is not asked."""
    decided = stack.kamailio.log.read_text(errors="replace").count(" decision=")
    of_user = "<sip:remote@acme.example>"
    with RawParty(host, stack.kamailio.socket) as party:
        asked = party.request(
            "REGISTER", "", *_OF_A_PHONE, *headers, from_=f"{of_user};tag=1", to=of_user
        ).replace(b"sip:@", b"sip:")
        party.send(asked)
        answer = party.final_message()
        assert party.is_left_alone(0.5)
    assert answer.startswith(_NOT_ALLOWED)
    assert header_of(answer, "Allow") == "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO"
    assert header_of(answer, "Warning") == '399 pointsman "no registrar: call without"'
    for name in ("WWW-Authenticate", "Proxy-Authenticate", "Contact"):
        assert header_of(answer, name) == ""
    assert len(answer) <= len(asked)
    assert stack.kamailio.log.read_text(errors="replace").count(" decision=") == decided


@pytest.mark.usefixtures("_users")
@pytest.mark.parametrize("method", ["SUBSCRIBE", "MESSAGE", "PUBLISH", "NOTIFY", "REFER", "INFO"])
def test_what_else_is_no_call_is_refused_as_well(stack: Stack, method: str) -> None:
    of_user = "<sip:remote@acme.example>;tag=1"
    with RawParty(stack.stranger.host, stack.kamailio.socket) as party:
        party.send(party.request(method, "100", "Event: presence", from_=of_user))
        answer = party.final_message()
    assert answer.startswith(_NOT_ALLOWED)
    assert header_of(answer, "Warning") == ""
    assert header_of(answer, "Proxy-Authenticate") == ""
