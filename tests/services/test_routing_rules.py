import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import RoutingRule
from pointsman.services.routing_rules import (
    create_routing_rule,
    delete_routing_rule,
    list_routing_rules,
    load_routing_rules,
    update_routing_rule,
)
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(
    admin: Principal, objects: Objects, name: str = "r", **more: object
) -> RoutingRule:
    fields = {
        "tenant_id": objects.acme.id,
        "routing_group_id": objects.acme_group.id,
        "name": name,
    }
    return await create_routing_rule(admin, **{**fields, **more})  # type: ignore[arg-type]


async def test_a_rule_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects, called_prefix="+39", called_regex=r"\+39.*", priority=3)
    row = await update_routing_rule(admin, row.id, called_regex="", enabled=False)
    (loaded,) = await load_routing_rules()
    assert (loaded.called_prefix, loaded.called_regex, loaded.priority, loaded.enabled) == (
        "+39",
        "",
        3,
        False,
    )
    await delete_routing_rule(admin, row.id)
    assert (await list_routing_rules(admin)).rows == []


async def test_everything_wrong_is_named(admin: Principal, objects: Objects) -> None:
    wrong = {"name": "", "called_prefix": "39a", "called_regex": "(", "priority": -1}
    row = await _create(admin, objects)
    for attempt in (
        _create(admin, objects, **wrong),  # type: ignore[arg-type]
        update_routing_rule(admin, row.id, **wrong),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [
            "name",
            "calledPrefix",
            "calledRegex",
            "priority",
        ]


async def test_its_group_is_of_the_tenant(admin: Principal, objects: Objects) -> None:
    row = await _create(admin, objects)
    for group_id in (objects.zen_group.id, objects.acme.id, "x"):
        for attempt in (
            _create(admin, objects, "other", routing_group_id=group_id),
            update_routing_rule(admin, row.id, routing_group_id=group_id),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.path == "routingGroupId"


async def test_a_name_is_taken_once_a_tenant(admin: Principal, objects: Objects) -> None:
    await _create(admin, objects)
    with pytest.raises(Conflict) as caught:
        await _create(admin, objects)
    assert caught.value.path == "name"


async def test_a_tenants_rules_are_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    row = await _create(admin, objects)
    assert (await list_routing_rules(of_zen)).rows == []
    for attempt in (
        update_routing_rule(of_zen, row.id, priority=9),
        delete_routing_rule(of_zen, row.id),
        _create(of_zen, objects, "x"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_rules_are_listed_in_their_order(admin: Principal, objects: Objects) -> None:
    for name, prefix, priority in (
        ("d", "+39", 2),
        ("c", "+39", 1),
        ("b", "+39", 1),
        ("a", "+40", 0),
    ):
        await _create(admin, objects, name, called_prefix=prefix, priority=priority)
    assert [row.name for row in (await list_routing_rules(admin)).rows] == ["b", "c", "d", "a"]
    italian = await list_routing_rules(
        admin, called_prefix_starts_with="+39", tenant_id=objects.acme.id, enabled=True
    )
    assert [row.name for row in italian.rows] == ["b", "c", "d"]
    assert [row.name for row in (await list_routing_rules(admin, name_contains="A")).rows] == ["a"]
