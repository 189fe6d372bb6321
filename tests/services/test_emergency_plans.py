from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import ChangeRecord, EmergencyPlan
from pointsman.routing.emergency_plan import EmergencyPlan as RoutedPlan
from pointsman.services.emergency_plans import (
    create_emergency_plan,
    delete_emergency_plan,
    list_emergency_plans,
    load_emergency_plans,
    update_emergency_plan,
)
from pointsman.services.routing_groups import delete_routing_group
from tests.services.conftest import Objects, Ways

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(by: Principal, objects: Objects, ways: Ways, **more: Any) -> EmergencyPlan:
    return await create_emergency_plan(by, **{
        "tenant_id": objects.acme.id, "country": "IT", "numbers": ["112"],
        "calling_number": "+390401234567", "routing_group_ids": ways.group_ids, **more,
    })  # fmt: skip


async def test_a_plan_is_made_changed_and_deleted(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    row = await _create(
        admin, objects, ways, country=" it", numbers=["118", " 112 "],
        location="Trieste, Molo IV", geolocation_uri="https://lis.example.com/held/1?a=b&c=(d)",
    )  # fmt: skip
    (loaded,) = await load_emergency_plans()
    assert loaded == RoutedPlan(
        id=str(row.id),
        tenant_id=str(objects.acme.id),
        country="IT",
        numbers=("118", "112"),
        calling_number="+390401234567",
        routing_group_ids=tuple(map(str, ways.group_ids)),
        location="Trieste, Molo IV",
        geolocation_uri="https://lis.example.com/held/1?a=b&c=(d)",
    )
    await update_emergency_plan(
        admin, row.id, country="DE", numbers=["110", "*1#"], calling_number="+493012345678",
        routing_group_ids=reversed_ids(ways), location="", geolocation_uri="", enabled=False,
    )  # fmt: skip
    (loaded,) = await load_emergency_plans()
    assert loaded == RoutedPlan(
        id=str(row.id),
        tenant_id=str(objects.acme.id),
        country="DE",
        numbers=("110", "*1#"),
        calling_number="+493012345678",
        routing_group_ids=tuple(map(str, reversed_ids(ways))),
        enabled=False,
    )
    await delete_emergency_plan(admin, row.id)
    assert await load_emergency_plans() == ()


def reversed_ids(ways: Ways) -> list[Any]:
    return list(reversed(ways.group_ids))


async def test_a_plan_is_on_record_with_its_groups(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    row = await _create(admin, objects, ways)
    await update_emergency_plan(admin, row.id, routing_group_ids=ways.group_ids)  # no change
    await update_emergency_plan(admin, row.id, routing_group_ids=reversed_ids(ways))
    created, updated = await ChangeRecord.filter(object_id=row.id).order_by("id")
    assert (created.after["numbers"], created.tenant_id) == (["112"], objects.acme.id)
    ids = [{"routing_group_id": str(key)} for key in ways.group_ids]
    assert (updated.before["routing_groups"], updated.after["routing_groups"]) == (
        ids,
        list(reversed(ids)),
    )


async def test_everything_wrong_is_named(admin: Principal, objects: Objects, ways: Ways) -> None:
    row = await _create(admin, objects, ways)
    wrong: dict[str, Any] = {
        "country": "XX",
        "numbers": ["112", "1", "+112", "1" * 16, "11a", "١١٢", "112"],
        "calling_number": "112",
        "location": "a\r\nb",
        "geolocation_uri": "x",
        "routing_group_ids": ["x"],
    }
    for attempt in (
        _create(admin, objects, ways, **wrong),
        update_emergency_plan(admin, row.id, **wrong),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [
            "country",
            *(f"numbers[{index}]" for index in range(1, 7)),
            "callingNumber",
            "location",
            "geolocationUri",
            "routingGroupIds[0]",
        ]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"numbers": []}, "numbers"),
        ({"numbers": [f"{number:03}" for number in range(51)]}, "numbers"),
        ({"calling_number": " "}, "callingNumber"),
        ({"location": "x" * 201}, "location"),
        *(
            ({"geolocation_uri": uri}, "geolocationUri")
            for uri in (
                "/held/1", "https:", "https://x/\r\nX-Evil: 1", "https://x/>", "https://x/<a",
                "a b:c", 'https://x/"', "https://x/'", "https://x/$fu", "https://x/\\", "https://ü.example",
                "1a:b", f"https://x/{'a' * 500}",
            )
        ),
        ({"routing_group_ids": []}, "routingGroupIds"),
        ({"routing_group_ids": ["x"] * 21}, "routingGroupIds"),
        ({"routing_group_ids": ["x"]}, "routingGroupIds[0]"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(
    admin: Principal, objects: Objects, ways: Ways, fields: dict[str, Any], path: str
) -> None:
    row = await _create(admin, objects, ways)
    for attempt in (
        _create(admin, objects, ways, country="DE", **fields),
        update_emergency_plan(admin, row.id, **fields),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [path]


@pytest.mark.parametrize(
    "uri", ["cid:target123@atlanta.example.com", "sips:3sdefrhy2jj7@lis.example"]
)
async def test_a_location_may_be_told_by_any_scheme(
    admin: Principal, objects: Objects, ways: Ways, uri: str
) -> None:
    assert (await _create(admin, objects, ways, geolocation_uri=uri)).geolocation_uri == uri


async def test_its_groups_are_the_tenants_own_each_once(
    admin: Principal, objects: Objects, ways: Ways, of_zen: Principal
) -> None:
    row = await _create(admin, objects, ways)
    for more in (objects.zen_group.id, objects.acme.id, ways.group_ids[0]):
        ids = [*ways.group_ids, more]
        for attempt in (
            _create(admin, objects, ways, country="DE", routing_group_ids=ids),
            update_emergency_plan(admin, row.id, routing_group_ids=ids),
        ):
            with pytest.raises(InvalidInput) as caught:
                await attempt
            assert [problem.path for problem in caught.value.problems] == ["routingGroupIds[2]"]
    with pytest.raises(InvalidInput):
        await _create(of_zen, objects, ways, tenant_id=objects.zen.id)


async def test_a_group_that_a_plan_uses_stays(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    await _create(admin, objects, ways, enabled=False)
    with pytest.raises(Conflict) as caught:
        await delete_routing_group(admin, ways.group_ids[0])
    assert "emergency plan" in str(caught.value)


async def test_a_country_has_one_plan_a_tenant(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    await _create(admin, objects, ways)
    with pytest.raises(Conflict) as caught:
        await _create(admin, objects, ways)
    assert caught.value.path == "country"


async def test_a_tenants_plans_are_its_own(
    admin: Principal, objects: Objects, ways: Ways, of_zen: Principal
) -> None:
    row = await _create(admin, objects, ways)
    assert (await list_emergency_plans(of_zen)).rows == []
    for attempt in (
        update_emergency_plan(of_zen, row.id, enabled=False),
        delete_emergency_plan(of_zen, row.id),
        _create(of_zen, objects, ways),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_plans_are_filtered(admin: Principal, objects: Objects, ways: Ways) -> None:
    italy = await _create(admin, objects, ways)
    germany = await _create(admin, objects, ways, country="DE", enabled=False)
    zen = await _create(
        admin, objects, ways, tenant_id=objects.zen.id, enabled=False,
        routing_group_ids=[objects.zen_group.id],
    )  # fmt: skip
    for filter_, expected in (
        ({"tenant_id": objects.acme.id}, [germany, italy]),
        ({"country": "it", "tenant_id": objects.zen.id}, [zen]),
        ({"enabled": True}, [italy]),
    ):
        found = (await list_emergency_plans(admin, **filter_)).rows
        assert [row.id for row in found] == [row.id for row in expected], filter_


@pytest.mark.parametrize("country", ["ITA", "XX", "I\r\nT", "+39"])
async def test_a_country_that_is_none_is_no_filter(admin: Principal, country: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await list_emergency_plans(admin, country=country)
    assert [problem.path for problem in caught.value.problems] == ["country"]
