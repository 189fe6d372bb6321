"""Routing rules over HTTP: their actions, and what they refer to."""

from pathlib import Path
from typing import Any

import pytest

from pointsman.graphql.schema import build_schema
from pointsman.routing.routing_rule import RULE_ORDER
from tests.graphql.conftest import Client, Ids


async def test_a_rule_has_all_that_it_was_made_with(client: Client, acme: Ids) -> None:
    given = {
        "name": "night",
        "calledPrefix": "+39",
        "calledRegex": r"\+39.*",
        "callingPrefix": "+3904",
        "callingRegex": ".*7",
        "scheduleOpen": False,
        "priority": 3,
        "enabled": False,
        "action": "REJECT",
        "rejectSipCode": 480,
        "rejectSipReason": "Closed",
    }
    references = {"sourceTrunkId": acme.trunk, "scheduleId": acme.schedule}
    made = await client.make("CreateRoutingRule", tenantId=acme.tenant, **given, **references)
    expected = {
        **given,
        "forwardNumber": "",
        "tenant": {"id": acme.tenant},
        "routingGroup": None,
        "sourceTrunk": {"id": acme.trunk},
        "schedule": {"id": acme.schedule},
    }
    stored = await client.run("RoutingRule", id=made["id"])
    assert {key: stored[key] for key in expected} == expected
    found = await client.run("RoutingRules", filter={"scheduleId": acme.schedule})
    assert [node["id"] for node in found["nodes"]] == [made["id"]]
    deleted = await client.run("DeleteSchedule", id=acme.schedule)
    assert (deleted["__typename"], deleted["path"]) == ("Conflict", "id")


async def test_another_action_takes_the_place_of_the_former(client: Client, acme: Ids) -> None:
    def parts(rule: dict[str, Any]) -> list[Any]:
        names = ("action", "routingGroup", "rejectSipCode", "rejectSipReason", "forwardNumber")
        return [rule[name] for name in names]

    async def change(**fields: Any) -> dict[str, Any]:
        result: dict[str, Any] = await client.run(
            "UpdateRoutingRule", id=acme.routing_rule, input=fields
        )
        return result

    refused = await change(action="REJECT", rejectSipCode=486)
    assert parts(refused) == ["REJECT", None, 486, "", ""]
    forwarded = await change(action="CONTINUE", forwardNumber="100", calledPrefix="+39")
    assert parts(forwarded) == ["CONTINUE", None, None, "", "100"]
    grouped = await change(action="GROUP", routingGroupId=acme.routing_group)
    assert parts(grouped) == ["GROUP", {"id": acme.routing_group}, None, "", ""]
    bare = await change(action="CONTINUE")
    assert [(problem["path"], problem["message"]) for problem in bare["problems"]] == [
        ("forwardNumber", "the action CONTINUE needs it")
    ]
    foreign = await change(forwardNumber="100")
    assert [(problem["path"], problem["fix"]) for problem in foreign["problems"]] == [
        ("forwardNumber", "leave it out, or give the action CONTINUE as well")
    ]


async def test_null_takes_a_condition_away(client: Client, acme: Ids) -> None:
    conditions = {"sourceTrunkId": acme.trunk, "scheduleId": acme.schedule, "scheduleOpen": False}
    rule = acme.routing_rule
    timed = await client.run("UpdateRoutingRule", id=rule, input=conditions)
    assert (timed["sourceTrunk"], timed["schedule"]) == ({"id": acme.trunk}, {"id": acme.schedule})
    plain = await client.run("UpdateRoutingRule", id=rule, input={"scheduleId": None})
    assert (plain["schedule"], plain["scheduleOpen"]) == (None, True)
    assert plain["sourceTrunk"] == {"id": acme.trunk}
    plain = await client.run("UpdateRoutingRule", id=rule, input={"sourceTrunkId": None})
    assert plain["sourceTrunk"] is None


@pytest.mark.parametrize(
    "reference",
    [
        ("sourceTrunkId", "trunk"),
        ("sourceTrunkId", "carrier_trunk"),
        ("scheduleId", "schedule"),
        ("routingGroupId", "routing_group"),
    ],
)
async def test_what_is_anothers_is_not_there(
    client: Client, acme: Ids, zen: Ids, of_zen: Client, reference: tuple[str, str]
) -> None:
    field, foreign = reference
    before = await client.run("ConfigRevision")
    for caller in (of_zen, client):
        given = {"tenantId": zen.tenant, "name": "r", "routingGroupId": zen.routing_group}
        change = {field: getattr(acme, foreign)}
        made = await caller.run("CreateRoutingRule", input={**given, **change})
        changed = await caller.run("UpdateRoutingRule", id=zen.routing_rule, input=change)
        for result in (made, changed):
            assert (result["__typename"], result["path"]) == ("NotFound", field)
    if foreign != "carrier_trunk":
        body = await of_zen.execute("RoutingRules", filter={field: getattr(acme, foreign)})
        assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert await client.run("ConfigRevision") == before


def test_the_schema_tells_the_order_of_rules() -> None:
    description = build_schema()._schema.type_map["RoutingRule"].description
    assert description is not None
    assert "; then ".join(RULE_ORDER) in description


def test_the_docs_tell_the_order_of_rules() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "routing.md").read_text().splitlines()
    order = [f"{number}. {line}" for number, line in enumerate(RULE_ORDER, start=1)]
    start = lines.index(order[0])
    assert lines[start : start + len(order) + 1] == [*order, ""]
