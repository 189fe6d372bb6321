"""What a routing rule does with a call: its group, its refusal, or the number it forwards to."""

from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import InvalidInput
from pointsman.models import EmergencyPlan, RoutingRule
from pointsman.routing.routing_rule import RuleAction
from pointsman.services.dids import create_did
from pointsman.services.routing_rules import update_routing_rule
from tests.services.conftest import Objects
from tests.services.made_rules import create_forward, create_rule

pytestmark = pytest.mark.usefixtures("transaction")


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
        await create_rule(admin, objects, **fields)
    assert [(problem.path, problem.fix) for problem in caught.value.problems] == expected


async def test_another_action_clears_what_belonged_to_the_former(
    admin: Principal, objects: Objects
) -> None:
    row = await create_rule(admin, objects, called_prefix="+39")

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
        await create_rule(admin, objects, reject_sip_code=code, **refused)
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
        await create_rule(admin, objects, reject_sip_reason=reason, **refused)
    assert [problem.path for problem in caught.value.problems] == ["rejectSipReason"]


async def test_the_longest_reason_is_stored(admin: Principal, objects: Objects) -> None:
    refused: dict[str, Any] = {
        "routing_group_id": None,
        "action": RuleAction.REJECT,
        "reject_sip_code": 486,
    }
    row = await create_rule(admin, objects, reject_sip_reason="\u00e8" * 100, **refused)
    assert (await RoutingRule.get(id=row.id)).reject_sip_reason == "\u00e8" * 100


@pytest.mark.parametrize(
    "number",
    ["+", "+0390612345678", "+3906123456789012", "john", "06 123", "+39*1", "1" * 33, "\u0661"],
)
async def test_a_number_that_nobody_can_call_is_refused(
    admin: Principal, objects: Objects, number: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await create_forward(admin, objects, "r", "+3906", number)
    assert [problem.path for problem in caught.value.problems] == ["forwardNumber"]


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
        await create_forward(admin, objects, "r", prefix, number, called_regex=regex)
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
    row = await create_forward(admin, objects, "r", "+3906", "+390212345678")
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
    await create_forward(admin, objects, "to us", "+", "+390401234567")
    await create_rule(admin, objects, "Romania", called_prefix="+40", called_regex=".*7")
    await create_forward(admin, objects, "abroad", "+", "+40211234567")
    # The rule that takes it must be on, hold for the number, and go before.
    await create_rule(admin, objects, "off", called_prefix="+411234", enabled=False)
    await create_rule(admin, objects, "odd", called_prefix="+411234", called_regex=".*[13579]")
    await create_rule(admin, objects, "later", called_prefix="+", priority=9)
    for number in ("+41123456", "+412"):
        with pytest.raises(InvalidInput):
            await create_forward(admin, objects, "aaa", "+", number)
    with pytest.raises(InvalidInput):
        await create_forward(
            admin, objects, "of another", "+", "+40211234567", tenant_id=objects.zen.id
        )


async def test_a_call_is_not_sent_on_to_an_emergency_number(
    admin: Principal, objects: Objects
) -> None:
    await EmergencyPlan.create(
        tenant=objects.acme, country="IT", numbers=["112", "118"], calling_number="+390401234"
    )
    for number in ("118", "+118"):
        with pytest.raises(InvalidInput) as caught:
            await create_forward(admin, objects, "r", "+3906", number)
        assert [(problem.path, problem.fix) for problem in caught.value.problems] == [
            ("forwardNumber", "add what is dialled to the numbers of its emergency plan")
        ]
    await create_forward(admin, objects, "r", "+3906", "1180")
