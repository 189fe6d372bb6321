"""A carrier is told of the caller that its trunk's policy picks."""

from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_ALICE = '"Alice" <sip:+390401234567@acme.example>'
_STRANGER = '"Stranger" <sip:+390499999999@acme.example>'
_NOBODY = '"Anonymous" <sip:anonymous@anonymous.invalid>'
_MAIN = "+390401234000"


@pytest.mark.parametrize(
    ("policy", "caller", "expected"),
    [
        ("PASS", _ALICE, "pass"),
        ("FORCE", _ALICE, "force"),
        ("DID_OWNED", _ALICE, "pass"),
        ("DID_OWNED", _STRANGER, "force"),
        ("ANONYMOUS", _ALICE, "anonymous"),
        ("FORCE", _NOBODY, "force_anonymous"),
        ("FORCE", "sip:+390401234567@acme.example", "force"),
    ],
)
def test_who_calls_is_said_by_policy(
    stack: Stack, acme: Acme, policy: str, caller: str, expected: str
) -> None:
    stack.operator.change(
        "Trunk", acme.alpha, callerIdPolicy=policy, callerIdNumber=_MAIN,
        sendPreferredIdentity=True, sendRemotePartyId=True,
    )  # fmt: skip
    stack.operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **{"from": caller})
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / f"{expected}.txt", **stack.sockets)


def test_a_name_that_is_no_text_is_withheld_all_the_same(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """The router is not even told of it."""
    operator.change("Trunk", acme.alpha, callerIdPolicy="FORCE", callerIdNumber=_MAIN)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="486")
    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        from_ = '"J\xf6rg" <sip:+390401234567@acme.example>;tag=1'
        party.send(party.request("INVITE", "+390612345678", from_=from_))
        assert party.final() == "SIP/2.0 486 Refused"
    (invite, *_) = stack.alpha.wait()
    assert invite.one("From") == f'"" <sip:{_MAIN}@sip.acme.example>;tag=1'


def test_a_trunk_that_may_not_have_the_caller_is_left_out(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """Neither a DID of the tenant nor a number for others: Alpha is not even tried."""
    operator.change("Trunk", acme.alpha, callerIdPolicy="DID_OWNED")
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **{"from": _STRANGER})
    stack.pbx.wait()
    (invite, *_) = stack.beta.wait()
    assert invite.one("From").startswith('"Stranger" <sip:+390499999999@sip.acme.example>;tag=')
    assert stack.alpha.messages() == []
    operator.change("Trunk", acme.beta, callerIdPolicy="DID_OWNED")
    operator.wait_published()
    stack.pbx.call(
        "caller_refused", stack.kamailio.socket, "+390612345678",
        status="480", **{"from": _STRANGER},
    )  # fmt: skip
    stack.pbx.wait()
    assert stack.alpha.messages() == []


def test_each_leg_has_the_caller_of_its_own_trunk(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """Nothing of the leg that failed is left on the next one."""
    operator.change(
        "Trunk", acme.alpha, callerIdPolicy="ANONYMOUS", sendRemotePartyId=True,
        extraHeaders=[{"name": "X-Way", "template": "{trunk}"}],
    )  # fmt: skip
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **{"from": _ALICE})
    stack.pbx.wait()
    (first, *_) = stack.alpha.wait()
    assert first.one("From").startswith('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=')
    assert first.one("X-Way") == "alpha"
    (second, *_) = stack.beta.wait()
    assert_message(second, _EXPECTED / "beta.txt", **stack.sockets)


def test_whoever_is_told_of_the_caller_hears_its_own_from(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """What is said to the carrier is taken back towards the caller (RFC 3261 8.2.6.2)."""
    operator.change("Trunk", acme.alpha, callerIdPolicy="ANONYMOUS")
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **{"from": _ALICE})
    received = [message for message in stack.pbx.wait() if message.received]
    stack.alpha.wait()
    assert received
    for message in received:
        assert message.one("From").startswith(f"{_ALICE};tag=")


@pytest.mark.parametrize(
    ("policy", "mode", "expected"),
    [
        ("ANONYMOUS", "SERIAL", "sip:anonymous@anonymous.invalid"),
        ("ANONYMOUS", "PARALLEL", "sip:anonymous@anonymous.invalid"),
        ("FORCE", "SERIAL", f"sip:{_MAIN}@sip.acme.example"),
    ],
)
def test_what_follows_the_invite_tells_no_more_of_the_caller(
    stack: Stack, acme: Acme, operator: Operator, *, policy: str, mode: str, expected: str
) -> None:
    """Neither ACK nor BYE, where the caller writes its own From again, nor the ACK of a leg that
    refused."""
    operator.change("RoutingGroup", acme.group, mode=mode)
    for trunk in (acme.alpha, acme.beta):
        operator.change("Trunk", trunk, callerIdPolicy=policy, callerIdNumber=_MAIN, trusted=False)
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee_rings_and_answers", delay="200")
    stack.pbx.call("caller", stack.kamailio.socket, "+390612345678", **{"from": _ALICE})
    stack.pbx.wait()
    requests = [m for m in stack.alpha.wait() + stack.beta.wait() if m.received and m.is_request]
    methods = [message.start_line.split()[0] for message in requests]
    assert methods == ["INVITE", "ACK", "INVITE", "ACK", "BYE"]
    for message in requests:
        assert f"<{expected}>;tag=" in message.one("From")
        assert "Alice" not in message.one("From")


def test_who_hangs_up_on_a_caller_that_it_was_not_told_calls_it_by_its_name(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """After a leg that failed: the BYE has the URI of the caller's own From in To, and the number
    that the caller dialled in From."""
    operator.change("Trunk", acme.beta, callerIdPolicy="ANONYMOUS", numberFormat="INTERNATIONAL_00")
    operator.wait_published()
    stack.alpha.answer("callee_refuses", status="503")
    stack.beta.answer("callee_hangs_up")
    stack.pbx.call(
        "caller_is_hung_up_on", stack.kamailio.socket, "+390612345678", **{"from": _ALICE}
    )
    (bye,) = [message for message in stack.pbx.wait() if message.received and message.is_request]
    stack.beta.wait()
    assert bye.start_line.startswith("BYE ")
    assert "<sip:+390401234567@acme.example>;tag=" in bye.one("To")
    assert bye.one("From").startswith(f"<sip:+390612345678@{stack.sockets['kamailio']}>;tag=")
