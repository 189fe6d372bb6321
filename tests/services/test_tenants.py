from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.models import ReroutePolicy, Tenant
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.tenant import Tenant as RoutedTenant
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
    policy = await ReroutePolicy.create(name="patient", rules=[])
    row = await create_tenant(
        admin,
        name="Acme",
        enabled=False,
        allowed_classes=[DestinationClass.SATELLITE, DestinationClass.PREMIUM_RATE],
        allowed_countries=["sm", " IT ", "IT"],
        reroute_policy_id=policy.id,
    )
    assert (row.allowed_classes, row.allowed_countries) == (
        ["PREMIUM_RATE", "SATELLITE"],
        ["IT", "SM"],
    )
    assert await load_tenants() == (
        RoutedTenant(
            id=str(row.id),
            name="Acme",
            enabled=False,
            allowed_classes=frozenset({DestinationClass.SATELLITE, DestinationClass.PREMIUM_RATE}),
            allowed_countries=frozenset({"IT", "SM"}),
            reroute_policy_id=str(policy.id),
        ),
    )


async def test_nothing_that_costs_much_is_allowed_until_said(admin: Principal) -> None:
    await create_tenant(admin, name="Acme")
    (loaded,) = await load_tenants()
    assert (loaded.allowed_classes, loaded.allowed_countries) == (frozenset(), frozenset())


async def test_a_country_is_one(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    for attempt in (
        update_tenant(admin, row.id, allowed_countries=["IT", "ITA", "", "XX"]),
        create_tenant(admin, name="x", allowed_countries=["IT", "ITA", "", "XX"]),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [
            "allowedCountries[1]",
            "allowedCountries[2]",
            "allowedCountries[3]",
        ]
    with pytest.raises(InvalidInput) as caught:
        await update_tenant(admin, row.id, allowed_countries=["IT"] * 301)
    assert caught.value.problems[0].fix == "give 300 at most"


async def test_a_tenant_chooses_its_reroute_policy_and_nothing_else(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    of_platform, own, foreign = [
        await ReroutePolicy.create(name="patient", tenant=tenant, rules=[])
        for tenant in (None, objects.zen, objects.acme)
    ]
    for principal in (of_zen, admin):
        for policy in (of_platform, own):
            row = await update_tenant(principal, objects.zen.id, reroute_policy_id=policy.id)
            assert row.reroute_policy_id == policy.id
        for object_id in (foreign.id, "x"):
            with pytest.raises(NotFound) as caught:
                await update_tenant(principal, objects.zen.id, reroute_policy_id=object_id)
            assert caught.value.path == "reroutePolicyId"
    with pytest.raises(NotFound):
        await create_tenant(admin, name="New", reroute_policy_id=own.id)
    limits: tuple[dict[str, Any], ...] = (
        {"allowed_countries": ["IT"]},
        {"allowed_classes": [DestinationClass.PREMIUM_RATE]},
        {"allowed_countries": [], "reroute_policy_id": own.id},
        {"enabled": True, "reroute_policy_id": own.id},
    )
    for fields in limits:
        with pytest.raises(Forbidden):
            await update_tenant(of_zen, objects.zen.id, **fields)
    with pytest.raises(NotFound):
        await update_tenant(of_zen, objects.acme.id, reroute_policy_id=of_platform.id)
    row = await update_tenant(of_zen, objects.zen.id, reroute_policy_id=None)
    assert row.reroute_policy_id is None
