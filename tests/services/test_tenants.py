import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import Tenant
from pointsman.services.rows import find_row
from pointsman.services.tenants import (
    create_tenant,
    delete_tenant,
    list_tenants,
    load_tenants,
    update_tenant,
)
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_tenant_is_made_changed_and_deleted(admin: Principal) -> None:
    row = await create_tenant(admin, name=" Acme ")
    assert (row.name, row.enabled) == ("Acme", True)
    row = await update_tenant(admin, row.id, enabled=False)
    assert (row.name, row.enabled) == ("Acme", False)
    await delete_tenant(admin, row.id)
    assert await Tenant.all().count() == 0


async def test_a_name_is_taken_once(admin: Principal) -> None:
    await create_tenant(admin, name="Acme")
    other = await create_tenant(admin, name="Other")
    for attempt in (
        create_tenant(admin, name="Acme"),
        update_tenant(admin, other.id, name="Acme"),
    ):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert (caught.value.path, str(caught.value)) == ("name", "another tenant has this name")
    assert [row.name for row in await Tenant.all().order_by("name")] == ["Acme", "Other"]


async def test_a_name_must_be_one(admin: Principal) -> None:
    with pytest.raises(InvalidInput):
        await create_tenant(admin, name="")
    assert await Tenant.all().count() == 0


async def test_a_tenant_that_owns_something_stays(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict) as caught:
        await delete_tenant(admin, objects.acme.id)
    assert caught.value.path == "id"
    assert str(caught.value).startswith("it is still used by a")
    assert await Tenant.exists(id=objects.acme.id)


@pytest.mark.parametrize("object_id", ["", "x", "00000000-0000-0000-0000-000000000000"])
async def test_what_is_not_there_is_not_found(admin: Principal, object_id: str) -> None:
    for attempt in (update_tenant(admin, object_id), delete_tenant(admin, object_id)):
        with pytest.raises(NotFound) as caught:
            await attempt
        assert str(caught.value) == f"there is no tenant with the id {object_id}"
    assert await find_row(admin, Tenant, object_id) is None


async def test_a_tenant_sees_itself_and_changes_nothing(
    objects: Objects, of_zen: Principal
) -> None:
    page = await list_tenants(of_zen)
    assert [row.name for row in page.rows] == ["Zen"]
    assert await find_row(of_zen, Tenant, objects.acme.id) is None
    with pytest.raises(NotFound):
        await update_tenant(of_zen, objects.acme.id, name="Hijacked")
    for attempt in (
        create_tenant(of_zen, name="New"),
        update_tenant(of_zen, objects.zen.id, name="New"),
        delete_tenant(of_zen, objects.zen.id),
    ):
        with pytest.raises(Forbidden):
            await attempt
    assert {row.name for row in await Tenant.all()} == {"Acme", "Zen"}


async def test_tenants_are_listed_by_name_and_filter(admin: Principal) -> None:
    for name, enabled in (("beta", True), ("Alpha", True), ("alphabet", False)):
        await create_tenant(admin, name=name, enabled=enabled)
    assert [row.name for row in (await list_tenants(admin)).rows] == ["Alpha", "alphabet", "beta"]
    found = await list_tenants(admin, name_contains="ALPHA", enabled=True)
    assert [row.name for row in found.rows] == ["Alpha"]
    assert await found.total() == 1


async def test_the_core_gets_them_all(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme", enabled=False)
    (loaded,) = await load_tenants()
    assert (loaded.id, loaded.name, loaded.enabled) == (str(row.id), "Acme", False)
