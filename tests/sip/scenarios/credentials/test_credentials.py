"""A far end that challenges gets the credentials of its own leg, once."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.busy import BusyCallee, answer_to
from tests.sip.harness.digest import read_params, response_to
from tests.sip.harness.messages import SipMessage
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import Stack

_CALLED = "+390612345678"
_OF_ALPHA = {"outboundUsername": "acme-at-alpha", "outboundPassword": "al:pha \\ pass"}
_OF_BETA = {"outboundUsername": "acme-at-beta", "outboundPassword": "beta pass"}
_PLAIN = 'Digest realm="alpha.example", nonce="n0nce=="'
_COUNTED = 'Digest realm="alpha.example", nonce="n0nce==", opaque="0paque", qop="auth,auth-int"'


def _assert_answers(
    invite: SipMessage, header: str, challenge: str, credentials: dict[str, str],
    count: str = "00000001",
) -> None:  # fmt: skip
    """The INVITE answers the challenge, and says nothing to anybody else."""
    names = {"Authorization", "Proxy-Authorization"}
    assert [name for name, _ in invite.headers if name in names] == [header]
    params = read_params(invite.one(header))
    asked = read_params(challenge)
    assert params["username"] == credentials["outboundUsername"]
    assert (params["realm"], params["nonce"]) == (asked["realm"], asked["nonce"])
    assert params.get("opaque") == asked.get("opaque")
    assert params["uri"] == invite.start_line.split()[1]
    assert params.get("algorithm", "MD5") == asked.get("algorithm", "MD5")
    assert params.get("qop") == ("auth" if "qop" in asked else None)
    assert params.get("nc") == (count if "qop" in asked else None)
    assert params["response"] == response_to(params, credentials["outboundPassword"])


@pytest.mark.parametrize(
    ("status", "asks", "answers"),
    [
        ("401", "WWW-Authenticate", "Authorization"),
        ("407", "Proxy-Authenticate", "Proxy-Authorization"),
    ],
)
@pytest.mark.parametrize(
    "challenge",
    [
        _PLAIN,
        _COUNTED,
        f"{_PLAIN}, algorithm=MD5, qop=auth",
        f'{_PLAIN}, algorithm=SHA-256, qop="auth"',
        'Digest nonce="n0nce==",stale=FALSE,opaque="",qop="auth-int,auth",realm="alpha.example"',
    ],
)
def test_a_challenge_is_answered_and_the_leg_goes_on(
    stack: Stack, acme: Acme, operator: Operator, *, status: str, asks: str, answers: str,
    challenge: str,
) -> None:  # fmt: skip
    operator.change("Trunk", acme.alpha, **_OF_ALPHA)
    operator.wait_published()
    stack.alpha.answer("callee_challenges", status=status, challenge=f"{asks}: {challenge}")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    messages = stack.pbx.wait()
    call_id = next(message for message in messages if not message.received).one("Call-ID")
    # A call of another test may still be told how it ended.
    heard = [message for message in messages if message.received]
    seen = [message.start_line for message in heard if message.one("Call-ID") == call_id]
    assert [line for line in seen if line.startswith(("SIP/2.0 4", "SIP/2.0 5"))] == []
    stack.alpha.wait()
    first, second = stack.alpha.received_invites()
    assert first.all(answers) == []
    _assert_answers(second, answers, challenge, _OF_ALPHA)
    # The same leg in everything else.
    own = {"Via", answers}
    assert [h for h in first.headers if h[0] not in own] == [
        h for h in second.headers if h[0] not in own
    ]
    assert stack.beta.messages() == []


@pytest.mark.parametrize("fold", ["\r\n ", "\r\n\t", " \r\n \t "])
@pytest.mark.parametrize("realm", ["", "alpha  example"])
@pytest.mark.parametrize(
    ("status", "asks", "answers"),
    [
        ("401 Unauthorized", "WWW-Authenticate", "Authorization"),
        ("407 Authentication Required", "Proxy-Authenticate", "Proxy-Authorization"),
    ],
)
def test_a_challenge_may_stand_in_several_lines(
    stack: Stack, acme: Acme, operator: Operator, *, status: str, asks: str, answers: str,
    realm: str, fold: str,
) -> None:  # fmt: skip
    """As RFC 3261 section 22.3 prints one."""
    operator.change("Trunk", acme.alpha, **_OF_ALPHA, outboundRealm=realm)
    operator.wait_published()
    challenge = _COUNTED.replace("alpha.example", realm or "alpha.example")
    folded = challenge.replace(", ", f",{fold}").replace("Digest ", f"Digest{fold}")
    callee = BusyCallee(stack.alpha.host, stack.alpha.port)
    callee.write = lambda invite: [
        answer_to(invite, "486 Busy Here")
        if header_of(invite, answers)
        else answer_to(invite, status, f"{asks}: {folded}")
    ]
    try:
        with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
            party.send(party.request("INVITE", _CALLED))
            assert party.final() == "SIP/2.0 486 Busy Here"
    finally:
        callee.stop()
    _, second = callee.invites
    line = second.split(b"\r\n")[0].decode()
    written = ((answers, header_of(second, answers)),)
    _assert_answers(SipMessage(True, line, written), answers, challenge, _OF_ALPHA)


def test_each_leg_has_its_own_credentials_and_no_others(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, **_OF_ALPHA)
    operator.change("Trunk", acme.beta, **_OF_BETA)
    operator.wait_published()
    of_beta = 'Digest realm="beta.example", nonce="other"'
    stack.alpha.answer(
        "callee_challenges_and_refuses",
        status="407",
        challenge=f"Proxy-Authenticate: {_COUNTED}",
        then_status="503",
    )
    stack.beta.answer("callee_challenges", status="401", challenge=f"WWW-Authenticate: {of_beta}")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()
    _, answered = stack.alpha.received_invites()
    _assert_answers(answered, "Proxy-Authorization", _COUNTED, _OF_ALPHA)
    first, second = stack.beta.received_invites()
    assert first.all("Proxy-Authorization") + first.all("Authorization") == []
    _assert_answers(second, "Authorization", of_beta, _OF_BETA)


@pytest.mark.parametrize("status", ["401", "407"])
def test_credentials_that_are_refused_are_not_sent_again(
    stack: Stack, acme: Acme, operator: Operator, status: str
) -> None:
    header = "WWW-Authenticate" if status == "401" else "Proxy-Authenticate"
    operator.change("Trunk", acme.alpha, **_OF_ALPHA)
    operator.wait_published()
    again = f'{header}: Digest realm="alpha.example", nonce="new", stale=false'
    stack.alpha.answer(
        "callee_challenges_and_refuses",
        status=status,
        challenge=f"{header}: {_PLAIN}",
        then_status=status,
        then_header=again,
    )
    stack.beta.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status=status)
    stack.pbx.wait()
    stack.alpha.wait()
    assert len(stack.alpha.received_invites()) == 2
    assert stack.beta.messages() == []


@pytest.mark.parametrize(("nonce", "count"), [("newer", "00000001"), ("n0nce==", "00000002")])
def test_a_stale_nonce_is_renewed_and_one_that_is_used_again_is_counted(
    stack: Stack, acme: Acme, operator: Operator, nonce: str, count: str
) -> None:
    operator.change("Trunk", acme.alpha, **_OF_ALPHA)
    operator.wait_published()
    again = _COUNTED.replace("n0nce==", nonce)
    stack.alpha.answer(
        "callee_challenges_twice",
        status="407",
        challenge=f"Proxy-Authenticate: {_COUNTED}",
        then_challenge=f"Proxy-Authenticate: {again}, stale=TRUE",
    )
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    stack.alpha.wait()
    _, second, third = stack.alpha.received_invites()
    _assert_answers(second, "Proxy-Authorization", _COUNTED, _OF_ALPHA)
    _assert_answers(third, "Proxy-Authorization", again, _OF_ALPHA, count)


@pytest.mark.parametrize(
    ("given", "challenge"),
    [
        # none at all
        ({}, f"Proxy-Authenticate: {_PLAIN}"),
        # for another realm
        ({**_OF_ALPHA, "outboundRealm": "sip.example"}, f"Proxy-Authenticate: {_PLAIN}"),
        ({**_OF_ALPHA, "outboundRealm": "ALPHA.example"}, f"Proxy-Authenticate: {_PLAIN}"),
        # challenges that nobody can answer
        (_OF_ALPHA, 'Proxy-Authenticate: Basic realm="alpha.example"'),
        (_OF_ALPHA, f"Proxy-Authenticate: {_PLAIN}, algorithm=SHA-512-256"),
        (_OF_ALPHA, f"Proxy-Authenticate: {_PLAIN}, algorithm=MD5-sess"),
        (_OF_ALPHA, f"Proxy-Authenticate: {_PLAIN}, algorithm=SHA-256-sess"),
        (_OF_ALPHA, f'Proxy-Authenticate: {_PLAIN}, qop="auth-int"'),
        (_OF_ALPHA, f"Proxy-Authenticate: {_PLAIN}, {_PLAIN}"),
        (_OF_ALPHA, 'Proxy-Authenticate: Digest realm="alpha.example"'),
        (_OF_ALPHA, f"WWW-Authenticate: {_PLAIN}"),
        (_OF_ALPHA, "X-None: 1"),
    ],
)
def test_what_cannot_be_answered_is_the_legs_answer(
    stack: Stack, acme: Acme, operator: Operator, given: dict[str, str], challenge: str
) -> None:
    operator.change("Trunk", acme.alpha, **given)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="407", reason=f"Refused\n      {challenge}")
    stack.beta.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="407")
    stack.pbx.wait()
    assert len(stack.alpha.received_invites()) == 1
    assert stack.beta.messages() == []


@pytest.mark.parametrize("realm", ["alpha.example", ""])
@pytest.mark.parametrize("best", [_COUNTED, f"{_COUNTED}, algorithm=SHA-256"])
def test_of_several_challenges_the_best_that_can_be_answered_is(
    stack: Stack, acme: Acme, operator: Operator, *, realm: str, best: str
) -> None:
    """By the hashes of the password where its realm is known, and SHA-256 before MD5."""
    operator.change("Trunk", acme.alpha, **_OF_ALPHA, outboundRealm=realm)
    operator.wait_published()
    challenges = [
        'Basic realm="alpha.example"',
        'Digest realm="other.example", nonce="x", algorithm=SHA-512-256',
        f"{_PLAIN}, algorithm=SHA-256-sess",
        *([_PLAIN] if best != _COUNTED else []),
        best,
        'Digest realm="alpha.example", nonce="later", algorithm=MD5',
    ]
    lines = "\n      ".join(f"Proxy-Authenticate: {challenge}" for challenge in challenges)
    stack.alpha.answer("callee_challenges", status="407", challenge=lines)
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    stack.alpha.wait()
    _, second = stack.alpha.received_invites()
    _assert_answers(second, "Proxy-Authorization", best, _OF_ALPHA)


def test_the_callers_own_credentials_never_stand_beside_the_legs(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Trunk", acme.alpha, **_OF_ALPHA)
    operator.wait_published()
    stack.alpha.answer("callee_challenges", status="401", challenge=f"WWW-Authenticate: {_PLAIN}")
    own = 'Authorization: Digest username="me", realm="alpha.example", nonce="x", response="y"'
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED, extra=own)
    stack.pbx.wait()
    stack.alpha.wait()
    _, second = stack.alpha.received_invites()
    _assert_answers(second, "Authorization", _PLAIN, _OF_ALPHA)
