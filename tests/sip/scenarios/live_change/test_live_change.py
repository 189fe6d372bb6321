"""The next change through GraphQL routes the next call differently, by its notice alone."""

from tests.sip.conftest import Acme
from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack


def test_the_next_call_goes_where_the_operator_said(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    """The router's poll is an hour away: what arrives here arrived by NOTIFY."""
    carriers = {acme.alpha: stack.alpha, acme.beta: stack.beta}
    for trunk in (acme.alpha, acme.beta, acme.alpha):
        operator.change("RoutingGroup", acme.group, trunks=[{"trunkId": trunk}])
        operator.wait_published()
        for actor in carriers.values():
            actor.answer("callee")
        stack.pbx.call("caller", stack.kamailio.socket, "+390612345678")
        stack.pbx.wait()
        assert {id_: bool(actor.messages()) for id_, actor in carriers.items()} == {
            id_: id_ == trunk for id_ in carriers
        }


def test_a_disabled_tenant_is_refused_from_the_next_call_on(
    stack: Stack, acme: Acme, operator: Operator
) -> None:
    operator.change("Tenant", acme.tenant, enabled=False)
    operator.wait_published()
    stack.pbx.call("caller_refused", stack.kamailio.socket, "+390612345678", status="403")
    stack.pbx.wait()
