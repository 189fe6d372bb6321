from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import Did
from pointsman.services.dids import create_did, delete_did, list_dids, load_dids, update_did
from pointsman.services.routing_groups import create_routing_group
from tests.services.conftest import Objects, Place

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(admin: Principal, objects: Objects, prefix: str = "+390401234") -> Did:
    return await create_did(
        admin, tenant_id=objects.acme.id, prefix=prefix, pbx_trunk_id=objects.acme_pbx.id
    )


async def test_a_did_moves_between_its_two_kinds_of_target(
    admin: Principal, objects: Objects
) -> None:
    row = await _create(admin, objects)
    row = await update_did(admin, row.id, pbx_trunk_id=None, routing_group_id=objects.acme_group.id)
    assert (row.pbx_trunk_id, row.routing_group_id) == (None, objects.acme_group.id)
    row = await update_did(admin, row.id, enabled=False)
    assert (row.routing_group_id, row.enabled) == (objects.acme_group.id, False)
    (loaded,) = await load_dids()
    assert (loaded.pbx_trunk_id, loaded.routing_group_id, loaded.enabled) == (
        "",
        str(objects.acme_group.id),
        False,
    )


async def test_a_did_has_exactly_one_target(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    for attempt in (
        create_did(admin, tenant_id=objects.acme.id, prefix="+39041"),
        update_did(admin, row.id, pbx_trunk_id=None),
        update_did(admin, row.id, routing_group_id=objects.acme_group.id),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == ["pbxTrunkId"]


async def test_a_did_never_leads_to_a_carrier(admin: Principal, objects: Objects) -> None:
    out = await create_routing_group(
        admin, tenant_id=objects.acme.id, name="out", trunks=[Place(objects.alpha_trunk.id)]
    )
    with pytest.raises(InvalidInput) as caught:
        await create_did(admin, tenant_id=objects.acme.id, prefix="+39041", routing_group_id=out.id)
    assert caught.value.problems[0].path == "routingGroupId"
    with pytest.raises(NotFound) as missing:
        await create_did(
            admin,
            tenant_id=objects.acme.id,
            prefix="+39041",
            pbx_trunk_id=objects.alpha_trunk.id,
        )
    assert missing.value.path == "pbxTrunkId"


async def test_its_target_is_of_the_tenant(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    for field, path, foreign in (
        ("pbx_trunk_id", "pbxTrunkId", objects.zen_pbx.id),
        ("routing_group_id", "routingGroupId", objects.zen_group.id),
        ("pbx_trunk_id", "pbxTrunkId", "x"),
        ("routing_group_id", "routingGroupId", "x"),
    ):
        targets: dict[str, Any] = {"pbx_trunk_id": None, "routing_group_id": None, field: foreign}
        with pytest.raises(NotFound) as caught:
            await update_did(admin, row.id, **targets)
        assert caught.value.path == path
    assert await Did.exists(id=row.id, pbx_trunk_id=objects.acme_pbx.id)


async def test_a_number_is_of_one_tenant(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    for prefix in ("+390401234", "+3904012345", "+39040", "+390401234567890"):
        with pytest.raises(Conflict) as caught:
            await create_did(
                admin, tenant_id=objects.zen.id, prefix=prefix, pbx_trunk_id=objects.zen_pbx.id
            )
        assert caught.value.path == "prefix"
    await create_did(
        admin, tenant_id=objects.zen.id, prefix="+390401235", pbx_trunk_id=objects.zen_pbx.id
    )
    longer = await _create(admin, objects, "+3904012345")
    with pytest.raises(Conflict):
        await update_did(admin, longer.id, prefix="+3904012359")


async def test_a_prefix_must_be_e164(admin: Principal, objects: Objects) -> None:
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, "39040")
    assert caught.value.problems[0].path == "prefix"


async def test_which_number_is_whose_is_the_platforms_say(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    foreign = await _create(admin, objects)
    own = await create_did(
        admin, tenant_id=objects.zen.id, prefix="+39041", pbx_trunk_id=objects.zen_pbx.id
    )
    assert [row.prefix for row in (await list_dids(of_zen)).rows] == ["+39041"]
    for attempt in (update_did(of_zen, foreign.id), delete_did(of_zen, foreign.id)):
        with pytest.raises(NotFound):
            await attempt
    for attempt in (
        update_did(of_zen, own.id, prefix="+39"),
        delete_did(of_zen, own.id),
        create_did(of_zen, tenant_id=objects.zen.id, prefix="+1", pbx_trunk_id=objects.zen_pbx.id),
    ):
        with pytest.raises(Forbidden):
            await attempt
    await delete_did(admin, own.id)
    assert [row.id for row in await Did.all()] == [foreign.id]


async def test_dids_are_listed_by_prefix_and_filter(admin: Principal, objects: Objects) -> None:
    for prefix in ("+39041", "+1202", "+39040"):
        await _create(admin, objects, prefix)
    rows = (await list_dids(admin, prefix_starts_with="+39", tenant_id=objects.acme.id)).rows
    assert [row.prefix for row in rows] == ["+39040", "+39041"]
    assert (await list_dids(admin, enabled=False)).rows == []
