from uuid import uuid4

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import RoutingGroup, RoutingGroupTrunk
from pointsman.services.carriers import create_carrier
from pointsman.services.dids import create_did
from pointsman.services.routing_groups import (
    create_routing_group,
    delete_routing_group,
    list_routing_groups,
    load_routing_groups,
    update_routing_group,
)
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.trunks import create_trunk
from tests.services.conftest import Objects, Place

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_group_holds_pbx_and_granted_carriers_trunks(
    admin: Principal, objects: Objects
) -> None:
    places = [Place(objects.alpha_trunk.id, 1, 70), Place(objects.acme_pbx.id, 2, enabled=False)]
    row = await create_routing_group(admin, tenant_id=objects.acme.id, name="out", trunks=places)
    (loaded,) = [group for group in await load_routing_groups() if group.id == str(row.id)]
    assert {(p.trunk_id, p.priority, p.weight, p.enabled) for p in loaded.trunks} == {
        (str(objects.alpha_trunk.id), 1, 70, True),
        (str(objects.acme_pbx.id), 2, 1, False),
    }


async def test_a_group_without_trunks_is_refused(admin: Principal, objects: Objects) -> None:
    for attempt in (
        create_routing_group(admin, tenant_id=objects.acme.id, name="none", trunks=[]),
        update_routing_group(admin, objects.acme_group.id, trunks=[]),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        (problem,) = caught.value.problems
        assert (problem.path, problem.message) == (
            "trunks",
            "a group without trunks leads nowhere",
        )
    assert await RoutingGroupTrunk.filter(routing_group=objects.acme_group).count() == 1


async def test_only_trunks_that_the_tenant_may_use(admin: Principal, objects: Objects) -> None:
    beta = await create_carrier(admin, name="Beta")
    ungranted = await create_trunk(admin, name="beta-1", carrier_id=beta.id)
    missing = uuid4()
    places = [
        Place(objects.acme_pbx.id),
        Place(objects.zen_pbx.id),
        Place(ungranted.id),
        Place(missing),
        Place("x"),
        Place(objects.acme_pbx.id, weight=0),
    ]
    with pytest.raises(InvalidInput) as caught:
        await update_routing_group(admin, objects.acme_group.id, trunks=places)
    assert [problem.path for problem in caught.value.problems] == [
        "trunks[1].trunkId",
        "trunks[2].trunkId",
        "trunks[3].trunkId",
        "trunks[4].trunkId",
        "trunks[5].trunkId",
        "trunks[5].weight",
    ]
    assert "grant the trunk's carrier" in caught.value.problems[1].fix


async def test_a_group_of_a_did_takes_no_carrier(admin: Principal, objects: Objects) -> None:
    await create_did(
        admin,
        tenant_id=objects.acme.id,
        prefix="+39040",
        routing_group_id=objects.acme_group.id,
    )
    with pytest.raises(InvalidInput) as caught:
        await update_routing_group(
            admin, objects.acme_group.id, trunks=[Place(objects.alpha_trunk.id)]
        )
    assert caught.value.problems[0].path == "trunks"


async def test_a_group_in_use_stays(admin: Principal, objects: Objects) -> None:
    await create_routing_rule(
        admin, tenant_id=objects.acme.id, name="r", routing_group_id=objects.acme_group.id
    )
    with pytest.raises(Conflict) as caught:
        await delete_routing_group(admin, objects.acme_group.id)
    assert str(caught.value) == "it is still used by a routing rule: change or delete that first"


async def test_a_group_goes_with_its_places(admin: Principal, objects: Objects) -> None:
    await delete_routing_group(admin, objects.acme_group.id)
    assert not await RoutingGroup.exists(id=objects.acme_group.id)
    assert await RoutingGroupTrunk.filter(tenant=objects.acme).count() == 0


async def test_a_name_is_taken_once_a_tenant(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict) as caught:
        await create_routing_group(
            admin, tenant_id=objects.acme.id, name="pbxs", trunks=[Place(objects.acme_pbx.id)]
        )
    assert caught.value.path == "name"
    renamed = await update_routing_group(admin, objects.acme_group.id, name="renamed")
    assert renamed.name == "renamed"
    assert await RoutingGroupTrunk.filter(routing_group=objects.acme_group).count() == 1


async def test_a_tenants_groups_are_its_own(objects: Objects, of_zen: Principal) -> None:
    assert [row.id for row in (await list_routing_groups(of_zen)).rows] == [objects.zen_group.id]
    place = [Place(objects.zen_pbx.id)]
    for attempt in (
        update_routing_group(of_zen, objects.acme_group.id, trunks=place),
        delete_routing_group(of_zen, objects.acme_group.id),
        create_routing_group(of_zen, tenant_id=objects.acme.id, name="x", trunks=place),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_groups_are_listed_by_name_and_filter(admin: Principal, objects: Objects) -> None:
    assert len((await list_routing_groups(admin, name_contains="PBX")).rows) == 2
    rows = (await list_routing_groups(admin, tenant_id=objects.zen.id)).rows
    assert [row.id for row in rows] == [objects.zen_group.id]
