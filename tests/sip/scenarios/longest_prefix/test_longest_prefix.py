"""Among the rules that match, the longest called prefix wins, over a lower priority too."""

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack


@pytest.mark.parametrize(
    ("called", "expected"), [("+390612345678", "beta"), ("+390212345678", "alpha")]
)
def test_the_longest_prefix_wins(
    stack: Stack, acme: Acme, operator: Operator, called: str, expected: str
) -> None:
    rome = operator.make(
        "CreateRoutingGroup",
        tenantId=acme.tenant,
        name="rome",
        trunks=[{"trunkId": acme.beta}],
    )
    operator.make(
        "CreateRoutingRule",
        tenantId=acme.tenant,
        name="rome",
        calledPrefix="+3906",
        priority=9,
        routingGroupId=rome,
    )
    operator.wait_published()
    carriers = {"alpha": stack.alpha, "beta": stack.beta}
    for carrier in carriers.values():
        carrier.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, called)
    stack.pbx.wait()
    assert [name for name, actor in carriers.items() if actor.messages()] == [expected]
