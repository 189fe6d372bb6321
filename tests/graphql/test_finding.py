"""Findings over GraphQL: in their order, in pages, and one's own only."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import bound, copy_database
from tests.graphql.conftest import Client, Ids


@pytest.fixture
async def transaction(template_url: str) -> AsyncIterator[None]:
    """A database of its own in the place of a transaction: a configuration is read in one."""
    async with bound(await copy_database(template_url, "findings")):
        yield


def codes(page: dict[str, Any]) -> list[str]:
    """The codes of a page's findings."""
    return [node["code"] for node in page["nodes"]]


async def test_a_finding_names_its_objects_and_the_fix(client: Client, acme: Ids) -> None:
    shadowed = await client.make(
        "CreateRoutingRule",
        tenantId=acme.tenant,
        name="never",
        priority=5,
        routingGroupId=acme.routing_group,
    )
    page = await client.run("Findings", filter={"code": "RULE_SHADOWED"})
    (finding,) = page["nodes"]
    assert finding == {
        "code": "RULE_SHADOWED",
        "severity": "WARNING",
        "message": "the rule never never decides a call: Acme rule comes before it and applies to "
        "every call that it applies to",
        "fix": "give never a lower priority number than Acme rule, narrow Acme rule, or delete one "
        "of them",
        "objects": [
            {"noun": "RoutingRule", "id": shadowed["id"], "name": "never"},
            {"noun": "RoutingRule", "id": acme.routing_rule, "name": "Acme rule"},
        ],
        "tenant": {"id": acme.tenant},
    }
    await client.run("DeleteRoutingRule", id=shadowed["id"])
    assert (await client.run("Findings", filter={"code": "RULE_SHADOWED"}))["nodes"] == []


async def test_errors_come_first_and_pages_follow_each_other(
    client: Client, acme: Ids, zen: Ids
) -> None:
    await client.run("UpdateTrunk", id=acme.carrier_trunk, input={"enabled": False})
    await client.run("UpdateTrunk", id=zen.trunk, input={"enabled": False})
    whole = await client.run("Findings", first=200)
    severities = [node["severity"] for node in whole["nodes"]]
    assert severities == sorted(severities)
    assert {"GROUP_WITHOUT_LIVE_TRUNK", "DID_WITHOUT_LIVE_TRUNK"} <= set(codes(whole))
    assert whole["totalCount"] == len(whole["nodes"]) > 3
    seen, after = [], None
    while True:
        page = await client.run("Findings", first=2, after=after)
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == whole["nodes"]
    errors = await client.run("Findings", filter={"severity": "ERROR"})
    assert errors["nodes"] == [n for n in whole["nodes"] if n["severity"] == "ERROR"]
    of_zen = await client.run("Findings", filter={"tenantId": zen.tenant})
    assert of_zen["nodes"] == [n for n in whole["nodes"] if n["tenant"] == {"id": zen.tenant}]


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"first": 201}, "first"),
        ({"first": -1}, "first"),
        ({"after": "nonsense"}, "after"),
        ({"after": "WzFd"}, "after"),
        ({"after": "WyJmaW5kaW5nIiwgMV0="}, "after"),
    ],
)
async def test_a_page_that_cannot_be_is_refused(
    client: Client, variables: dict[str, Any], path: str
) -> None:
    body = await client.execute("Findings", **variables)
    assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert body["errors"][0]["message"].startswith(path)


async def test_a_tenant_sees_findings_of_its_own_objects_only(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    for ids in (acme, zen):
        await client.run("UpdateTrunk", id=ids.trunk, input={"enabled": False})
    await client.make("CreateTrunk", name="idle", carrierId=zen.carrier)
    page = await of_zen.run("Findings", first=200)
    assert "DID_WITHOUT_LIVE_TRUNK" in codes(page)
    assert "TRUNK_WITHOUT_PURPOSE" not in codes(page)
    assert {node["tenant"]["id"] for node in page["nodes"]} == {zen.tenant}
    text = str(page).lower()
    assert "acme" not in text
    assert not any(object_id in text for object_id in vars(acme).values())
    body = await of_zen.execute("Findings", filter={"tenantId": acme.tenant})
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    platform = await client.run("Findings", filter={"code": "TRUNK_WITHOUT_PURPOSE"})
    assert [node["tenant"] for node in platform["nodes"]] == [None]
