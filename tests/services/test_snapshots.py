"""What the core gets is what the operator wrote, as one revision has it."""

from collections.abc import AsyncIterator

import pytest

from pointsman.auth import Principal
from pointsman.demo import (
    ALPHA,
    CALLED,
    CALLING,
    NODE,
    NODE_SOCKET,
    PBX,
    load_demo,
)
from pointsman.models import Tenant
from pointsman.routing.call import Call
from pointsman.routing.decide import decide
from pointsman.routing.outcome import MatchKind, Reject, RejectCode, Routes
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.routing.trunk import Transport
from pointsman.routing.uri import NameAddr, parse_uri
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import update_tenant
from tests.conftest import bound, copy_database


@pytest.fixture(autouse=True)
async def demo(template_url: str) -> AsyncIterator[None]:
    async with bound(await copy_database(template_url, "snapshots")):
        assert await load_demo() is True
        yield


async def _snapshot() -> Snapshot:
    return compile_snapshot(await load_configuration())


def _call(source_ip: str, request_uri: str) -> Call:
    return Call(
        sip_call_id="c",
        source_ip=source_ip,
        source_port=40_000,
        transport=Transport.UDP,
        request_uri=parse_uri(request_uri),
        from_=NameAddr("", parse_uri(f"sip:{CALLING}@acme.example")),
        to_display="",
    )


async def test_the_demo_routes_in_both_directions() -> None:
    snapshot = await _snapshot()
    assert snapshot.revision == (await get_current_revision()).id
    outbound = decide(_call(PBX[0], f"sip:{CALLED}@h"), snapshot, now=0)
    assert isinstance(outbound, Routes)
    assert [leg.target.destination for leg in outbound.legs] == [
        "sip:127.0.0.21:5081",
        "sip:127.0.0.22:5082",
    ]
    world = decide(_call(PBX[0], "sip:+12025550123@h"), snapshot, now=0)
    assert isinstance(world, Routes)
    assert [leg.target.destination for leg in world.legs] == [
        "sip:127.0.0.22:5082",
        "sip:127.0.0.21:5081",
    ]
    for uri in (f"sip:{CALLING}@h", "sip:100@acme.example"):
        inbound = decide(_call(ALPHA[0], uri), snapshot, now=0)
        assert isinstance(inbound, Routes)
        assert [leg.target.destination for leg in inbound.legs] == ["sip:127.0.0.10:5080"]


async def test_an_emergency_call_of_the_demo_goes_to_both_carriers() -> None:
    routes = decide(_call(PBX[0], "sip:112@h"), await _snapshot(), now=0)
    assert isinstance(routes, Routes)
    assert (routes.match_kind, len(routes.legs)) == (MatchKind.EMERGENCY, 2)
    assert {leg.from_.uri for leg in routes.legs} == {f"sip:{CALLING}@sip.acme.example"}


async def test_a_demo_that_is_there_is_left_alone() -> None:
    before = await get_current_revision()
    assert await load_demo() is False
    assert (await get_current_revision()).id == before.id


async def test_a_change_decides_the_next_call(admin: Principal) -> None:
    tenant = await Tenant.get(name="Acme")
    await update_tenant(admin, tenant.id, enabled=False)
    outcome = decide(_call(PBX[0], f"sip:{CALLED}@h"), await _snapshot(), now=0)
    assert isinstance(outcome, Reject)
    assert outcome.code is RejectCode.TENANT_DISABLED


async def test_nodes_come_with_their_sockets(admin: Principal) -> None:
    sockets = [NODE_SOCKET, "[2001:0db8::1]:5060"]
    await create_kamailio_node(admin, name=NODE, sockets=sockets, trusted_cidrs=["192.0.2.0/30"])
    snapshot = await _snapshot()
    assert snapshot.router_sockets == {("127.0.0.1", 5070), ("2001:db8::1", 5060)}
    (node,) = snapshot.kamailio_nodes
    assert (node.name, node.trusted_cidrs) == (NODE, ("192.0.2.0/30",))
