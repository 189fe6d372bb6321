"""A small configuration to try, with something of every kind: a tenant and its PBX, which dials as
Italians do, two carriers, a DID, rules, a short number for office hours, a list, an emergency plan.

All parties live on loopback addresses of this machine, where `make call` plays them.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pointsman.auth import Principal
from pointsman.database import transaction
from pointsman.models import Tenant, Trunk
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.routing.number_list import ListKind
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.schedule import Weekday
from pointsman.routing.trunk import Transport
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.dids import create_did
from pointsman.services.domains import create_domain
from pointsman.services.emergency_plans import create_emergency_plan
from pointsman.services.group_places import Place
from pointsman.services.normalization_profiles import create_normalization_profile
from pointsman.services.number_lists import create_number_list
from pointsman.services.reroute_policies import Rule, create_reroute_policy
from pointsman.services.routing_groups import create_routing_group
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.schedule_parts import Holiday, OpenWindow
from pointsman.services.schedules import create_schedule
from pointsman.services.tenants import create_tenant, update_tenant
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


@dataclass
class _Example:
    direction: NumberDirection
    field: NumberField
    given: str
    expected: str


async def load_demo() -> bool:
    """Load the demo unless its tenant is there; whether it was loaded."""
    if await Tenant.exists(name=TENANT):
        return False
    async with transaction():  # all of it or nothing, should it be interrupted
        await _load(Principal("demo"))
    return True


async def _load(by: Principal) -> None:
    tenant = await create_tenant(by, name=TENANT)
    await _load_policy(by, tenant.id)
    profile = await create_normalization_profile(
        by,
        name="Italy",
        country="IT",
        examples=[
            _Example(NumberDirection.INBOUND, NumberField.CALLED, given, CALLED)
            for given in ("0612345678", "00390612345678")
        ],
    )
    pbx = await create_trunk(
        by,
        name="acme-pbx",
        tenant_id=tenant.id,
        normalization_profile_id=profile.id,
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
    await _load_front_desk(by, tenant.id)
    await create_number_list(
        by,
        tenant_id=tenant.id,
        name="never called",
        kind=ListKind.BLOCK,
        field=NumberField.CALLED,
        prefixes=["+39892", "+39899"],
    )


async def _load_policy(by: Principal, tenant_id: UUID) -> None:
    """A carrier that has no circuits free is not asked a second time."""
    policy = await create_reroute_policy(
        by,
        tenant_id=tenant_id,
        name="no circuits",
        rules=[Rule("503", RerouteAction.NEXT_CARRIER)],
    )
    await update_tenant(by, tenant_id, reroute_policy_id=policy.id)


async def _load_front_desk(by: Principal, tenant_id: UUID) -> None:
    """*1 calls somebody in office hours, and tells that there is nobody at other times."""
    week = [Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI]
    schedule = await create_schedule(
        by,
        tenant_id=tenant_id,
        name="office hours",
        time_zone="Europe/Rome",
        windows=[OpenWindow(week, "08:00", "18:00")],
        holidays=[Holiday(date(2026, 12, 25), "Christmas")],
    )
    await create_routing_rule(
        by,
        tenant_id=tenant_id,
        name="front desk",
        called_prefix="*1",
        called_regex=r"\*1",
        schedule_id=schedule.id,
        action=RuleAction.CONTINUE,
        forward_number=CALLED,
    )
    await create_routing_rule(
        by,
        tenant_id=tenant_id,
        name="front desk closed",
        called_prefix="*1",
        called_regex=r"\*1",
        schedule_id=schedule.id,
        schedule_open=False,
        action=RuleAction.REJECT,
        reject_sip_code=480,
        reject_sip_reason="Office Closed",
    )


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
