"""What changes of every noun leave: a partial compile makes what a full one would."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import structs

from pointsman.auth import Principal
from pointsman.compiler.touched import find_changes
from pointsman.models import (
    Carrier,
    ConfigRevision,
    Did,
    Domain,
    EmergencyPlan,
    KamailioNode,
    NumberList,
    RoutingGroup,
    RoutingRule,
    Schedule,
    Tenant,
    Trunk,
)
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.number_list import ListKind
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_group import Strategy
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.schedule import Weekday
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, Transport
from pointsman.services.carriers import (
    create_carrier,
    delete_carrier,
    grant_carrier,
    revoke_carrier,
    update_carrier,
)
from pointsman.services.changes import change, describe
from pointsman.services.dids import create_did, delete_did, update_did
from pointsman.services.domains import create_domain, delete_domain, update_domain
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
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.snapshots import reading
from pointsman.services.tenants import create_tenant, delete_tenant, update_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk, delete_trunk, update_trunk
from pointsman.services.trusted_proxies import (
    create_trusted_proxy,
    delete_trusted_proxy,
    update_trusted_proxy,
)
from pointsman.snapshots.catalog import Catalog
from tests.compiler.both_ways import BothWays
from tests.compiler.conftest import following, until
from tests.kamailio.conftest import Demo

SECRETS = Secrets([new_key()])


@pytest.fixture
async def both(demo: Demo) -> BothWays:
    """The demo, compiled."""
    both = BothWays(SECRETS.unseal)
    await both.begin()
    return both


@pytest.fixture
async def acme(demo: Demo) -> Tenant:
    return await Tenant.get(name="Acme")


async def _italy(acme: Tenant) -> RoutingGroup:
    return await RoutingGroup.get(tenant=acme, name="italy")


def _unchanged(before: Catalog, now: Catalog, *tenants: Tenant) -> None:
    """Nothing of these tenants is written anew."""
    for tenant in tenants:
        assert now.tenants[str(tenant.id)] == before.tenants[str(tenant.id)]


async def test_tenants(both: BothWays, admin: Principal) -> None:
    policy = await create_reroute_policy(admin, name="of the platform")
    one = await create_tenant(admin, name="One", reroute_policy_id=policy.id)
    two = await create_tenant(admin, name="Two")
    await both.catch_up()
    await update_tenant(
        admin,
        one.id,
        name="First",
        allowed_classes=[DestinationClass.SATELLITE],
        allowed_countries=["IT", "AT"],
        reroute_policy_id=None,
    )
    before = await both.catch_up()
    _unchanged(before, both.catalog, two)
    await update_tenant(admin, one.id, enabled=False)
    await both.catch_up()
    await delete_tenant(admin, one.id)
    await both.catch_up()
    assert str(one.id) not in both.catalog.tenants


async def test_a_tenant_that_was_made_and_deleted_since_is_not_there(
    both: BothWays, admin: Principal
) -> None:
    tenant = await create_tenant(admin, name="Short")
    listed = await create_number_list(
        admin, tenant_id=tenant.id, name="x", kind=ListKind.BLOCK, field=NumberField.CALLED,
        prefixes=["1"],
    )  # fmt: skip
    await delete_number_list(admin, listed.id)
    await delete_tenant(admin, tenant.id)
    before = await both.catch_up()
    assert both.catalog.tenants == before.tenants


async def test_a_tenant_that_is_deleted_with_all_it_had_is_gone(
    both: BothWays, admin: Principal
) -> None:
    tenant = await create_tenant(admin, name="Leaving")
    pbx = await create_trunk(
        admin, name="pbx", tenant_id=tenant.id,
        sources=[Source("192.0.2.77"), Source("192.0.2.0/24")],
        digest_username="u", digest_realm="leaving.example", digest_password="secret-one",
        secrets=SECRETS,
    )  # fmt: skip
    group = await create_routing_group(
        admin, tenant_id=tenant.id, name="in", trunks=[Place(pbx.id)]
    )
    domain = await create_domain(
        admin, tenant_id=tenant.id, name="leaving.example", pbx_trunk_id=pbx.id
    )
    did = await create_did(admin, tenant_id=tenant.id, prefix="+4312345", routing_group_id=group.id)
    rule = await create_routing_rule(
        admin, tenant_id=tenant.id, name="r", called_prefix="1", routing_group_id=group.id
    )
    await both.catch_up()
    assert "leaving.example" in both.entries(both.catalog.directory.domains)
    await delete_routing_rule(admin, rule.id)
    await delete_did(admin, did.id)
    await delete_domain(admin, domain.id)
    await delete_routing_group(admin, group.id)
    await delete_trunk(admin, pbx.id)
    await delete_tenant(admin, tenant.id)
    await both.catch_up()
    assert str(tenant.id) not in both.catalog.tenants
    assert both.entries(both.catalog.directory.users) == {}


async def test_carriers_and_their_grants(both: BothWays, admin: Principal, acme: Tenant) -> None:
    other = await create_tenant(admin, name="Other")
    policy = await create_reroute_policy(admin, name="p", tenant_id=acme.id)
    of_platform = await create_carrier(admin, name="Gamma")
    of_tenant = await create_carrier(
        admin, name="Own", tenant_id=acme.id, reroute_policy_id=policy.id
    )
    await both.catch_up()
    await grant_carrier(admin, of_platform.id, other.id)
    before = await both.catch_up()
    _unchanged(before, both.catalog, acme, other)
    await update_carrier(admin, of_platform.id, name="Delta", enabled=False)
    await update_carrier(admin, of_tenant.id, reroute_policy_id=None)
    await both.catch_up()
    await revoke_carrier(admin, of_platform.id, other.id)
    await both.catch_up()
    await delete_carrier(admin, of_platform.id)
    await delete_carrier(admin, of_tenant.id)
    await both.catch_up()


async def test_a_tenants_carrier_uses_what_is_the_tenants(
    both: BothWays, admin: Principal, acme: Tenant
) -> None:
    policy = await create_reroute_policy(admin, name="p", tenant_id=acme.id)
    profile = await create_normalization_profile(
        admin, name="Austria", country="AT", tenant_id=acme.id
    )
    carrier = await create_carrier(admin, name="Own", tenant_id=acme.id)
    trunk = await create_trunk(
        admin, name="own-1", carrier_id=carrier.id, normalization_profile_id=profile.id
    )
    await both.catch_up()
    await update_carrier(admin, carrier.id, reroute_policy_id=policy.id)
    await both.catch_up()
    await update_reroute_policy(admin, policy.id, rules=[Rule("5xx", RerouteAction.STOP)])
    await both.catch_up()
    await update_normalization_profile(admin, profile.id, area_code="1")
    await both.catch_up()
    await update_trunk(admin, trunk.id, normalization_profile_id=None, reroute_policy_id=policy.id)
    await both.catch_up()
    await delete_trunk(admin, trunk.id)
    await both.catch_up()
    await delete_carrier(admin, carrier.id)
    await delete_normalization_profile(admin, profile.id)
    await delete_reroute_policy(admin, policy.id)
    await both.catch_up()


async def test_a_trunk_of_a_tenants_carrier_is_the_platforms(
    both: BothWays, admin: Principal, acme: Tenant
) -> None:
    """Its records name the tenant, which may read them."""
    carrier = await create_carrier(admin, name="Own", tenant_id=acme.id)
    await both.catch_up()
    trunk = await create_trunk(
        admin, name="own-1", carrier_id=carrier.id, sources=[Source("198.51.100.0/25")],
        endpoints=[Endpoint("198.51.100.9")],
    )  # fmt: skip
    before = await both.catch_up()
    _unchanged(before, both.catalog, acme)
    await update_trunk(admin, trunk.id, draining=True, sources=[Source("198.51.100.1")])
    before = await both.catch_up()
    assert both.catalog.platform.part != before.platform.part
    await delete_trunk(admin, trunk.id)
    await both.catch_up()


async def test_trunks_with_all_they_have(both: BothWays, admin: Principal, acme: Tenant) -> None:
    other = await create_tenant(admin, name="Other")
    trunk = await create_trunk(
        admin, name="second", tenant_id=acme.id, sources=[Source("192.0.2.1", Transport.TLS, 5061)],
        endpoints=[Endpoint("192.0.2.1", 5061, Transport.TLS), Endpoint("192.0.2.2", weight=3)],
        outbound_username="u", outbound_password="secret-one", digest_username="alice",
        digest_realm="pbx.example", digest_password="secret-two", secrets=SECRETS,
    )  # fmt: skip
    await both.catch_up()
    assert [*both.entries(both.catalog.directory.users)] == ["pbx.example\nalice"]
    for sources in (
        [Source("192.0.2.1"), Source("192.0.2.0/28", tech_prefix="77")],
        [Source("2001:db8::/32"), Source("192.0.2.1", called_prefix="1", calling_prefix="2")],
        [Source("2001:db8::1")],
        [],
    ):
        await update_trunk(admin, trunk.id, sources=sources)
        before = await both.catch_up()
        _unchanged(before, both.catalog, other)
    for fields in (
        {"endpoints": [Endpoint("192.0.2.2", priority=1)]},
        {"digest_username": "bob", "digest_password": "secret-three"},
        {"digest_realm": "other.example", "digest_password": "secret-four"},
        {"digest_username": ""},
        {"outbound_username": ""},
        {"caller_id_policy": CallerIdPolicy.FORCE, "caller_id_number": "+390401234567"},
        {"diversion_policy": DiversionPolicy.BOTH, "number_format": NumberFormat.E164},
        {"enabled": False},
    ):
        await update_trunk(admin, trunk.id, secrets=SECRETS, **fields)
        await both.catch_up()
    await delete_trunk(admin, trunk.id)
    await both.catch_up()


async def test_a_secret_that_no_key_opens_is_lacking_until_it_is_gone(
    both: BothWays, admin: Principal
) -> None:
    pbx = await Trunk.get(name="acme-pbx")
    await update_trunk(
        admin, pbx.id, outbound_username="u", outbound_password="secret",
        secrets=Secrets([new_key()]),
    )  # fmt: skip
    await both.catch_up()
    assert both.catalog.secrets_lacking == {str(pbx.tenant_id): ("acme-pbx",)}
    await update_trunk(admin, pbx.id, outbound_username="")
    await both.catch_up()
    assert both.catalog.secrets_lacking == {}


async def test_a_network_has_sources_of_several_owners(both: BothWays, admin: Principal) -> None:
    """Each comes and goes by itself, and all at once."""
    network, trunks = "192.0.2.64/26", []
    carrier = await create_carrier(admin, name="Gamma")
    trunks.append(await create_trunk(admin, name="gamma-1", carrier_id=carrier.id))
    for name in ("One", "Two"):
        tenant = await create_tenant(admin, name=name)
        trunks.append(await create_trunk(admin, name=f"{name}-pbx", tenant_id=tenant.id))
    await both.catch_up()
    gamma, one, two = trunks
    for trunk in (one, gamma, two):
        source = Source(network, tech_prefix=str(trunks.index(trunk)))
        await update_trunk(admin, trunk.id, sources=[source])
        await both.catch_up()
    await update_trunk(admin, one.id, sources=[])
    await both.catch_up()
    await update_trunk(admin, one.id, sources=[Source(network, tech_prefix="1")])
    await update_trunk(admin, two.id, sources=[])
    await update_trunk(admin, gamma.id, sources=[Source("192.0.2.65")])
    await both.catch_up()
    await delete_trunk(admin, one.id)
    await both.catch_up()


async def test_domains(both: BothWays, admin: Principal, acme: Tenant) -> None:
    pbx = await Trunk.get(name="acme-pbx")
    second = await create_trunk(admin, name="second", tenant_id=acme.id)
    domain = await create_domain(
        admin, tenant_id=acme.id, name="two.acme.example", pbx_trunk_id=pbx.id
    )
    await both.catch_up()
    await update_domain(admin, domain.id, name="three.acme.example")
    await both.catch_up()
    await update_domain(admin, domain.id, pbx_trunk_id=second.id)
    await both.catch_up()
    await delete_domain(admin, domain.id)
    await both.catch_up()


async def test_what_one_tenant_gives_away_another_has_at_once(
    both: BothWays, admin: Principal, acme: Tenant
) -> None:
    """A domain, a DID and a digest user, there and back, each time within one compile."""
    other = await create_tenant(admin, name="Other")
    theirs = await create_trunk(admin, name="theirs", tenant_id=other.id)
    ours = await Trunk.get(name="acme-pbx")
    digest = {"digest_username": "u", "digest_realm": "x.example", "digest_password": "secret"}
    await update_trunk(admin, ours.id, secrets=SECRETS, **digest)  # type: ignore[arg-type]
    await both.catch_up()
    for tenant, trunk, former in ((other, theirs, ours), (acme, ours, theirs)):
        domain = await Domain.get(name="acme.example")
        await delete_domain(admin, domain.id)
        await create_domain(admin, tenant_id=tenant.id, name="acme.example", pbx_trunk_id=trunk.id)
        did = await Did.get(prefix="+390401234")
        await delete_did(admin, did.id)
        await create_did(admin, tenant_id=tenant.id, prefix="+390401234", pbx_trunk_id=trunk.id)
        await update_trunk(admin, former.id, digest_username="")
        await update_trunk(admin, trunk.id, secrets=SECRETS, **digest)  # type: ignore[arg-type]
        await both.catch_up()
        directory = both.catalog.directory
        for table, key in ((directory.dids, "+390401234"), (directory.domains, "acme.example"),
                           (directory.users, "x.example\nu")):  # fmt: skip
            assert str(tenant.id).encode() in both.entries(table)[key]


async def test_dids(both: BothWays, admin: Principal, acme: Tenant) -> None:
    pbx = await Trunk.get(name="acme-pbx")
    group = await create_routing_group(admin, tenant_id=acme.id, name="in", trunks=[Place(pbx.id)])
    did = await create_did(admin, tenant_id=acme.id, prefix="+3904", pbx_trunk_id=pbx.id)
    before = await both.catch_up()
    await update_did(admin, did.id, prefix="+39041")
    before = await both.catch_up()
    _unchanged(before, both.catalog, acme)
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
    group, pbx = await _italy(acme), await Trunk.get(name="acme-pbx")
    schedule = await Schedule.get(tenant=acme)
    other = await create_tenant(admin, name="Other")
    await both.catch_up()
    rule = await create_routing_rule(
        admin, tenant_id=acme.id, name="r", called_prefix="+431", routing_group_id=group.id
    )
    before = await both.catch_up()
    assert both.catalog.tenants[str(acme.id)].part == before.tenants[str(acme.id)].part
    _unchanged(before, both.catalog, other)
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
    group = await _italy(acme)
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
    group = await _italy(acme)
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
    _unchanged(before, both.catalog, acme)
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


async def test_many_changes_at_once(both: BothWays, admin: Principal, acme: Tenant) -> None:
    """All that the tests above do one by one, with a single compile behind it."""
    group = await _italy(acme)
    tenants = [await create_tenant(admin, name=f"T{number}") for number in range(4)]
    for number, tenant in enumerate(tenants):
        pbx = await create_trunk(
            admin, name=f"pbx-{number}", tenant_id=tenant.id,
            sources=[Source("192.0.2.0/24", tech_prefix=str(number)), Source(f"10.0.0.{number}")],
        )  # fmt: skip
        await create_domain(
            admin, tenant_id=tenant.id, name=f"t{number}.example", pbx_trunk_id=pbx.id
        )
        await create_did(admin, tenant_id=tenant.id, prefix=f"+431{number}", pbx_trunk_id=pbx.id)
        await create_routing_rule(
            admin, tenant_id=acme.id, name=f"r{number}", called_prefix=f"+4{number}",
            routing_group_id=group.id,
        )  # fmt: skip
        await create_number_list(
            admin, tenant_id=tenant.id, name="l", kind=ListKind.BLOCK, field=NumberField.CALLED,
            prefixes=[str(number)],
        )  # fmt: skip
    for row in await RoutingRule.filter(name__startswith="r", called_prefix__startswith="+4"):
        await update_routing_rule(admin, row.id, called_prefix=f"{row.called_prefix}0")
    await both.catch_up()
    assert len(both.catalog.tenants) == 5


async def test_what_has_changed_is_told_of_few_changes_of_the_same_database_alone(
    both: BothWays, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = both.catalog
    for name in ("One", "Two"):
        await create_tenant(admin, name=name)

    async def is_told(catalog: Catalog, most: int) -> bool:
        monkeypatch.setattr("pointsman.compiler.touched._MOST_RECORDS", most)
        async with reading():
            return await find_changes(catalog) is not None

    assert await is_told(base, 2)
    assert not await is_told(base, 1)
    assert not await is_told(structs.replace(base, published_us=base.published_us + 1), 2)
    assert not await is_told(structs.replace(base, revision=base.revision + 3), 2)
    # Somebody says that something has changed, and not what.
    await ConfigRevision.create(actor="somebody")
    assert not await is_told(base, 3)


async def test_the_compiler_goes_from_change_to_change_and_never_compiles_everything(
    demo: Demo, admin: Principal, acme: Tenant, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        carrier = await create_carrier(admin, name="Own", tenant_id=acme.id)
        trunk = await create_trunk(admin, name="own-1", carrier_id=carrier.id)
        await until(lambda: str(trunk.id) in both.snapshot.sources.by_owner[""])
        await update_tenant(admin, acme.id, enabled=False)
        await until(lambda: not both.snapshot.tenants[str(acme.id)].tenant.enabled)
        assert both.compiles("full done") == 1
        assert both.compiles("partial done") >= 2
        assert both.compiles("partial failed") == 0
