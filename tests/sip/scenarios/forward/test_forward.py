"""A routing rule sends a call on with another called number."""

from collections.abc import Iterator

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.sipp import Actor
from tests.sip.harness.stack import Stack

_ALICE = {"from": '"Alice" <sip:+390401234567@acme.example>'}


def _forward(operator: Operator, acme: Acme, name: str, prefix: str, number: str) -> None:
    operator.make(
        "CreateRoutingRule",
        tenantId=acme.tenant,
        name=name,
        calledPrefix=prefix,
        action="CONTINUE",
        forwardNumber=number,
    )


@pytest.fixture
def branch(stack: Stack, acme: Acme, operator: Operator) -> Iterator[Actor]:
    """Another PBX of Acme, with numbers of its own."""
    actor = Actor("branch", "127.0.0.11", stack.directory)
    trunk = operator.make(
        "CreateTrunk",
        name="branch",
        tenantId=acme.tenant,
        endpoints=[{"host": actor.host, "port": actor.port}],
    )
    operator.make("CreateDid", tenantId=acme.tenant, prefix="+39040999", pbxTrunkId=trunk)
    yield actor
    actor.stop()


def test_the_carrier_gets_the_other_number(stack: Stack, acme: Acme, operator: Operator) -> None:
    operator.change("Trunk", acme.alpha, diversionPolicy="DIVERSION")
    _forward(operator, acme, "rome", "+3906", "+390212345678")
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **_ALICE)
    answers = [message for message in stack.pbx.wait() if message.received]
    (invite, *_) = stack.alpha.wait()
    alpha = stack.sockets["alpha"]
    assert invite.start_line == f"INVITE sip:+390212345678@{alpha} SIP/2.0"
    assert invite.one("To") == f"<sip:+390212345678@{stack.alpha.host}>"
    assert invite.one("From").startswith('"Alice" <sip:+390401234567@sip.acme.example>;tag=')
    (diversion,) = invite.all("Diversion")
    assert diversion.startswith("<sip:+390612345678@")
    assert "reason=unconditional" in diversion
    # The caller goes on seeing the number that it has called.
    dialled = f"<sip:+390612345678@{stack.sockets['kamailio']}>"
    assert {answer.one("To").partition(";")[0] for answer in answers} == {dialled}


def test_the_next_leg_gets_the_other_number_too(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    _forward(operator, acme, "rome", "+3906", "+390212345678")
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **_ALICE)
    stack.pbx.wait()
    stack.alpha.wait()
    (invite, *_) = stack.beta.wait()
    assert invite.start_line == f"INVITE sip:+390212345678@{stack.sockets['beta']} SIP/2.0"


def test_a_call_comes_to_a_number_of_the_tenant_and_leaves_no_more(
    stack: Stack, acme: Acme, operator: Operator, branch: Actor
) -> None:
    _forward(operator, acme, "rome", "+3906", "+390409990001")
    operator.wait_published()
    stack.alpha.answer("callee")
    branch.answer("callee_refuses", status="603")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="603")
    stack.pbx.wait()
    (invite, *_) = branch.wait()
    assert invite.start_line == f"INVITE sip:+390409990001@{branch.host}:{branch.port} SIP/2.0"
    assert stack.alpha.messages() == []


def test_the_domain_that_was_dialled_does_not_matter_to_the_other_number(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    _forward(operator, acme, "rome", "+3906", "100")
    _forward(operator, acme, "one hundred", "100", "+390212345678")
    operator.wait_published()
    stack.alpha.answer("callee")
    keys = {**_ALICE, "request_host": "acme.example"}
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **keys)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert invite.one("To") == f"<sip:+390212345678@{stack.alpha.host}>"


def test_a_loop_of_forwards_is_a_loop(stack: Stack, acme: Acme, operator: Operator) -> None:
    _forward(operator, acme, "rome", "+3906", "+390212345678")
    _forward(operator, acme, "milan", "+3902", "+390612345678")
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="482")
    answers = [message.start_line for message in stack.pbx.wait() if message.received]
    assert answers[-1] == "SIP/2.0 482 Loop Detected"
    assert stack.alpha.messages() == []
