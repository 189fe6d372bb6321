"""All legs at once: each written for its own trunk, the first to answer takes the call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.digest import read_params, response_to
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.sipp import Actor
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_CALLED = "+390612345678"
_ALICE = {"from": '"Alice" <sip:+390401234567@acme.example>'}


@pytest.fixture
def parallel(stack: Stack, acme: Acme, operator: Operator) -> Acme:
    """Alpha and Beta are called at once."""
    operator.change("RoutingGroup", acme.group, mode="PARALLEL")
    operator.wait_published()
    return acme


@pytest.fixture
def gamma(stack: Stack) -> Iterator[Actor]:
    actor = Actor("gamma", "127.0.0.23", stack.directory)
    yield actor
    actor.stop()


def _requests(actor: Actor) -> list[str]:
    return [m.start_line.split()[0] for m in actor.messages() if m.received and m.is_request]


def test_each_leg_is_its_own_trunks_in_every_header(
    stack: Stack, parallel: Acme, operator: Operator
) -> None:
    operator.change(
        "Trunk",
        parallel.alpha,
        numberFormat="INTERNATIONAL_00",
        fromHost="sip.alpha.example",
        extraHeaders=[{"name": "X-Account", "template": "acme at alpha"}],
    )
    operator.change(
        "Trunk", parallel.beta, numberFormat="E164", callerIdPolicy="ANONYMOUS", trusted=False
    )
    operator.wait_published()
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee_rings_and_answers", delay="300")
    extra = "X-Account: mine\n      P-Asserted-Identity: <sip:+390401234567@acme.example>"
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED, **_ALICE, extra=extra)
    stack.pbx.wait()
    (to_alpha, *_) = stack.alpha.wait()
    (to_beta, *_) = stack.beta.wait()
    assert_message(to_alpha, _EXPECTED / "alpha.txt", **stack.sockets)
    assert_message(to_beta, _EXPECTED / "beta.txt", **stack.sockets)


def test_the_first_to_answer_takes_the_call_and_the_others_are_cancelled(
    stack: Stack, parallel: Acme
) -> None:
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee_rings_and_answers", delay="300")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED, **_ALICE)
    received = [message for message in stack.pbx.wait() if message.received]
    stack.alpha.wait()
    stack.beta.wait()
    assert _requests(stack.alpha) == ["INVITE", "CANCEL", "ACK"]
    assert _requests(stack.beta) == ["INVITE", "ACK", "BYE"]
    # The caller sees its own From and To, from whichever leg an answer comes.
    for message in received:
        assert message.one("From").startswith(_ALICE["from"] + ";tag=")
        assert message.one("To").startswith(f"<sip:{_CALLED}@{stack.sockets['kamailio']}>")


def test_a_leg_that_refuses_does_not_end_the_others(stack: Stack, parallel: Acme) -> None:
    stack.alpha.answer("callee_refuses", status="486")
    stack.beta.answer("callee_rings_and_answers", delay="300")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    seen = [message.start_line for message in stack.pbx.wait() if message.received]
    assert not any(line.startswith("SIP/2.0 486") for line in seen)
    stack.alpha.wait()
    stack.beta.wait()


def test_who_declines_for_everybody_ends_the_call(stack: Stack, parallel: Acme) -> None:
    """RFC 3261 section 16.7: on a 6xx the other legs are cancelled."""
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee_rings_and_refuses", status="603")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="603")
    stack.pbx.wait()
    stack.alpha.wait()
    assert _requests(stack.alpha) == ["INVITE", "CANCEL", "ACK"]


def test_a_caller_that_gives_up_ends_all_legs(stack: Stack, parallel: Acme) -> None:
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee_rings")
    stack.pbx.call("caller_cancels_two_ringing", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()


@pytest.mark.parametrize(
    ("alpha", "beta", "code", "reason"),
    [
        ("503", "486", 486, "Refused"),
        ("404", "503", 404, "Refused"),
        ("503", "504", 500, "Service Unavailable"),
        ("486", "404", 404, "Refused"),
        ("480", "484", 484, "Refused"),
        ("486", "302", 302, "Refused"),
        ("401", "407", 401, "Unauthorized"),
        # as the policy of the leg whose answer counts has it
        ("503", "481", 404, "Gone"),
    ],
)
def test_when_all_fail_the_best_answer_counts(
    stack: Stack, parallel: Acme, operator: Operator, *, alpha: str, beta: str, code: int,
    reason: str,
) -> None:  # fmt: skip
    rule = {
        "cause": "481",
        "action": "REWRITE",
        "phase": "ANY",
        "sipCode": 404,
        "sipReason": "Gone",
    }
    policy = operator.make("CreateReroutePolicy", name="p", rules=[rule])
    operator.change("Trunk", parallel.beta, reroutePolicyId=policy)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status=alpha)
    stack.beta.answer("callee_refuses", status=beta, delay="100")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status=str(code))
    final = [message.start_line for message in stack.pbx.wait() if message.received][-1]
    assert final == f"SIP/2.0 {code} {reason}"
    stack.alpha.wait()
    stack.beta.wait()


def test_a_leg_that_cannot_be_sent_leaves_the_others(
    stack: Stack, parallel: Acme, operator: Operator
) -> None:
    """By a name that is not found, and by one that is this node's own."""
    itself = {"host": "localhost", "port": stack.kamailio.port}
    for host in ({"host": "nowhere.invalid"}, itself):
        operator.change("Trunk", parallel.alpha, endpoints=[host])
        operator.wait_published()
        stack.beta.answer("callee")
        stack.pbx.call("caller", stack.kamailio.socket, _CALLED, **_ALICE)
        stack.pbx.wait()
        (invite, *_) = stack.beta.wait()
        assert invite.one("To") == f"<sip:{_CALLED}@127.0.0.22>"
    operator.change("Trunk", parallel.beta, endpoints=[{"host": "nowhere.invalid"}])
    operator.wait_published()
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="480")
    stack.pbx.wait()
    # Of legs of which none could be sent the first one's policy counts.
    for trunk, code in ((parallel.alpha, 404), (parallel.beta, 410)):
        rule = {"cause": "TRANSPORT", "action": "REWRITE", "sipCode": code, "sipReason": "Gone"}
        policy = operator.make("CreateReroutePolicy", name=f"p{code}", rules=[rule])
        operator.change("Trunk", trunk, reroutePolicyId=policy)
    operator.wait_published()
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="404")
    stack.pbx.wait()


def test_the_most_patient_leg_decides_how_long_all_are_waited_for(
    stack: Stack, parallel: Acme, operator: Operator
) -> None:
    operator.change("Trunk", parallel.alpha, frTimerMs=300)
    operator.change("Trunk", parallel.beta, frTimerMs=2_000)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="486", delay="900")
    stack.beta.answer("callee_refuses", status="503", delay="1000")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="486")
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()


def test_a_challenge_is_answered_while_other_legs_ring(
    stack: Stack, parallel: Acme, operator: Operator, gamma: Actor
) -> None:
    """Two legs ask, each for its own credentials, and a third rings all the while."""
    endpoints = [
        {"host": actor.host, "port": actor.port, "priority": at}
        for at, actor in enumerate((stack.beta, gamma))
    ]
    operator.change("Trunk", parallel.alpha, outboundUsername="a", outboundPassword="for alpha")
    operator.change(
        "Trunk", parallel.beta, outboundUsername="b", outboundPassword="for beta",
        endpoints=endpoints,
    )  # fmt: skip
    operator.wait_published()
    asks = 'Proxy-Authenticate: Digest realm="{}", nonce="n-{}", qop="auth"'
    stack.alpha.answer(
        "callee_challenges_and_refuses",
        status="407", challenge=asks.format("alpha", "a"), then_status="404",
    )  # fmt: skip
    stack.beta.answer("callee_challenges", status="407", challenge=asks.format("beta", "b"))
    gamma.answer("callee_rings")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    for actor, password in ((stack.alpha, "for alpha"), (stack.beta, "for beta")):
        actor.wait()
        first, second = actor.received_invites()
        assert first.all("Proxy-Authorization") == []
        params = read_params(second.one("Proxy-Authorization"))
        assert params["realm"] == actor.name
        assert params["response"] == response_to(params, password)
    gamma.wait()
    assert _requests(gamma) == ["INVITE", "CANCEL", "ACK"]


def test_when_all_fail_a_challenge_that_was_answered_is_no_answer(
    stack: Stack, parallel: Acme, operator: Operator
) -> None:
    operator.change("Trunk", parallel.alpha, outboundUsername="a", outboundPassword="p")
    operator.wait_published()
    asks = 'WWW-Authenticate: Digest realm="alpha", nonce="n"'
    stack.alpha.answer(
        "callee_challenges_and_refuses", status="401", challenge=asks, then_status="503"
    )
    stack.beta.answer("callee_refuses", status="504", delay="300")
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="500")
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()
