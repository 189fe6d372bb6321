"""What a reroute policy says happens on the wire, and is what `walk` says of it.

Alpha has two endpoints, alpha and gamma, and goes before Beta, another carrier.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.failover import LegAnswer, walk
from pointsman.routing.outcome import Routes
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase, ReroutePolicy, RerouteRule
from pointsman.routing.trunk import Endpoint
from tests.routing.world import ALPHA_IP, BETA_IP, carrier_trunk, make_call, make_world
from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.sipp import Actor
from tests.sip.harness.stack import Stack

_CALLED = "+390612345678"


@pytest.fixture
def gamma(stack: Stack) -> Iterator[Actor]:
    actor = Actor("gamma", "127.0.0.23", stack.directory)
    yield actor
    actor.stop()


@pytest.fixture
def two_endpoints(stack: Stack, acme: Acme, operator: Operator, gamma: Actor) -> Acme:
    """Alpha with its two endpoints."""
    endpoints = [
        {"host": stack.alpha.host, "port": stack.alpha.port, "priority": 0},
        {"host": gamma.host, "port": gamma.port, "priority": 1},
    ]
    operator.change("Trunk", acme.alpha, endpoints=endpoints, frTimerMs=700, frInvTimerMs=1000)
    operator.change("Trunk", acme.beta, frTimerMs=700, frInvTimerMs=1000)
    return acme


def _rule(cause: str, action: str, phase: str = "BEFORE_RINGING", **more: Any) -> dict[str, Any]:
    return {"cause": cause, "action": action, "phase": phase, **more}


def _routes(rules: list[dict[str, Any]]) -> Routes:
    """The same legs and the same rules, in the core."""
    world = make_world()
    world.reroute_policies = [
        ReroutePolicy(
            "p",
            "p",
            "",
            tuple(
                RerouteRule(
                    rule["cause"],
                    RerouteAction(rule["action"]),
                    ReroutePhase(rule["phase"]),
                    rule.get("sipCode", 0),
                    rule.get("sipReason", ""),
                )
                for rule in rules
            ),
        )
    ]
    world.tenants[0] = structs.replace(world.tenants[0], reroute_policy_id="p")
    endpoints = (Endpoint("at alpha", ALPHA_IP), Endpoint("at gamma", ALPHA_IP, priority=1))
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    beta = (Endpoint("at beta", BETA_IP),)
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, endpoints=beta))
    return world.routes(make_call())


_GONE: dict[str, Any] = {"sipCode": 404, "sipReason": "Gone; (it's over)"}
# What alpha does and how SIPp does it, the rules, who is tried, and what the caller gets.
_CASES: list[tuple[LegAnswer, list[dict[str, Any]], str, int, str]] = [
    # before ringing
    (LegAnswer("503"), [_rule("503", "STOP")], "alpha", 500, "Service Unavailable"),
    (LegAnswer("504"), [_rule("5xx", "STOP")], "alpha", 504, ""),
    (LegAnswer("486"), [_rule("486", "NEXT")], "alpha gamma", 200, ""),
    (LegAnswer("486"), [_rule("4xx", "NEXT", "ANY")], "alpha gamma", 200, ""),
    (LegAnswer("404"), [_rule("404", "NEXT_CARRIER")], "alpha beta", 200, ""),
    (LegAnswer("503"), [_rule("5xx", "NEXT_CARRIER")], "alpha beta", 200, ""),
    (LegAnswer("603"), [_rule("603", "NEXT")], "alpha gamma", 200, ""),
    (LegAnswer("302"), [_rule("3xx", "NEXT")], "alpha gamma", 200, ""),
    (LegAnswer("486"), [_rule("486", "REWRITE", **_GONE)], "alpha", 404, _GONE["sipReason"]),
    (LegAnswer("486"), [_rule("486", "NEXT", "AFTER_RINGING")], "alpha", 486, ""),
    (LegAnswer("TIMEOUT"), [_rule("TIMEOUT", "STOP")], "alpha", 408, "Request Timeout"),
    (LegAnswer("TIMEOUT"), [_rule("408", "STOP")], "alpha gamma", 200, ""),
    (LegAnswer("408"), [_rule("TIMEOUT", "STOP")], "alpha gamma", 200, ""),
    (LegAnswer("408"), [_rule("408", "STOP")], "alpha", 408, ""),
    (LegAnswer("TRANSPORT"), [_rule("TRANSPORT", "STOP")], "", 480, "Temporarily Unavailable"),
    (LegAnswer("TRANSPORT"), [_rule("TRANSPORT", "NEXT_CARRIER")], "beta", 200, ""),
    (LegAnswer("TRANSPORT"), [_rule("TRANSPORT", "REWRITE", **_GONE)], "", 404, _GONE["sipReason"]),
    # after ringing
    (LegAnswer("486", rang=True), [_rule("486", "NEXT", "AFTER_RINGING")], "alpha gamma", 200, ""),
    (LegAnswer("486", rang=True), [_rule("486", "NEXT")], "alpha", 486, ""),
    (
        LegAnswer("503", rang=True), [_rule("5xx", "STOP", "ANY")],
        "alpha", 500, "Service Unavailable",
    ),
    (LegAnswer("480", rang=True), [_rule("4xx", "NEXT_CARRIER", "ANY")], "alpha beta", 200, ""),
    (
        LegAnswer("480", rang=True), [_rule("480", "REWRITE", "AFTER_RINGING", **_GONE)],
        "alpha", 404, _GONE["sipReason"],
    ),
    (LegAnswer("603", rang=True), [_rule("603", "NEXT")], "alpha", 603, ""),
    (
        LegAnswer("TIMEOUT", rang=True), [_rule("TIMEOUT", "NEXT", "AFTER_RINGING")],
        "alpha gamma", 200, "",
    ),
    (LegAnswer("TIMEOUT", rang=True), [], "alpha", 408, "Request Timeout"),
]  # fmt: skip


def _name(value: object) -> str:
    if isinstance(value, LegAnswer):
        return f"{value.cause}{'-rang' if value.rang else ''}"
    if isinstance(value, list):
        return ",".join(f"{rule['cause']}-{rule['action']}-{rule['phase']}" for rule in value)
    return str(value)


@pytest.mark.parametrize(("answer", "rules", "tried", "code", "reason"), _CASES, ids=_name)
def test_each_action_before_and_after_ringing(
    stack: Stack, two_endpoints: Acme, operator: Operator, gamma: Actor, *,
    answer: LegAnswer, rules: list[dict[str, Any]], tried: str, code: int, reason: str,
) -> None:  # fmt: skip
    policy = operator.make("CreateReroutePolicy", name="p", rules=rules)
    operator.change("Trunk", two_endpoints.alpha, reroutePolicyId=policy)
    if answer.cause == "TRANSPORT":
        endpoints = [
            {"host": "nowhere.invalid"},
            {"host": gamma.host, "port": gamma.port, "priority": 1},
        ]
        operator.change("Trunk", two_endpoints.alpha, endpoints=endpoints)
    operator.wait_published()
    _let_answer(stack.alpha, answer)
    gamma.answer("callee")
    stack.beta.answer("callee")
    if code == 200:
        stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    else:
        stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status=str(code))
    final = [message.start_line for message in stack.pbx.wait() if message.received]
    assert [name for name in final if name.split()[1] == str(code)]
    expected = reason or "Refused"
    if code != 200:
        assert final[-1] == f"SIP/2.0 {code} {expected}"
    actors = (stack.alpha, gamma, stack.beta)
    assert [actor.name for actor in actors if actor.received_invites()] == tried.split()

    walked = walk(_routes(rules), {"at alpha": answer})
    sent = [a.leg.target.endpoint_id for a in walked.attempts if a.answer.cause != "TRANSPORT"]
    expected_sent = [f"at {name}" for name in tried.split()]
    assert (sent, walked.sip_code, walked.sip_reason) == (expected_sent, code, reason)


def _let_answer(actor: Actor, answer: LegAnswer) -> None:
    if answer.cause == "TIMEOUT":
        actor.answer("callee_rings" if answer.rang else "callee_is_silent")
    elif answer.cause == "TRANSPORT":
        actor.answer("callee")
    else:
        script = "callee_rings_and_refuses" if answer.rang else "callee_refuses"
        actor.answer(script, status=answer.cause)


def test_who_rings_too_long_is_cancelled_before_the_next_is_called(
    stack: Stack, two_endpoints: Acme, operator: Operator, gamma: Actor
) -> None:
    policy = operator.make(
        "CreateReroutePolicy", name="p", rules=[_rule("TIMEOUT", "NEXT_CARRIER", "AFTER_RINGING")]
    )
    operator.change("Tenant", two_endpoints.tenant, reroutePolicyId=policy)
    operator.wait_published()
    stack.alpha.answer("callee_rings")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    requests = [m.start_line.split()[0] for m in stack.alpha.wait() if m.is_request]
    assert requests == ["INVITE", "CANCEL", "ACK"]
    stack.beta.wait()


def test_a_call_that_is_given_up_never_goes_on(
    stack: Stack, two_endpoints: Acme, operator: Operator, gamma: Actor
) -> None:
    rules = [_rule(cause, "NEXT", "ANY") for cause in ("4xx", "TIMEOUT", "TRANSPORT")]
    policy = operator.make("CreateReroutePolicy", name="p", rules=rules)
    operator.change("Trunk", two_endpoints.alpha, reroutePolicyId=policy)
    operator.wait_published()
    stack.alpha.answer("callee_rings")
    gamma.answer("callee")
    stack.beta.answer("callee")
    stack.pbx.call("caller_cancels_ringing", stack.kamailio.socket, _CALLED)
    stack.pbx.wait()
    stack.alpha.wait()
    assert gamma.messages() + stack.beta.messages() == []


@pytest.mark.parametrize(
    ("answers", "code", "reason"),
    [
        (("486", "503", "486"), 486, ""),
        (("503", "486", "503"), 500, "Service Unavailable"),
        (("503", "503", "480"), 404, _GONE["sipReason"]),
        (("486", "500", "302"), 302, ""),
    ],
)
def test_when_all_fail_the_last_answer_counts(
    stack: Stack, two_endpoints: Acme, operator: Operator, gamma: Actor, *,
    answers: tuple[str, str, str], code: int, reason: str,
) -> None:  # fmt: skip
    rules = [_rule("486", "NEXT"), _rule("480", "REWRITE", "ANY", **_GONE)]
    policy = operator.make("CreateReroutePolicy", name="p", rules=rules)
    operator.change("Tenant", two_endpoints.tenant, reroutePolicyId=policy)
    operator.wait_published()
    actors = (stack.alpha, gamma, stack.beta)
    for actor, status in zip(actors, answers, strict=True):
        actor.answer("callee_refuses", status=status)
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status=str(code))
    final = [message.start_line for message in stack.pbx.wait() if message.received][-1]
    assert final == f"SIP/2.0 {code} {reason or 'Refused'}"
    for actor in actors:
        actor.wait()
    named = zip(("at alpha", "at gamma", "at beta"), answers, strict=True)
    walked = walk(_routes(rules), {name: LegAnswer(cause) for name, cause in named})
    assert (len(walked.attempts), walked.sip_code, walked.sip_reason) == (3, code, reason)
