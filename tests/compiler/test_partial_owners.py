"""What changes of owners and what they own leave: a partial compile makes what a full one would."""

from typing import Any

from pointsman.auth import Principal
from pointsman.models import (
    Did,
    Domain,
    Tenant,
    Trunk,
)
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number import NumberFormat
from pointsman.routing.number_list import ListKind
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.sources import md5_user_key, user_key
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, Transport
from pointsman.services.carriers import (
    create_carrier,
    delete_carrier,
    grant_carrier,
    revoke_carrier,
    update_carrier,
)
from pointsman.services.dids import create_did, delete_did
from pointsman.services.domains import create_domain, delete_domain, update_domain
from pointsman.services.group_places import Place
from pointsman.services.normalization_profiles import (
    create_normalization_profile,
    delete_normalization_profile,
    update_normalization_profile,
)
from pointsman.services.number_lists import (
    create_number_list,
    delete_number_list,
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
)
from pointsman.services.routing_rules import (
    create_routing_rule,
    delete_routing_rule,
)
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.tenants import create_tenant, delete_tenant, update_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk, delete_trunk, update_trunk
from tests.compiler.both_ways import BothWays
from tests.compiler.partial_world import SECRETS, assert_unchanged


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
    assert_unchanged(before, both.catalog, two)
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
    assert_unchanged(before, both.catalog, acme, other)
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
    assert_unchanged(before, both.catalog, acme)
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
        assert_unchanged(before, both.catalog, other)
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


async def test_a_realm_is_one_of_md5_as_long_as_a_user_of_it_is(
    both: BothWays, admin: Principal
) -> None:
    pbx = await Trunk.get(name="acme-pbx")
    digest: Any = {"digest_username": "u", "digest_realm": "r.example", "digest_password": "secret"}
    await update_trunk(admin, pbx.id, secrets=SECRETS, **digest)
    await Trunk.filter(id=pbx.id).update(digest_ha1_sha256=None)
    user, of_md5 = user_key("r.example", "u"), md5_user_key("r.example", "u")
    steps: list[tuple[Any, set[str]]] = [
        ({"name": "of before"}, {user, of_md5}),
        ({"digest_password": "secret"}, {user}),
        ({"digest_username": ""}, set()),
    ]
    for changed, keys in steps:
        await update_trunk(admin, pbx.id, secrets=SECRETS, **changed)
        await both.catch_up()
        assert {*both.entries(both.catalog.directory.users)} == keys


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
    digest: Any = {"digest_username": "u", "digest_realm": "x.example", "digest_password": "secret"}
    await update_trunk(admin, ours.id, secrets=SECRETS, **digest)
    await both.catch_up()
    for tenant, trunk, former in ((other, theirs, ours), (acme, ours, theirs)):
        domain = await Domain.get(name="acme.example")
        await delete_domain(admin, domain.id)
        await create_domain(admin, tenant_id=tenant.id, name="acme.example", pbx_trunk_id=trunk.id)
        did = await Did.get(prefix="+390401234")
        await delete_did(admin, did.id)
        await create_did(admin, tenant_id=tenant.id, prefix="+390401234", pbx_trunk_id=trunk.id)
        await update_trunk(admin, former.id, digest_username="")
        await update_trunk(admin, trunk.id, secrets=SECRETS, **digest)
        await both.catch_up()
        directory = both.catalog.directory
        for table, key in ((directory.dids, "+390401234"), (directory.domains, "acme.example"),
                           (directory.users, "x.example\nu")):  # fmt: skip
            assert str(tenant.id).encode() in both.entries(table)[key]
