"""Two tenants behind one address are told apart by what their sources ask for."""

from dataclasses import dataclass

import pytest

from tests.sip.harness.operator import Operator
from tests.sip.harness.stack import Stack

_CALLED = "+390612345678"
_ALICE = {"from": '"Alice" <sip:+390401234567@acme.example>'}


@dataclass(frozen=True)
class Shared:
    """The PBX trunks of both tenants, whose sources have the PBX's address in common."""

    acme: str
    zen: str


@pytest.fixture
def shared(stack: Stack, operator: Operator) -> Shared:
    """Acme's calls go to Alpha, Zen's to Beta."""
    trunks = {}
    for name, actor, tech_prefix in (("Acme", stack.alpha, "55*"), ("Zen", stack.beta, "56*")):
        tenant = operator.make("CreateTenant", name=name)
        trunks[name] = operator.make(
            "CreateTrunk",
            name=f"{name} PBX",
            tenantId=tenant,
            sources=[{"cidr": stack.pbx.host, "techPrefix": tech_prefix}],
        )
        carrier = operator.make("CreateCarrier", name=actor.name, tenantId=tenant)
        out = operator.make(
            "CreateTrunk",
            name=actor.name,
            carrierId=carrier,
            endpoints=[{"host": actor.host, "port": actor.port}],
        )
        group = operator.make(
            "CreateRoutingGroup", tenantId=tenant, name="out", trunks=[{"trunkId": out}]
        )
        operator.make("CreateRoutingRule", tenantId=tenant, name="all", routingGroupId=group)
    operator.wait_published()
    return Shared(trunks["Acme"], trunks["Zen"])


@pytest.mark.usefixtures("shared")
def test_the_tech_prefix_tells_whose_call_it_is_and_goes_no_further(stack: Stack) -> None:
    for actor, tech_prefix in ((stack.alpha, "55*"), (stack.beta, "56*")):
        actor.answer("callee")
        stack.pbx.call("caller", stack.kamailio.socket, f"{tech_prefix}{_CALLED}", **_ALICE)
        stack.pbx.wait()
        (invite, *_) = actor.wait()
        assert invite.start_line == (f"INVITE sip:{_CALLED}@{stack.sockets[actor.name]} SIP/2.0")
        assert "*" not in invite.one("To")


@pytest.mark.usefixtures("shared")
def test_a_call_that_no_source_holds_for_is_refused(stack: Stack) -> None:
    stack.pbx.call("caller_refused", stack.kamailio.socket, _CALLED, status="403", **_ALICE)
    stack.pbx.wait()


def test_the_transport_and_the_port_tell_whose_call_it_is(
    stack: Stack, shared: Shared, operator: Operator
) -> None:
    by_port = {"cidr": stack.pbx.host, "port": stack.pbx.port, "transport": "UDP"}
    operator.change("Trunk", shared.acme, sources=[{"cidr": stack.pbx.host, "transport": "TLS"}])
    operator.change("Trunk", shared.zen, sources=[by_port])
    operator.wait_published()
    stack.beta.answer("callee")
    stack.pbx.call("caller", stack.kamailio.socket, _CALLED, **_ALICE)
    stack.pbx.wait()
    (invite, *_) = stack.beta.wait()
    assert invite.start_line.startswith(f"INVITE sip:{_CALLED}@")
