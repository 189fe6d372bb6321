from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import ChangeRecord, NumberList, NumberListTrunk
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.routing.number_list import NumberList as RoutedList
from pointsman.services.carriers import create_carrier, grant_carrier, revoke_carrier
from pointsman.services.number_lists import (
    create_number_list,
    delete_number_list,
    list_number_lists,
    load_number_lists,
    update_number_list,
)
from pointsman.services.trunks import create_trunk, delete_trunk
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(by: Principal, objects: Objects, name: str = "l", **more: Any) -> NumberList:
    return await create_number_list(by, **{
        "tenant_id": objects.acme.id, "name": name, "kind": ListKind.BLOCK,
        "field": NumberField.CALLING, "prefixes": ["+44"], **more,
    })  # fmt: skip


async def test_a_list_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(
        admin, objects, prefixes=[" +44", "112", "+39", "+44", ""], anonymous=True,
        trunk_ids=[objects.acme_pbx.id, str(objects.alpha_trunk.id)],
    )  # fmt: skip
    (loaded,) = await load_number_lists()
    assert loaded == RoutedList(
        id=str(row.id),
        name="l",
        tenant_id=str(objects.acme.id),
        kind=ListKind.BLOCK,
        field=NumberField.CALLING,
        prefixes=("", "+39", "+44", "112"),
        anonymous=True,
        trunk_ids=tuple(sorted((str(objects.acme_pbx.id), str(objects.alpha_trunk.id)))),
    )
    await update_number_list(
        admin, row.id, name="other", kind=ListKind.ALLOW, field=NumberField.CALLED,
        prefixes=["*"], anonymous=False, trunk_ids=[], enabled=False,
    )  # fmt: skip
    (loaded,) = await load_number_lists()
    assert loaded == RoutedList(
        id=str(row.id),
        name="other",
        tenant_id=str(objects.acme.id),
        kind=ListKind.ALLOW,
        field=NumberField.CALLED,
        prefixes=("*",),
        enabled=False,
    )
    await delete_number_list(admin, row.id)
    assert await load_number_lists() == ()


async def test_a_list_is_on_record_with_its_prefixes_and_trunks(
    admin: Principal, objects: Objects
) -> None:
    row = await _create(admin, objects, trunk_ids=[objects.acme_pbx.id])
    await update_number_list(admin, row.id, trunk_ids=[objects.acme_pbx.id])  # no change
    await update_number_list(admin, row.id, trunk_ids=[objects.alpha_trunk.id])
    created, updated = await ChangeRecord.filter(object_id=row.id).order_by("id")
    assert (created.after["prefixes"], created.tenant_id) == (["+44"], objects.acme.id)
    assert updated.before["trunks"] == [{"trunk_id": str(objects.acme_pbx.id)}]
    assert updated.after["trunks"] == [{"trunk_id": str(objects.alpha_trunk.id)}]


async def test_everything_wrong_is_named(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    wrong: dict[str, Any] = {"name": "", "prefixes": ["+39", "39a", "+0", "1" * 33, "٣٩"]}
    wrong |= {"trunk_ids": ["x"], "anonymous": True, "field": NumberField.CALLED}
    for attempt in (
        _create(admin, objects, **wrong),
        update_number_list(admin, row.id, **wrong),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        paths = [problem.path for problem in caught.value.problems]
        prefixes = [f"prefixes[{index}]" for index in (1, 2, 3, 4)]
        assert paths == ["name", *prefixes, "trunkIds[0]", "anonymous"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"prefixes": [str(number) for number in range(10_001)]}, "prefixes"),
        ({"trunk_ids": ["x"] * 101}, "trunkIds"),
        ({"anonymous": True, "field": NumberField.CALLED}, "anonymous"),
        ({"kind": ListKind.ALLOW, "prefixes": []}, "prefixes"),
    ],
)
async def test_what_cannot_be_is_refused_whatever_it_was(
    admin: Principal, objects: Objects, fields: dict[str, Any], path: str
) -> None:
    row = await _create(admin, objects)
    for attempt in (
        _create(admin, objects, "new", **fields),
        update_number_list(admin, row.id, **fields),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [path]


async def test_a_list_may_be_long_and_a_block_list_empty(
    admin: Principal, objects: Objects
) -> None:
    prefixes = [f"+39{number:05}" for number in range(10_000)]
    row = await _create(admin, objects, prefixes=prefixes)
    (loaded,) = await load_number_lists()
    assert loaded.prefixes == tuple(prefixes)
    await update_number_list(admin, row.id, prefixes=[])
    await _create(admin, objects, "nobody", kind=ListKind.ALLOW, prefixes=[], anonymous=True)


async def test_its_trunks_are_within_its_owners_reach(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    own = await create_carrier(admin, name="Own", tenant_id=objects.acme.id)
    own_trunk = await create_trunk(admin, name="own", carrier_id=own.id)
    of_acme = await _create(admin, objects, trunk_ids=[own_trunk.id])
    of_platform = await _create(
        admin, objects, "p", tenant_id=None, trunk_ids=[objects.alpha_trunk.id]
    )
    for row, trunk_ids in (
        (of_acme, [objects.zen_pbx.id]),
        (of_acme, ["x"]),
        (of_acme, [objects.acme_pbx.id, objects.acme_pbx.id]),
        (of_platform, [objects.acme_pbx.id]),
        (of_platform, [own_trunk.id]),
        (of_platform, []),
    ):
        owner = row.tenant_id
        for attempt in (
            _create(admin, objects, "new", tenant_id=owner, trunk_ids=trunk_ids),
            update_number_list(admin, row.id, trunk_ids=trunk_ids),
        ):
            with pytest.raises(InvalidInput) as caught:
                await attempt
            (problem,) = caught.value.problems
            assert problem.path.startswith("trunkIds")
    for trunk in (objects.alpha_trunk, objects.acme_pbx):
        with pytest.raises(InvalidInput):
            await _create(of_zen, objects, tenant_id=objects.zen.id, trunk_ids=[trunk.id])


async def test_a_trunk_or_a_grant_that_a_list_needs_stays(
    admin: Principal, objects: Objects
) -> None:
    beta = await create_carrier(admin, name="Beta")
    await grant_carrier(admin, beta.id, objects.acme.id)
    trunk = await create_trunk(admin, name="beta-1", carrier_id=beta.id)
    row = await _create(admin, objects, trunk_ids=[trunk.id])
    for attempt in (
        delete_trunk(admin, trunk.id),
        revoke_carrier(admin, beta.id, objects.acme.id),
    ):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert "number list" in str(caught.value)
    await delete_number_list(admin, row.id)
    assert await NumberListTrunk.all().count() == 0
    await revoke_carrier(admin, beta.id, objects.acme.id)


async def test_a_name_is_taken_once_an_owner(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    await _create(admin, objects, tenant_id=objects.zen.id)
    await _create(admin, objects, tenant_id=None, trunk_ids=[objects.alpha_trunk.id])
    for tenant_id in (objects.acme.id, None):
        with pytest.raises(Conflict) as caught:
            await _create(admin, objects, tenant_id=tenant_id, trunk_ids=[objects.alpha_trunk.id])
        assert caught.value.path == "name"


async def test_a_tenants_lists_are_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    of_acme = await _create(admin, objects)
    of_platform = await _create(
        admin, objects, "p", tenant_id=None, trunk_ids=[objects.alpha_trunk.id]
    )
    own = await _create(of_zen, objects, tenant_id=objects.zen.id)
    assert [row.id for row in (await list_number_lists(of_zen)).rows] == [own.id]
    for attempt in (
        update_number_list(of_zen, of_acme.id, enabled=False),
        delete_number_list(of_zen, of_acme.id),
        update_number_list(of_zen, of_platform.id, enabled=False),
        delete_number_list(of_zen, of_platform.id),
        _create(of_zen, objects),
    ):
        with pytest.raises(NotFound):
            await attempt
    with pytest.raises(Forbidden):
        await _create(of_zen, objects, tenant_id=None)


async def test_lists_are_filtered(admin: Principal, objects: Objects) -> None:
    one = await _create(admin, objects, "one", trunk_ids=[objects.acme_pbx.id])
    two = await _create(
        admin, objects, "two", kind=ListKind.ALLOW, field=NumberField.CALLED, enabled=False
    )
    three = await _create(admin, objects, "three", tenant_id=objects.zen.id)
    for filter_, expected in (
        ({}, [one, three, two]),
        ({"name_contains": "O"}, [one, two]),
        ({"tenant_id": objects.acme.id}, [one, two]),
        ({"trunk_id": objects.acme_pbx.id}, [one]),
        ({"kind": ListKind.ALLOW}, [two]),
        ({"field": NumberField.CALLING}, [one, three]),
        ({"enabled": True}, [one, three]),
    ):
        found = (await list_number_lists(admin, **filter_)).rows
        assert [row.id for row in found] == [row.id for row in expected], filter_
