"""Routing rules: whose they are, which calls they are for, and how they are stored and found."""

from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import Schedule
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.routing_rules import (
    delete_routing_rule,
    list_routing_rules,
    load_routing_rules,
    update_routing_rule,
)
from pointsman.services.schedules import create_schedule, delete_schedule
from pointsman.services.trunks import create_trunk, delete_trunk
from tests.services.conftest import Objects
from tests.services.made_rules import create_forward, create_rule

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_rule_is_made_changed_and_deleted(admin: Principal, objects: Objects) -> None:
    row = await create_rule(admin, objects, called_prefix="+39", called_regex=r"\+39.*", priority=3)
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
    wrong: dict[str, Any] = {
        "name": "",
        "called_prefix": "39a",
        "called_regex": "(",
        "calling_prefix": "+0",
        "calling_regex": "a" * 257,
        "priority": -1,
        "reject_sip_code": 200,
        "reject_sip_reason": "a\r\nContact: <sip:evil>",
        "forward_number": "sip:x@y",
        "schedule_open": False,
    }
    row = await create_rule(admin, objects)
    for attempt in (
        create_rule(admin, objects, **wrong),
        update_routing_rule(admin, row.id, **wrong),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == [
            "name",
            "calledPrefix",
            "calledRegex",
            "callingPrefix",
            "callingRegex",
            "priority",
            "rejectSipCode",
            "rejectSipReason",
            "forwardNumber",
            # These belong to other actions, too; and there is no schedule that could be closed.
            "rejectSipCode",
            "rejectSipReason",
            "forwardNumber",
            "scheduleOpen",
        ]


async def test_its_group_is_of_the_tenant(admin: Principal, objects: Objects) -> None:
    row = await create_rule(admin, objects)
    for group_id in (objects.zen_group.id, objects.acme.id, "x"):
        for attempt in (
            create_rule(admin, objects, "other", routing_group_id=group_id),
            update_routing_rule(admin, row.id, routing_group_id=group_id),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.path == "routingGroupId"


async def test_a_name_is_taken_once_a_tenant(admin: Principal, objects: Objects) -> None:
    await create_rule(admin, objects)
    with pytest.raises(Conflict) as caught:
        await create_rule(admin, objects)
    assert caught.value.path == "name"


async def test_a_tenants_rules_are_its_own(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    row = await create_rule(admin, objects)
    assert (await list_routing_rules(of_zen)).rows == []
    for attempt in (
        update_routing_rule(of_zen, row.id, priority=9),
        delete_routing_rule(of_zen, row.id),
        create_rule(of_zen, objects, "x"),
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
        await create_rule(admin, objects, name, called_prefix=prefix, priority=priority)
    assert [row.name for row in (await list_routing_rules(admin)).rows] == ["b", "c", "d", "a"]
    italian = await list_routing_rules(
        admin, called_prefix_starts_with="+39", tenant_id=objects.acme.id, enabled=True
    )
    assert [row.name for row in italian.rows] == ["b", "c", "d"]
    assert [row.name for row in (await list_routing_rules(admin, name_contains="A")).rows] == ["a"]


async def _schedule(admin: Principal, tenant_id: object, name: str = "office") -> Schedule:
    return await create_schedule(
        admin, tenant_id=tenant_id, name=name, time_zone="Europe/Rome", windows=[]
    )


async def test_all_of_a_rule_is_stored_and_loaded(admin: Principal, objects: Objects) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    conditions: dict[str, Any] = {
        "called_prefix": "+39",
        "called_regex": r"\+39.*",
        "calling_prefix": "+3904",
        "calling_regex": ".*7",
        "source_trunk_id": objects.acme_pbx.id,
        "schedule_id": str(schedule.id),
        "schedule_open": False,
        "priority": 3,
        "enabled": False,
    }
    refused: dict[str, Any] = {
        "action": RuleAction.REJECT,
        "reject_sip_code": 603,
        "reject_sip_reason": " No ",
    }
    forwarded: dict[str, Any] = {
        "action": RuleAction.CONTINUE,
        "called_prefix": "+3906",
        "forward_number": "+40211234567",
    }
    rows = {
        "group": await create_rule(admin, objects, "group", **conditions),
        "reject": await create_rule(admin, objects, "reject", routing_group_id=None, **refused),
        "forward": await create_rule(admin, objects, "forward", routing_group_id=None, **forwarded),
    }
    own: dict[str, Any] = {"tenant_id": str(objects.acme.id)}
    expected = {
        RoutedRule(
            id=str(rows["group"].id),
            name="group",
            routing_group_id=str(objects.acme_group.id),
            **{**conditions, "source_trunk_id": str(objects.acme_pbx.id)},
            **own,
        ),
        RoutedRule(
            id=str(rows["reject"].id),
            name="reject",
            action=RuleAction.REJECT,
            reject_sip_code=603,
            reject_sip_reason="No",
            **own,
        ),
        RoutedRule(
            id=str(rows["forward"].id),
            name="forward",
            called_prefix="+3906",
            action=RuleAction.CONTINUE,
            forward_number="+40211234567",
            **own,
        ),
    }
    assert set(await load_routing_rules()) == expected


async def test_its_schedule_and_its_source_are_the_tenants_own(
    admin: Principal, objects: Objects
) -> None:
    row = await create_rule(admin, objects)
    foreign = await _schedule(admin, objects.zen.id)
    for fields, path in (
        ({"source_trunk_id": objects.zen_pbx.id}, "sourceTrunkId"),
        ({"source_trunk_id": objects.alpha_trunk.id}, "sourceTrunkId"),
        ({"source_trunk_id": "x"}, "sourceTrunkId"),
        ({"schedule_id": foreign.id}, "scheduleId"),
        ({"schedule_id": objects.acme.id}, "scheduleId"),
        ({"schedule_id": ""}, "scheduleId"),
    ):
        for attempt in (
            create_rule(admin, objects, "other", **fields),
            update_routing_rule(admin, row.id, **fields),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.path == path


async def test_what_a_rule_uses_is_not_deleted(admin: Principal, objects: Objects) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    branch = await create_trunk(admin, name="branch", tenant_id=objects.acme.id)
    row = await create_rule(admin, objects, schedule_id=schedule.id, source_trunk_id=branch.id)
    for attempt in (delete_schedule(admin, schedule.id), delete_trunk(admin, branch.id)):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert (caught.value.path, str(caught.value)) == (
            "id",
            "it is still used by a routing rule: change or delete that first",
        )
    await update_routing_rule(admin, row.id, schedule_id=None, source_trunk_id=None)
    await delete_schedule(admin, schedule.id)
    await delete_trunk(admin, branch.id)


async def test_a_rule_without_a_schedule_is_never_for_while_it_is_closed(
    admin: Principal, objects: Objects
) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    row = await create_rule(admin, objects, schedule_id=schedule.id, schedule_open=False)
    row = await update_routing_rule(admin, row.id, schedule_id=None)
    assert (row.schedule_id, row.schedule_open) == (None, True)
    for attempt in (
        update_routing_rule(admin, row.id, schedule_open=False),
        create_rule(admin, objects, "other", schedule_open=False),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == ["scheduleOpen"]


async def test_rules_are_found_by_what_they_use(admin: Principal, objects: Objects) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    await create_rule(admin, objects, "plain")
    await create_rule(admin, objects, "timed", schedule_id=schedule.id)
    await create_rule(admin, objects, "placed", source_trunk_id=objects.acme_pbx.id)
    await create_forward(admin, objects, "forward", "1", "+390612345678")
    for filters, expected in (
        ({"action": RuleAction.CONTINUE}, ["forward"]),
        ({"schedule_id": schedule.id}, ["timed"]),
        ({"source_trunk_id": objects.acme_pbx.id}, ["placed"]),
        ({"routing_group_id": objects.acme_group.id}, ["placed", "plain", "timed"]),
    ):
        found = await list_routing_rules(admin, **filters)
        assert [row.name for row in found.rows] == expected
