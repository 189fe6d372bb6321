"""A small configuration to try: a tenant, its PBX, two carriers, a DID, rules and an
emergency plan.

All parties live on loopback addresses of this machine, where `make call` plays them.
"""

from uuid import UUID

from tortoise.transactions import in_transaction

from pointsman.auth import Principal
from pointsman.models import Tenant, Trunk
from pointsman.routing.trunk import Transport
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.dids import create_did
from pointsman.services.domains import create_domain
from pointsman.services.emergency_plans import create_emergency_plan
from pointsman.services.group_places import Place
from pointsman.services.routing_groups import create_routing_group
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk

TENANT = "Acme"
NODE = "local"
NODE_SOCKET = "127.0.0.1:5070"
PBX = ("127.0.0.10", 5080)
ALPHA = ("127.0.0.21", 5081)
BETA = ("127.0.0.22", 5082)
CALLED = "+390612345678"
CALLING = "+390401234567"


async def load_demo() -> bool:
    """Load the demo unless its tenant is there; whether it was loaded."""
    if await Tenant.exists(name=TENANT):
        return False
    async with in_transaction():  # all of it or nothing, should it be interrupted
        await _load(Principal("demo"))
    return True


async def _load(by: Principal) -> None:
    tenant = await create_tenant(by, name=TENANT)
    pbx = await create_trunk(
        by,
        name="acme-pbx",
        tenant_id=tenant.id,
        sources=[Source(PBX[0])],
        endpoints=[Endpoint(*PBX, Transport.UDP)],
    )
    trunks = {}
    for name, address in (("Alpha", ALPHA), ("Beta", BETA)):
        carrier = await create_carrier(by, name=name)
        await grant_carrier(by, carrier.id, tenant.id)
        trunks[name] = await create_trunk(
            by,
            name=f"{name.lower()}-1",
            carrier_id=carrier.id,
            from_host="sip.acme.example",
            sources=[Source(address[0])],
            endpoints=[Endpoint(*address, Transport.UDP)],
        )
    await create_domain(by, tenant_id=tenant.id, name="acme.example", pbx_trunk_id=pbx.id)
    await create_did(by, tenant_id=tenant.id, prefix="+390401234", pbx_trunk_id=pbx.id)
    await _load_ways_out(by, tenant.id, trunks)


async def _load_ways_out(by: Principal, tenant_id: UUID, trunks: dict[str, Trunk]) -> None:
    """Rules for what the tenant's PBX calls, and the way of its emergency calls."""
    groups = {}
    for rule, prefix, order in (
        ("italy", "+39", ("Alpha", "Beta")),
        ("world", "+", ("Beta", "Alpha")),
    ):
        groups[rule] = await create_routing_group(
            by,
            tenant_id=tenant_id,
            name=rule,
            trunks=[Place(trunks[name].id, place) for place, name in enumerate(order)],
        )
        await create_routing_rule(
            by,
            tenant_id=tenant_id,
            name=rule,
            routing_group_id=groups[rule].id,
            called_prefix=prefix,
        )
    await create_emergency_plan(
        by,
        tenant_id=tenant_id,
        country="IT",
        numbers=["112", "113", "115", "118"],
        calling_number=CALLING,
        routing_group_ids=[groups["italy"].id],
        location="Trieste",
    )
