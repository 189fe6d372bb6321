"""An emergency call reaches a carrier with the caller of its plan, whatever stands in its way."""

from pathlib import Path

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.expected import assert_message
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

_EXPECTED = Path(__file__).parent / "expected"
_NOBODY = {
    "from": '"Anonymous" <sip:anonymous@anonymous.invalid>',
    "extra": "Privacy: id;critical",
}


def _plan(operator: Operator, acme: Acme) -> None:
    """Lists that let nothing through, trunks that would tell another caller, and the plan."""
    owner = {"tenantId": acme.tenant}
    for field in ("CALLED", "CALLING"):
        operator.make(
            "CreateNumberList", name=field, kind="BLOCK", field=field, prefixes=[""], **owner
        )
    operator.change("Trunk", acme.alpha, callerIdPolicy="ANONYMOUS", trusted=False)
    operator.change("Trunk", acme.beta, callerIdPolicy="FORCE", callerIdNumber="+390499999999")
    groups = [
        operator.make("CreateRoutingGroup", name=name, trunks=[{"trunkId": trunk}], **owner)
        for name, trunk in (("first", acme.alpha), ("second", acme.beta))
    ]
    operator.make(
        "CreateEmergencyPlan",
        country="IT",
        numbers=["112", "118"],
        callingNumber="+390401234000",
        routingGroupIds=groups,
        location="Trieste, Molo IV",
        geolocationUri="https://lis.acme.example/held/1",
        **owner,
    )
    operator.wait_published()


def test_a_blocked_caller_reaches_the_emergency_services(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    _plan(operator, acme)
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="403")
    stack.pbx.wait()
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "112", **_NOBODY)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert_message(invite, _EXPECTED / "alpha.txt", **stack.sockets)


@pytest.mark.parametrize("dialled", ["+112", "+39112"])
def test_it_does_so_however_the_number_is_written(
    stack: Stack, acme: Acme, operator: Operator, dialled: str
) -> None:
    _plan(operator, acme)
    stack.alpha.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, dialled)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert invite.start_line == f"INVITE sip:112@{stack.sockets['alpha']} SIP/2.0"


@pytest.mark.parametrize("status", ["503", "404", "486", "603"])
def test_the_second_carrier_is_tried_whatever_the_first_one_answers(
    stack: Stack, acme: Acme, operator: Operator, status: str
) -> None:
    _plan(operator, acme)
    stack.alpha.answer("callee_refuses", status=status)
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "112", **_NOBODY)
    stack.pbx.wait()
    stack.alpha.wait()
    (invite, *_) = stack.beta.wait()
    assert_message(invite, _EXPECTED / "beta.txt", **stack.sockets)


def test_the_second_carrier_is_tried_when_the_first_one_rings_and_refuses(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    _plan(operator, acme)
    stack.alpha.answer("callee_rings_and_refuses", status="480")
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, "112")
    stack.pbx.wait()
    stack.alpha.wait()
    stack.beta.wait()
