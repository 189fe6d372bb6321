"""Calls that lists or the class of the number stand against are refused, and only those."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack


@pytest.mark.parametrize(
    "called", ["+39899123456", "+870773111632", "0039899123456", "+3989912345678"]
)
def test_expensive_numbers_are_refused_until_they_are_allowed(
    stack: Stack, acme: Acme, operator: Operator, called: str
) -> None:
    operator.make("CreateRoutingRule", tenantId=acme.tenant, name="all", routingGroupId=acme.group)
    operator.wait_published()
    stack.alpha.answer("callee")
    stack.pbx.call("caller_refused", stack.kamailio.socket, called, status="403")
    stack.pbx.wait()
    assert stack.alpha.messages() == []
    operator.change(
        "Tenant",
        acme.tenant,
        allowedClasses=["PREMIUM_RATE", "SHARED_COST", "SATELLITE", "INTERNATIONAL_NETWORK"],
    )
    operator.wait_published()
    stack.pbx.call("caller", stack.kamailio.socket, called)
    stack.pbx.wait()
    (invite, *_) = stack.alpha.wait()
    assert invite.start_line == f"INVITE sip:{called}@{stack.sockets['alpha']} SIP/2.0"


def test_a_carriers_calls_are_screened_by_the_lists_of_the_tenant_called(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.make(
        "CreateNumberList", tenantId=acme.tenant, name="callers", kind="BLOCK", field="CALLING",
        prefixes=["+44"], trunkIds=[acme.alpha],
    )  # fmt: skip
    operator.wait_published()
    spam = {
        "from": '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "extra": "P-Asserted-Identity: <sip:+442079460000@alpha.example>",
    }
    stack.pbx.answer("callee")
    to, called = stack.kamailio.socket, "+390401234567"
    stack.alpha.call("caller_refused", to, called, status="403", **spam)
    stack.alpha.wait()
    assert stack.pbx.messages() == []
    stack.beta.call("caller", to, called, **spam)
    stack.beta.wait()
    stack.pbx.wait()
