from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import Domain
from pointsman.services.domains import (
    create_domain,
    delete_domain,
    list_domains,
    load_domains,
    update_domain,
)
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(admin: Principal, objects: Objects, name: str = "acme.example") -> Domain:
    return await create_domain(
        admin, tenant_id=objects.acme.id, name=name, pbx_trunk_id=objects.acme_pbx.id
    )


async def test_a_domain_is_kept_in_lower_case(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects, "ACME.Example.")
    (loaded,) = await load_domains()
    assert (loaded.name, loaded.pbx_trunk_id) == ("acme.example", str(objects.acme_pbx.id))


async def test_a_domain_is_unique_over_all_tenants(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    with pytest.raises(Conflict) as caught:
        await create_domain(
            admin,
            tenant_id=objects.zen.id,
            name="ACME.example",
            pbx_trunk_id=objects.zen_pbx.id,
        )
    assert caught.value.path == "name"


async def test_its_trunk_is_a_pbx_of_the_tenant(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    for trunk_id in (objects.zen_pbx.id, objects.alpha_trunk.id, objects.acme.id, "x"):
        with pytest.raises(NotFound) as caught:
            await update_domain(admin, row.id, pbx_trunk_id=trunk_id)
        assert caught.value.path == "pbxTrunkId"
        assert str(caught.value) == f"there is no PBX trunk of the tenant with the id {trunk_id}"


async def test_a_domain_is_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    assert (await update_domain(admin, row.id, name="b.example")).name == "b.example"
    with pytest.raises(InvalidInput):
        await update_domain(admin, row.id, name="bad host")
    await delete_domain(admin, row.id)
    assert (await list_domains(admin)).rows == []


async def test_a_tenants_domains_are_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    row = await _create(admin, objects)
    assert (await list_domains(of_zen)).rows == []
    for attempt in (
        update_domain(of_zen, row.id, name="b.example"),
        delete_domain(of_zen, row.id),
        create_domain(
            of_zen,
            tenant_id=objects.acme.id,
            name="b.example",
            pbx_trunk_id=objects.zen_pbx.id,
        ),
        create_domain(
            of_zen,
            tenant_id=objects.zen.id,
            name="b.example",
            pbx_trunk_id=objects.acme_pbx.id,
        ),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert [domain.name for domain in await Domain.all()] == ["acme.example"]


async def test_domains_are_listed_by_name_and_filter(admin: Principal, objects: Objects) -> None:
    for name in ("b.example", "a.example"):
        await _create(admin, objects, name)
    rows = (await list_domains(admin, tenant_id=objects.acme.id)).rows
    assert [row.name for row in rows] == ["a.example", "b.example"]
    assert (await list_domains(admin, tenant_id=objects.zen.id)).rows == []
    assert [row.name for row in (await list_domains(admin, name_contains="A.")).rows] == [
        "a.example"
    ]


async def test_an_address_is_a_domain_by_the_platforms_say_only(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    """Calls to a Kamailio node's own address would else be the first tenant's that asks."""
    given: dict[str, Any] = {"tenant_id": objects.zen.id, "pbx_trunk_id": objects.zen_pbx.id}
    with pytest.raises(InvalidInput) as caught:
        await create_domain(of_zen, name="203.0.113.1", **given)
    assert caught.value.problems[0].message == "203.0.113.1 is an address"
    own = await create_domain(of_zen, name="zen.example", **given)
    with pytest.raises(InvalidInput):
        await update_domain(of_zen, own.id, name="2001:db8::1")
    assert (await create_domain(admin, name="203.0.113.1", **given)).name == "203.0.113.1"
