"""Two tenants' calls in turn through one worker: nothing of the one is ever seen in the other's."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.sip.conftest import Acme
from tests.sip.harness.busy import BusyCallee
from tests.sip.harness.operator import Operator
from tests.sip.harness.raw import RawParty, header_of
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.protection.conftest import Start

_CALLS = 1_000


@dataclass
class Side:
    """A tenant: where it calls from, and the carrier that has all of its calls."""

    name: str
    host: str
    callee: BusyCallee


@pytest.fixture
def sides(stack: Stack, acme: Acme, operator: Operator) -> Iterator[list[Side]]:
    """Acme, whose calls go to Alpha with a name, an identity and a header; and Beta's tenant Bare,
    whose calls have none of them."""
    operator.change("Trunk", acme.alpha, extraHeaders=[{"name": "X-Acme", "template": "acme"}])
    other = operator.make("CreateTenant", name="Bare")
    operator.make(
        "CreateTrunk", name="bare-pbx", tenantId=other, sources=[{"cidr": stack.stranger.host}],
        endpoints=[{"host": stack.stranger.host, "port": stack.stranger.port}],
    )  # fmt: skip
    carrier = operator.make("CreateCarrier", name="bare")
    operator.run("GrantCarrier", carrierId=carrier, tenantId=other)
    trunk = operator.make(
        "CreateTrunk", name="bare", carrierId=carrier, fromHost="bare.example",
        sendAssertedIdentity=False,
        endpoints=[{"host": "127.0.0.23", "port": stack.beta.port}],
    )  # fmt: skip
    group = operator.make(
        "CreateRoutingGroup", tenantId=other, name="out", trunks=[{"trunkId": trunk, "priority": 0}]
    )
    operator.make(
        "CreateRoutingRule", tenantId=other, name="all", calledPrefix="+", routingGroupId=group
    )
    operator.wait_published()
    found = [
        Side("acme", stack.pbx.host, BusyCallee(stack.alpha.host, stack.alpha.port)),
        Side("bare", stack.stranger.host, BusyCallee("127.0.0.23", stack.beta.port)),
    ]
    yield found
    for side in found:
        side.callee.stop()


def test_nothing_crosses(start: Start, sides: list[Side]) -> None:
    kamailio = start(router=None)
    with (
        RawParty(sides[0].host, kamailio.socket) as acme,
        RawParty(sides[1].host, kamailio.socket) as bare,
    ):
        for number in range(0, _CALLS, 2):
            _send(acme, f'"N{number}" ', "acme", number)
            _send(bare, "", "bare", number + 1)
            assert (acme.final(), bare.final()) == ("SIP/2.0 486 Busy Here",) * 2
    for place, side in enumerate(sides):
        calls = {header_of(invite, "Call-ID"): invite for invite in side.callee.invites}
        assert set(calls) == {f"{side.name}-{number}" for number in range(place, _CALLS, 2)}
        for call_id, invite in calls.items():
            _assert_own(side.name, int(call_id.partition("-")[2]), invite)


def _send(party: RawParty, name: str, side: str, number: int) -> None:
    from_ = f"{name}<sip:+39040{number:07}@acme.example>;tag={side}{number}"
    call_id = f"{side}-{number}"
    party.send(party.request("INVITE", f"+39061{number:07}", from_=from_, call_id=call_id))


def _assert_own(side: str, number: int, invite: bytes) -> None:
    assert invite.startswith(f"INVITE sip:+39061{number:07}@".encode())
    identity = {
        "acme": f'"N{number}" <sip:+39040{number:07}@sip.acme.example>',
        "bare": f"<sip:+39040{number:07}@bare.example>",
    }[side]
    assert header_of(invite, "From") == f"{identity};tag={side}{number}"
    assert header_of(invite, "P-Asserted-Identity") == (identity if side == "acme" else "")
    assert header_of(invite, "X-Acme") == ("acme" if side == "acme" else "")
