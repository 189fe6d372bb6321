"""What changes of what routes calls leave: a partial compile makes what a full one would."""

from datetime import date
from uuid import UUID

import pytest

from pointsman.auth import Principal
from pointsman.models import (
    Carrier,
    Did,
    EmergencyPlan,
    KamailioNode,
    NumberList,
    Schedule,
    Tenant,
    Trunk,
)
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_group import Strategy
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.schedule import Weekday
from pointsman.services.carriers import (
    update_carrier,
)
from pointsman.services.changes import change, describe
from pointsman.services.dids import create_did, delete_did, update_did
from pointsman.services.emergency_plans import (
    create_emergency_plan,
    delete_emergency_plan,
    update_emergency_plan,
)
from pointsman.services.group_places import Place
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.normalization_profiles import (
    create_normalization_profile,
    delete_normalization_profile,
    update_normalization_profile,
)
from pointsman.services.number_lists import (
    create_number_list,
    delete_number_list,
    update_number_list,
)
from pointsman.services.reroute_policies import (
    Rule,
    create_reroute_policy,
    delete_reroute_policy,
    update_reroute_policy,
)
from pointsman.services.routing_groups import (
    create_routing_group,
    delete_routing_group,
    update_routing_group,
)
from pointsman.services.routing_rules import (
    create_routing_rule,
    delete_routing_rule,
    update_routing_rule,
)
from pointsman.services.schedule_parts import Holiday, OpenWindow
from pointsman.services.schedules import create_schedule, delete_schedule, update_schedule
from pointsman.services.tenants import create_tenant
from pointsman.services.trunks import update_trunk
from pointsman.services.trusted_proxies import (
    create_trusted_proxy,
    delete_trusted_proxy,
    update_trusted_proxy,
)
from tests.compiler.both_ways import BothWays
from tests.compiler.partial_world import assert_unchanged, italy_of


async def test_dids(both: BothWays, admin: Principal, acme: Tenant) -> None:
    pbx = await Trunk.get(name="acme-pbx")
    group = await create_routing_group(admin, tenant_id=acme.id, name="in", trunks=[Place(pbx.id)])
    did = await create_did(admin, tenant_id=acme.id, prefix="+3904", pbx_trunk_id=pbx.id)
    before = await both.catch_up()
    await update_did(admin, did.id, prefix="+39041")
    before = await both.catch_up()
    assert_unchanged(before, both.catalog, acme)
    assert both.catalog.platform == before.platform
    await update_did(admin, did.id, pbx_trunk_id=None, routing_group_id=group.id)
    await both.catch_up()
    await update_did(admin, did.id, enabled=False)
    await both.catch_up()
    for row in await Did.all():
        await delete_did(admin, row.id)
    await both.catch_up()
    assert both.catalog.directory.dids.count == 0
    await create_did(admin, tenant_id=acme.id, prefix="+1", pbx_trunk_id=pbx.id)
    await both.catch_up()


async def test_routing_groups(both: BothWays, admin: Principal, acme: Tenant) -> None:
    pbx, alpha = await Trunk.get(name="acme-pbx"), await Trunk.get(name="alpha-1")
    inner = await create_routing_group(
        admin, tenant_id=acme.id, name="inner", trunks=[Place(pbx.id)]
    )
    outer = await create_routing_group(
        admin, tenant_id=acme.id, name="outer", trunks=[Place(routing_group_id=inner.id)]
    )
    await both.catch_up()
    await update_routing_group(admin, inner.id, trunks=[Place(alpha.id, 1), Place(pbx.id, 2)])
    await both.catch_up()
    await update_routing_group(
        admin, outer.id, name="around", strategy=Strategy.WEIGHTED, max_candidates=2
    )
    await both.catch_up()
    await delete_routing_group(admin, outer.id)
    await delete_routing_group(admin, inner.id)
    before = await both.catch_up()
    assert both.catalog.platform == before.platform


async def test_routing_rules(both: BothWays, admin: Principal, acme: Tenant) -> None:
    group, pbx = await italy_of(acme), await Trunk.get(name="acme-pbx")
    schedule = await Schedule.get(tenant=acme)
    other = await create_tenant(admin, name="Other")
    await both.catch_up()
    rule = await create_routing_rule(
        admin, tenant_id=acme.id, name="r", called_prefix="+431", routing_group_id=group.id
    )
    before = await both.catch_up()
    assert both.catalog.tenants[str(acme.id)].part == before.tenants[str(acme.id)].part
    assert_unchanged(before, both.catalog, other)
    for fields in (
        {"called_prefix": "+432"},
        {"calling_prefix": "+39"},
        {"calling_prefix": "+390"},
        {"calling_prefix": ""},
        {"calling_regex": r"\+39.*"},
        {"called_regex": r"\+43[0-9]+", "calling_regex": ""},
        {"called_prefix": ""},
        {"source_trunk_id": pbx.id},
        {"schedule_id": schedule.id, "schedule_open": False},
        {"priority": 5, "enabled": False},
        {"called_prefix": "*1", "called_regex": "", "source_trunk_id": None, "schedule_id": None},
        {"action": RuleAction.REJECT, "routing_group_id": None, "reject_sip_code": 403},
        {"action": RuleAction.CONTINUE, "reject_sip_code": None, "forward_number": "+390612345678"},
    ):
        await update_routing_rule(admin, rule.id, **fields)
        await both.catch_up()
    await delete_routing_rule(admin, rule.id)
    await both.catch_up()


async def test_rules_share_a_called_prefix_and_leave_it_one_by_one(
    both: BothWays, admin: Principal, acme: Tenant
) -> None:
    group = await italy_of(acme)
    rules = [
        await create_routing_rule(
            admin, tenant_id=acme.id, name=f"r{number}", priority=number, called_prefix="+44",
            calling_prefix=calling, routing_group_id=group.id,
        )
        for number, calling in enumerate(["", "+39", "+39", "+390", ""])
    ]  # fmt: skip
    await both.catch_up()
    for rule in rules:
        await delete_routing_rule(admin, rule.id)
        await both.catch_up()
    entries = both.entries(both.catalog.tenants[str(acme.id)].rules)
    assert not [key for key in entries if key.startswith("+44")]


async def test_the_first_rule_of_a_tenant_and_the_last(both: BothWays, admin: Principal) -> None:
    tenant = await create_tenant(admin, name="Other")
    await both.catch_up()
    assert both.catalog.tenants[str(tenant.id)].rules is None
    for _ in range(2):
        rule = await create_routing_rule(
            admin, tenant_id=tenant.id, name="no", called_prefix="1", action=RuleAction.REJECT,
            reject_sip_code=403,
        )  # fmt: skip
        await both.catch_up()
        await delete_routing_rule(admin, rule.id)
        await both.catch_up()


async def test_number_lists(both: BothWays, admin: Principal, acme: Tenant) -> None:
    pbx, alpha = await Trunk.get(name="acme-pbx"), await Trunk.get(name="alpha-1")
    lists: list[NumberList] = []
    for tenant_id, name, kind, trunks in (
        (acme.id, "a", ListKind.ALLOW, ()),
        (acme.id, "b", ListKind.BLOCK, [pbx.id, alpha.id]),
        (None, "c", ListKind.BLOCK, [alpha.id]),
    ):
        lists.append(
            await create_number_list(
                admin, tenant_id=tenant_id, name=name, kind=kind, field=NumberField.CALLING,
                prefixes=["+39", ""], trunk_ids=trunks,
            )
        )  # fmt: skip
        before = await both.catch_up()
        assert both.catalog.platform.part == before.platform.part
        parts = [each.tenants[str(acme.id)].part for each in (before, both.catalog)]
        assert parts[0] == parts[1]
    for row in lists:
        await update_number_list(admin, row.id, prefixes=["+431", "+432"], anonymous=True)
        await both.catch_up()
        await update_number_list(admin, row.id, field=NumberField.CALLED, anonymous=False)
        await both.catch_up()
        await update_number_list(admin, row.id, name=f"new {row.name}", enabled=False)
        await both.catch_up()
    for row in lists:
        await delete_number_list(admin, row.id)
        await both.catch_up()


async def test_emergency_plans(both: BothWays, admin: Principal, acme: Tenant) -> None:
    group = await italy_of(acme)
    plan = await create_emergency_plan(
        admin, tenant_id=acme.id, country="AT", numbers=["133"], calling_number="+4312345",
        routing_group_ids=[group.id],
    )  # fmt: skip
    await both.catch_up()
    await update_emergency_plan(
        admin, plan.id, numbers=["133", "144"], geolocation_uri="https://lis.example.com/1"
    )
    await both.catch_up()
    for row in await EmergencyPlan.all():
        await delete_emergency_plan(admin, row.id)
        await both.catch_up()


async def test_schedules(both: BothWays, admin: Principal, acme: Tenant) -> None:
    used = await Schedule.get(tenant=acme)
    await update_schedule(admin, used.id, holidays=[Holiday(date(2026, 12, 25), "Christmas")])
    before = await both.catch_up()
    assert both.catalog.tenants[str(acme.id)].rules == before.tenants[str(acme.id)].rules
    schedule = await create_schedule(
        admin, tenant_id=acme.id, name="nights", time_zone="Europe/Vienna",
        windows=[OpenWindow([Weekday.MON], "22:00", "24:00")],
    )  # fmt: skip
    await both.catch_up()
    await update_schedule(admin, schedule.id, time_zone="Asia/Tokyo", windows=[])
    await both.catch_up()
    await delete_schedule(admin, schedule.id)
    await both.catch_up()


@pytest.mark.parametrize("of_tenant", [False, True])
async def test_reroute_policies_and_normalization_profiles(
    both: BothWays, admin: Principal, acme: Tenant, of_tenant: bool
) -> None:
    owner: UUID | None = acme.id if of_tenant else None
    alpha = await Carrier.get(name="Alpha")
    policy = await create_reroute_policy(admin, name="p", tenant_id=owner)
    profile = await create_normalization_profile(admin, name="n", country="DE", tenant_id=owner)
    await both.catch_up()
    pbx = await Trunk.get(name="acme-pbx")
    await update_trunk(
        admin, pbx.id, normalization_profile_id=profile.id, reroute_policy_id=policy.id
    )
    if not of_tenant:
        await update_carrier(admin, alpha.id, reroute_policy_id=policy.id)
    await both.catch_up()
    await update_reroute_policy(admin, policy.id, rules=[Rule("486", RerouteAction.STOP)])
    await both.catch_up()
    await update_normalization_profile(admin, profile.id, area_code="30")
    await both.catch_up()
    await update_trunk(admin, pbx.id, normalization_profile_id=None, reroute_policy_id=None)
    if not of_tenant:
        await update_carrier(admin, alpha.id, reroute_policy_id=None)
    await delete_reroute_policy(admin, policy.id)
    await delete_normalization_profile(admin, profile.id)
    await both.catch_up()


async def test_trusted_proxies_and_kamailio_nodes(
    both: BothWays, admin: Principal, acme: Tenant
) -> None:
    proxy = await create_trusted_proxy(admin, name="edge", cidr="192.0.2.128/28")
    before = await both.catch_up()
    assert_unchanged(before, both.catalog, acme)
    assert both.catalog.directory == before.directory
    await update_trusted_proxy(admin, proxy.id, cidr="2001:db8::/64")
    await create_kamailio_node(admin, name="node-3", sockets=["127.0.0.1:5099"])
    await both.catch_up()
    await delete_trusted_proxy(admin, proxy.id)
    # There is no service for it; the command of an operator who writes the record does as much.
    async with change(admin) as made:
        node = await KamailioNode.get(name="node-3")
        await node.delete()
        made.deleted(node, describe(node))
    await both.catch_up()
