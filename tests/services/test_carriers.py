import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import Carrier, CarrierGrant, ReroutePolicy
from pointsman.services.carriers import (
    create_carrier,
    delete_carrier,
    grant_carrier,
    list_carriers,
    load_carriers,
    revoke_carrier,
    update_carrier,
)
from pointsman.services.routing_groups import create_routing_group
from tests.services.conftest import Objects, Place

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_tenants_carrier_is_its_own_to_use(admin: Principal, objects: Objects) -> None:
    row = await create_carrier(admin, name="Own", tenant_id=objects.zen.id)
    loaded = {carrier.name: carrier.tenant_ids for carrier in await load_carriers()}
    assert loaded == {"Own": {str(objects.zen.id)}, "Alpha": {str(objects.acme.id)}}
    for attempt in (
        grant_carrier(admin, row.id, objects.acme.id),
        revoke_carrier(admin, row.id, objects.zen.id),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert caught.value.problems[0].path == "carrierId"


async def test_a_grant_is_given_once_and_taken_back(admin: Principal, objects: Objects) -> None:
    await grant_carrier(admin, objects.alpha.id, objects.zen.id)
    with pytest.raises(Conflict) as caught:
        await grant_carrier(admin, objects.alpha.id, objects.zen.id)
    assert caught.value.path == "tenantId"
    await revoke_carrier(admin, objects.alpha.id, objects.zen.id)
    with pytest.raises(NotFound) as missing:
        await revoke_carrier(admin, objects.alpha.id, objects.zen.id)
    assert missing.value.path == "tenantId"


async def test_a_grant_in_use_stays(admin: Principal, objects: Objects) -> None:
    await create_routing_group(
        admin, tenant_id=objects.acme.id, name="out", trunks=[Place(objects.alpha_trunk.id)]
    )
    with pytest.raises(Conflict) as caught:
        await revoke_carrier(admin, objects.alpha.id, objects.acme.id)
    assert str(caught.value) == (
        "it is still used by a routing group of the tenant: change or delete that first"
    )
    assert await CarrierGrant.exists(carrier=objects.alpha, tenant=objects.acme)


async def test_a_carrier_with_trunks_stays(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict) as caught:
        await delete_carrier(admin, objects.alpha.id)
    assert str(caught.value) == "it is still used by a trunk: change or delete that first"


async def test_a_carrier_without_trunks_goes_with_its_grants(admin: Principal) -> None:
    row = await create_carrier(admin, name="Brief")
    await delete_carrier(admin, row.id)
    assert not await Carrier.exists(id=row.id)


async def test_a_name_is_taken_once_an_owner(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict):
        await create_carrier(admin, name="Alpha")
    own = await create_carrier(admin, name="Alpha", tenant_id=objects.acme.id)
    assert own.tenant_id == objects.acme.id


async def test_a_tenant_uses_what_is_granted_and_changes_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    with pytest.raises(NotFound):
        await update_carrier(of_zen, objects.alpha.id, name="Mine")
    await grant_carrier(admin, objects.alpha.id, objects.zen.id)
    assert [row.name for row in (await list_carriers(of_zen)).rows] == ["Alpha"]
    for attempt in (
        create_carrier(of_zen, name="Platform's"),
        update_carrier(of_zen, objects.alpha.id, enabled=False),
        delete_carrier(of_zen, objects.alpha.id),
        grant_carrier(of_zen, objects.alpha.id, objects.zen.id),
        revoke_carrier(of_zen, objects.alpha.id, objects.zen.id),
    ):
        with pytest.raises(Forbidden):
            await attempt
    own = await create_carrier(of_zen, name="Own", tenant_id=objects.zen.id)
    assert (await update_carrier(of_zen, own.id, name="Own 2")).name == "Own 2"
    with pytest.raises(NotFound):
        await create_carrier(of_zen, name="Foreign", tenant_id=objects.acme.id)


async def test_carriers_are_listed_by_who_may_use_them(admin: Principal, objects: Objects) -> None:
    await create_carrier(admin, name="Own", tenant_id=objects.zen.id, enabled=False)
    used = await list_carriers(admin, tenant_id=objects.acme.id)
    assert [row.name for row in used.rows] == ["Alpha"]
    disabled = await list_carriers(admin, enabled=False, name_contains="ow")
    assert [row.name for row in disabled.rows] == ["Own"]
    with pytest.raises(NotFound) as caught:
        await list_carriers(admin, tenant_id="x")
    assert caught.value.path == "tenantId"


async def test_a_carriers_reroute_policy_is_its_owners_or_the_platforms(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    of_platform, own, foreign = [
        await ReroutePolicy.create(name="patient", tenant=tenant, rules=[])
        for tenant in (None, objects.zen, objects.acme)
    ]
    row = await create_carrier(
        of_zen, name="Own", tenant_id=objects.zen.id, reroute_policy_id=own.id
    )
    loaded = {carrier.name: carrier.reroute_policy_id for carrier in await load_carriers()}
    assert loaded == {"Alpha": "", "Own": str(own.id)}
    row = await update_carrier(of_zen, row.id, reroute_policy_id=of_platform.id)
    assert row.reroute_policy_id == of_platform.id
    assert (await update_carrier(of_zen, row.id, name="Renamed")).reroute_policy_id is not None
    assert (await update_carrier(of_zen, row.id, reroute_policy_id=None)).reroute_policy_id is None
    for principal in (of_zen, admin):
        for object_id in (foreign.id, "x"):
            with pytest.raises(NotFound) as caught:
                await update_carrier(principal, row.id, reroute_policy_id=object_id)
            assert caught.value.path == "reroutePolicyId"
    for policy in (own, foreign):
        with pytest.raises(NotFound):
            await update_carrier(admin, objects.alpha.id, reroute_policy_id=policy.id)
        with pytest.raises(NotFound):
            await create_carrier(admin, name="New", reroute_policy_id=policy.id)
    shared = await update_carrier(admin, objects.alpha.id, reroute_policy_id=of_platform.id)
    assert shared.reroute_policy_id == of_platform.id
