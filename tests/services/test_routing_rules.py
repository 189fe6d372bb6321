from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import EmergencyPlan, RoutingRule, Schedule
from pointsman.routing.routing_rule import RoutingRule as RoutedRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.dids import create_did
from pointsman.services.routing_rules import (
    create_routing_rule,
    delete_routing_rule,
    list_routing_rules,
    load_routing_rules,
    update_routing_rule,
)
from pointsman.services.schedules import create_schedule, delete_schedule
from pointsman.services.trunks import create_trunk, delete_trunk
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(admin: Principal, objects: Objects, name: str = "r", **more: Any) -> RoutingRule:
    fields: dict[str, Any] = {
        "tenant_id": objects.acme.id,
        "routing_group_id": objects.acme_group.id,
        "name": name,
    }
    return await create_routing_rule(admin, **{**fields, **more})


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
    row = await _create(admin, objects)
    for attempt in (
        _create(admin, objects, **wrong),
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
        "group": await _create(admin, objects, "group", **conditions),
        "reject": await _create(admin, objects, "reject", routing_group_id=None, **refused),
        "forward": await _create(admin, objects, "forward", routing_group_id=None, **forwarded),
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


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"routing_group_id": None}, [("routingGroupId", "give the routing group that calls use")]),
        (
            {"action": RuleAction.REJECT, "routing_group_id": None},
            [("rejectSipCode", "give the SIP code to answer, 400 to 699")],
        ),
        (
            {"action": RuleAction.CONTINUE, "routing_group_id": None, "reject_sip_code": 486},
            [
                (
                    "rejectSipCode",
                    "leave it out, or give the action REJECT as well",
                ),
                ("forwardNumber", "give the number that is called instead"),
            ],
        ),
        (
            {"action": RuleAction.REJECT, "reject_sip_code": 486, "forward_number": "1"},
            [
                ("routingGroupId", "leave it out, or give the action GROUP as well"),
                ("forwardNumber", "leave it out, or give the action CONTINUE as well"),
            ],
        ),
    ],
)
async def test_an_action_has_what_it_needs_and_nothing_of_the_others(
    admin: Principal, objects: Objects, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, **fields)
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == expected


async def test_another_action_clears_what_belonged_to_the_former(
    admin: Principal, objects: Objects
) -> None:
    row = await _create(admin, objects, called_prefix="+39")

    async def change(**fields: Any) -> tuple[object, ...]:
        changed = await update_routing_rule(admin, row.id, **fields)
        stored = await RoutingRule.get(id=row.id)
        parts = ("action", "routing_group_id", "reject_sip_code", "reject_sip_reason",
                 "forward_number")  # fmt: skip
        assert [getattr(changed, part) for part in parts] == [
            getattr(stored, part) for part in parts
        ]
        return tuple(getattr(stored, part) for part in parts)

    group = objects.acme_group.id
    reject, forward = RuleAction.REJECT, RuleAction.CONTINUE
    assert await change(action=reject, reject_sip_code=486, reject_sip_reason="Not now") == (
        reject,
        None,
        486,
        "Not now",
        "",
    )
    assert await change(reject_sip_code=600) == (reject, None, 600, "Not now", "")
    assert await change(reject_sip_reason="") == (reject, None, 600, "", "")
    assert await change(action=forward, forward_number="*98") == (forward, None, None, "", "*98")
    assert await change(action=RuleAction.GROUP, routing_group_id=group) == (
        RuleAction.GROUP, group, None, "", "",
    )  # fmt: skip
    for fields, path in (
        ({"action": reject}, "rejectSipCode"),
        ({"action": forward}, "forwardNumber"),
        ({"routing_group_id": None}, "routingGroupId"),
        ({"forward_number": "1"}, "forwardNumber"),
        ({"reject_sip_code": 486}, "rejectSipCode"),
    ):
        with pytest.raises(InvalidInput) as caught:
            await update_routing_rule(admin, row.id, **fields)
        assert [problem.path for problem in caught.value.problems] == [path]
    # What belongs to another action may be said to be empty.
    assert await change(reject_sip_code=None, forward_number="", reject_sip_reason="") == (
        RuleAction.GROUP, group, None, "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        (399, "use 400 to 699"),
        (700, "use 400 to 699"),
        (0, "use 400 to 699"),
        (401, "use 403 to refuse the call"),
        (407, "use 403 to refuse the call"),
    ],
)
async def test_a_code_that_is_no_refusal_is_none(
    admin: Principal, objects: Objects, code: int, fix: str
) -> None:
    refused: dict[str, Any] = {"routing_group_id": None, "action": RuleAction.REJECT}
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, reject_sip_code=code, **refused)
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == [
        ("rejectSipCode", fix)
    ]


@pytest.mark.parametrize(
    "reason",
    ["a\rb", "a\nb", "a\tb", "a\0b", "a\x7fb", "a\x85b", "a\u2028b", "a\u202eb", "a\ud800b",
     "a" * 101],
)  # fmt: skip
async def test_a_reason_that_a_status_line_cannot_have_is_refused(
    admin: Principal, objects: Objects, reason: str
) -> None:
    refused: dict[str, Any] = {
        "routing_group_id": None,
        "action": RuleAction.REJECT,
        "reject_sip_code": 486,
    }
    with pytest.raises(InvalidInput) as caught:
        await _create(admin, objects, reject_sip_reason=reason, **refused)
    assert [problem.path for problem in caught.value.problems] == ["rejectSipReason"]


async def test_the_longest_reason_is_stored(admin: Principal, objects: Objects) -> None:
    refused: dict[str, Any] = {
        "routing_group_id": None,
        "action": RuleAction.REJECT,
        "reject_sip_code": 486,
    }
    row = await _create(admin, objects, reject_sip_reason="\u00e8" * 100, **refused)
    assert (await RoutingRule.get(id=row.id)).reject_sip_reason == "\u00e8" * 100


@pytest.mark.parametrize(
    "number",
    ["+", "+0390612345678", "+3906123456789012", "john", "06 123", "+39*1", "1" * 33, "\u0661"],
)
async def test_a_number_that_nobody_can_call_is_refused(
    admin: Principal, objects: Objects, number: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await _forward(admin, objects, "r", "+3906", number)
    assert [problem.path for problem in caught.value.problems] == ["forwardNumber"]


async def _forward(
    admin: Principal, objects: Objects, name: str, prefix: str, number: str, **more: Any
) -> RoutingRule:
    fields: dict[str, Any] = {
        "routing_group_id": None,
        "called_prefix": prefix,
        "forward_number": number,
    }
    return await _create(admin, objects, name, action=RuleAction.CONTINUE, **fields, **more)


async def test_its_schedule_and_its_source_are_the_tenants_own(
    admin: Principal, objects: Objects
) -> None:
    row = await _create(admin, objects)
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
            _create(admin, objects, "other", **fields),
            update_routing_rule(admin, row.id, **fields),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.path == path


async def test_what_a_rule_uses_is_not_deleted(admin: Principal, objects: Objects) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    branch = await create_trunk(admin, name="branch", tenant_id=objects.acme.id)
    row = await _create(admin, objects, schedule_id=schedule.id, source_trunk_id=branch.id)
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
    row = await _create(admin, objects, schedule_id=schedule.id, schedule_open=False)
    row = await update_routing_rule(admin, row.id, schedule_id=None)
    assert (row.schedule_id, row.schedule_open) == (None, True)
    for attempt in (
        update_routing_rule(admin, row.id, schedule_open=False),
        _create(admin, objects, "other", schedule_open=False),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert [problem.path for problem in caught.value.problems] == ["scheduleOpen"]


@pytest.mark.parametrize(
    ("prefix", "regex", "number"),
    [
        ("", "", "+40211234567"),
        ("+39", "", "+390612345678"),
        ("+3906", r"\+3906[0-9]+", "+390612345678"),
        ("*9", "", "*98"),
    ],
)
async def test_a_rule_that_holds_for_its_own_number_goes_in_circles(
    admin: Principal, objects: Objects, prefix: str, regex: str, number: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await _forward(admin, objects, "r", prefix, number, called_regex=regex)
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == [
        (
            "forwardNumber",
            "use a calledPrefix or calledRegex without it, or make the rule that takes it first",
        )
    ]
    assert await RoutingRule.all().count() == 0


async def test_a_rule_that_comes_to_circles_by_an_update_is_refused(
    admin: Principal, objects: Objects
) -> None:
    row = await _forward(admin, objects, "r", "+3906", "+390212345678")
    updates: list[dict[str, Any]] = [
        {"called_prefix": "+39"},
        {"forward_number": "+390612345678"},
    ]
    for fields in updates:
        with pytest.raises(InvalidInput):
            await update_routing_rule(admin, row.id, **fields)
    stored = await RoutingRule.get(id=row.id)
    assert (stored.called_prefix, stored.forward_number) == ("+3906", "+390212345678")


async def test_a_rule_for_all_may_send_on_to_what_goes_elsewhere(
    admin: Principal, objects: Objects
) -> None:
    """To a number of the tenant, or one that a rule before it takes."""
    await create_did(
        admin, tenant_id=objects.acme.id, prefix="+390401234", pbx_trunk_id=objects.acme_pbx.id
    )
    await _forward(admin, objects, "to us", "+", "+390401234567")
    await _create(admin, objects, "Romania", called_prefix="+40", called_regex=".*7")
    await _forward(admin, objects, "abroad", "+", "+40211234567")
    # The rule that takes it must be on, hold for the number, and go before.
    await _create(admin, objects, "off", called_prefix="+411234", enabled=False)
    await _create(admin, objects, "odd", called_prefix="+411234", called_regex=".*[13579]")
    await _create(admin, objects, "later", called_prefix="+", priority=9)
    for number in ("+41123456", "+412"):
        with pytest.raises(InvalidInput):
            await _forward(admin, objects, "aaa", "+", number)
    with pytest.raises(InvalidInput):
        await _forward(admin, objects, "of another", "+", "+40211234567", tenant_id=objects.zen.id)


async def test_a_call_is_not_sent_on_to_an_emergency_number(
    admin: Principal, objects: Objects
) -> None:
    await EmergencyPlan.create(
        tenant=objects.acme, country="IT", numbers=["112", "118"], calling_number="+390401234"
    )
    for number in ("118", "+118"):
        with pytest.raises(InvalidInput) as caught:
            await _forward(admin, objects, "r", "+3906", number)
        assert [(problem.path, problem.fix) for problem in caught.value.problems] == [
            ("forwardNumber", "add what is dialled to the numbers of its emergency plan")
        ]
    await _forward(admin, objects, "r", "+3906", "1180")


async def test_rules_are_found_by_what_they_use(admin: Principal, objects: Objects) -> None:
    schedule = await _schedule(admin, objects.acme.id)
    await _create(admin, objects, "plain")
    await _create(admin, objects, "timed", schedule_id=schedule.id)
    await _create(admin, objects, "placed", source_trunk_id=objects.acme_pbx.id)
    await _forward(admin, objects, "forward", "1", "+390612345678")
    for filters, expected in (
        ({"action": RuleAction.CONTINUE}, ["forward"]),
        ({"schedule_id": schedule.id}, ["timed"]),
        ({"source_trunk_id": objects.acme_pbx.id}, ["placed"]),
        ({"routing_group_id": objects.acme_group.id}, ["placed", "plain", "timed"]),
    ):
        found = await list_routing_rules(admin, **filters)
        assert [row.name for row in found.rows] == expected
