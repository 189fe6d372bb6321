"""Create, update, delete, one and list of every noun, over HTTP."""

from typing import Any

import pytest

from tests.graphql.conftest import Client, Ids, make_objects
from tests.operations import plural

_NOUNS = [
    "Tenant",
    "Domain",
    "Carrier",
    "Trunk",
    "Did",
    "RoutingGroup",
    "RoutingRule",
    "Schedule",
    "ReroutePolicy",
    "TrustedProxy",
    "NormalizationProfile",
    "NumberList",
    "EmergencyPlan",
    "Webhook",
]


def _id_of(ids: Ids, noun: str) -> str:
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in noun).lstrip("_")
    found: str = getattr(ids, snake)
    return found


ANY_SOURCE = {
    "transport": None,
    "port": None,
    "techPrefix": "",
    "calledPrefix": "",
    "callingPrefix": "",
}

# For each noun, a change of each of its fields and what is then read.
_UPDATES: dict[str, dict[str, Any]] = {
    "Tenant": {
        "name": "New name",
        "enabled": False,
        "allowedClasses": ["PREMIUM_RATE", "SATELLITE"],
        "allowedCountries": ["IT", "SM"],
    },
    "Domain": {"name": "new.example"},
    "ReroutePolicy": {
        "name": "New name",
        "rules": [
            {
                "cause": "5xx",
                "phase": "ANY",
                "action": "NEXT_CARRIER",
                "sipCode": None,
                "sipReason": "",
            },
            {
                "cause": "TIMEOUT",
                "phase": "AFTER_RINGING",
                "action": "REWRITE",
                "sipCode": 480,
                "sipReason": "Temporarily Unavailable",
            },
        ],
    },
    "Carrier": {"name": "New name", "enabled": False},
    "Trunk": {
        "name": "New name",
        "enabled": False,
        "numberFormat": "E164",
        "fromHost": "new.example",
        "sendAssertedIdentity": False,
        "draining": True,
        "techPrefix": "9#",
        "callerIdNumber": "+390401234567",
        "callerIdPolicy": "FORCE",
        "sendPreferredIdentity": True,
        "sendRemotePartyId": True,
        "trusted": True,
        "diversionPolicy": "BOTH",
        "extraHeaders": [{"name": "X-Route", "template": "a"}],
        "frTimerMs": 1000,
        "frInvTimerMs": 2000,
        "sources": [
            {**ANY_SOURCE, "cidr": "198.51.100.0/28"},
            {
                "cidr": "2001:db8::/64",
                "transport": "TLS",
                "port": 5061,
                "techPrefix": "55#",
                "calledPrefix": "+39",
                "callingPrefix": "040",
            },
        ],
    },
    "Did": {"prefix": "+1202", "enabled": False},
    "RoutingGroup": {
        "name": "New name",
        "strategy": "WEIGHTED",
        "mode": "PARALLEL",
        "maxCandidates": 3,
    },
    "RoutingRule": {
        "name": "New name",
        "calledPrefix": "+39",
        "calledRegex": r"\+39.*",
        "callingPrefix": "+3904",
        "callingRegex": ".*7",
        "priority": 7,
        "enabled": False,
    },
    "NormalizationProfile": {
        "name": "New name",
        "areaCode": "040",
        "internationalPrefix": "000",
        "nationalPrefix": "9",
        "minLength": 5,
        "maxLength": 11,
        "rules": [
            {"direction": "INBOUND", "field": "CALLING", "match": "^#(.*)$", "replace": r"\1"},
            {"direction": "OUTBOUND", "field": "CALLED", "match": "^", "replace": "9"},
        ],
        "examples": [{"direction": "INBOUND", "field": "CALLING", "given": "#1", "expected": "1"}],
    },
    "TrustedProxy": {"name": "New name", "cidr": "2001:db8::/64"},
    "Schedule": {
        "name": "New name",
        "timeZone": "Australia/Lord_Howe",
        "windows": [
            {"days": ["SUN"], "start": "22:00", "end": "06:00"},
            {"days": ["MON", "SAT"], "start": "00:00", "end": "24:00"},
        ],
        "holidays": [
            {"date": "2026-12-25", "name": "Christmas"},
            {"date": "2026-12-26", "name": ""},
        ],
    },
    "NumberList": {
        "name": "New name",
        "kind": "ALLOW",
        "prefixes": ["", "*7", "+39", "112"],
        "anonymous": True,
        "enabled": False,
    },
    "Webhook": {
        "name": "New name",
        "url": "https://127.0.0.2:8443/other?x=1",
        "kinds": ["REGISTRATION_LOST"],
        "enabled": False,
    },
    "EmergencyPlan": {
        "country": "DE",
        "numbers": ["112", "110"],
        "callingNumber": "+493012345678",
        "location": "Berlin",
        "geolocationUri": "https://lis.example/1",
    },
}


@pytest.mark.parametrize("noun", _NOUNS)
async def test_each_field_is_changed_alone_and_stays(client: Client, acme: Ids, noun: str) -> None:
    object_id = _id_of(acme, noun)
    before = await client.run(noun, id=object_id)
    expected = {key: value for key, value in before.items() if key != "updatedAt"}
    for field, value in _UPDATES[noun].items():
        result = await client.run(f"Update{noun}", id=object_id, input={field: value})
        assert result["__typename"] == noun, result
        expected[field] = value
        stored = await client.run(noun, id=object_id)
        assert {key: stored[key] for key in expected} == expected
        assert {key: result[key] for key in expected} == expected


@pytest.mark.parametrize("noun", _NOUNS)
async def test_an_update_of_nothing_changes_nothing(client: Client, acme: Ids, noun: str) -> None:
    revision = await client.run("ConfigRevision")
    before = await client.run(noun, id=_id_of(acme, noun))
    after = await client.run(f"Update{noun}", id=_id_of(acme, noun), input={})
    after.pop("__typename")
    assert after == before
    assert await client.run("ConfigRevision") == revision


@pytest.mark.parametrize("noun", _NOUNS)
async def test_an_object_is_listed_and_then_gone(client: Client, noun: str) -> None:
    ids = await make_objects(client, "Brief", 3)
    await make_objects(client, "Other", 4)
    order = [
        "NumberList",
        "EmergencyPlan",
        "Webhook",
        "NormalizationProfile",
        "RoutingRule",
        "Schedule",
        "Did",
        "Domain",
        "RoutingGroup",
        "ReroutePolicy",
    ]
    for user in order[: order.index(noun)] if noun in order else order:
        await client.run(f"Delete{user}", id=_id_of(ids, user))
    if noun in ("Carrier", "Tenant"):
        await client.run("DeleteTrunk", id=ids.carrier_trunk)
    if noun == "Tenant":
        await client.run("DeleteTrunk", id=ids.trunk)
        await client.run("DeleteCarrier", id=ids.carrier)
    object_id = _id_of(ids, noun)
    listed = await client.run(plural(noun))
    assert object_id in {node["id"] for node in listed["nodes"]}
    assert [edge["node"]["id"] for edge in listed["edges"]] == [
        node["id"] for node in listed["nodes"]
    ]
    gone = await client.run(f"Delete{noun}", id=object_id)
    assert gone == {"__typename": "Deleted", "id": object_id}
    assert await client.run(noun, id=object_id) is None
    relisted = await client.run(plural(noun))
    assert relisted["totalCount"] == listed["totalCount"] - 1
    again = await client.run(f"Delete{noun}", id=object_id)
    assert (again["__typename"], again["code"], again["path"]) == ("NotFound", "NOT_FOUND", "id")


async def test_pages_are_followed_by_their_cursor(client: Client) -> None:
    for number in range(7):
        await client.make("CreateTenant", name=f"T{number}")
    seen, after = [], None
    while True:
        page = await client.run("Tenants", first=3, after=after)
        assert page["totalCount"] == 7
        seen += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"T{number}" for number in range(7)]


async def test_lists_are_filtered(client: Client, acme: Ids, zen: Ids) -> None:
    of_acme = {"tenantId": acme.tenant}
    for noun, filter_, expected in (
        ("Tenant", {"nameContains": "acm"}, [acme.tenant]),
        ("Carrier", of_acme, [acme.carrier]),
        ("Trunk", {"carrierId": acme.carrier}, [acme.carrier_trunk]),
        ("Trunk", {"kind": "PBX", **of_acme}, [acme.trunk]),
        ("Domain", of_acme, [acme.domain]),
        ("Did", {"prefixStartsWith": "+39041"}, [acme.did]),
        ("RoutingGroup", of_acme, [acme.routing_group]),
        ("RoutingRule", {"enabled": True, **of_acme}, [acme.routing_rule]),
        ("RoutingRule", {"routingGroupId": acme.routing_group}, [acme.routing_rule]),
        ("RoutingRule", {"action": "REJECT"}, []),
        (
            "NormalizationProfile",
            {"nameContains": "acme", "country": "IT", **of_acme},
            [acme.normalization_profile],
        ),
        ("TrustedProxy", {"nameContains": "acm"}, [acme.trusted_proxy]),
        ("Schedule", {"nameContains": "acme OFF", **of_acme}, [acme.schedule]),
        ("NumberList", {"kind": "BLOCK", "field": "CALLING", **of_acme}, [acme.number_list]),
        ("NumberList", {"trunkId": acme.trunk}, [acme.number_list]),
        ("EmergencyPlan", {"country": "IT", **of_acme}, [acme.emergency_plan]),
        ("Webhook", {"nameContains": "ACME", "enabled": True, **of_acme}, [acme.webhook]),
        ("ReroutePolicy", {"nameContains": "POLICY", **of_acme}, [acme.reroute_policy]),
    ):
        listed = await client.run(plural(noun), filter=filter_)
        assert [node["id"] for node in listed["nodes"]] == expected, noun
        assert listed["totalCount"] == len(expected)


async def test_a_carrier_is_granted_and_revoked(client: Client, acme: Ids) -> None:
    carrier = await client.make("CreateCarrier", name="Shared")
    assert (carrier["tenant"], carrier["grantedTenants"]) == (None, [])
    both = {"carrierId": carrier["id"], "tenantId": acme.tenant}
    granted = await client.run("GrantCarrier", **both)
    assert granted["grantedTenants"] == [{"id": acme.tenant}]
    again = await client.run("GrantCarrier", **both)
    assert (again["__typename"], again["path"]) == ("Conflict", "tenantId")
    revoked = await client.run("RevokeCarrier", **both)
    assert revoked["grantedTenants"] == []


async def test_groups_lie_within_groups(client: Client, acme: Ids) -> None:
    outer = await client.make(
        "CreateRoutingGroup",
        tenantId=acme.tenant,
        name="outer",
        strategy="ROUND",
        trunks=[
            {"trunkId": acme.trunk, "priority": 2},
            {"routingGroupId": acme.routing_group, "priority": 1, "weight": 7},
        ],
    )
    assert (outer["strategy"], outer["mode"], outer["maxCandidates"]) == ("ROUND", "SERIAL", 11)
    group = {"trunk": None, "routingGroup": {"id": acme.routing_group}}
    trunk = {"trunk": {"id": acme.trunk}, "routingGroup": None}
    assert outer["trunks"] == [
        {"priority": 1, "weight": 7, "enabled": True, **group},
        {"priority": 2, "weight": 1, "enabled": True, **trunk},
    ]
    inner = {"id": acme.routing_group, "input": {"trunks": [{"routingGroupId": outer["id"]}]}}
    refused = await client.run("UpdateRoutingGroup", **inner)
    assert refused["__typename"] == "InvalidInput"
    (problem,) = refused["problems"]
    assert (problem["path"], problem["message"], problem["fix"]) == (
        "trunks[0].routingGroupId",
        "groups in a circle: Acme group > outer > Acme group",
        "leave this group out",
    )


async def test_a_strategy_that_is_not_there_yet_is_refused(client: Client, acme: Ids) -> None:
    refused = await client.run(
        "UpdateRoutingGroup", id=acme.routing_group, input={"strategy": "LEAST_COST"}
    )
    (problem,) = refused["problems"]
    assert (problem["path"], problem["message"], problem["fix"]) == (
        "strategy",
        "LEAST_COST needs rates, which the platform does not have yet",
        "use PRIORITY, WEIGHTED, ROUND or STICKY",
    )


@pytest.mark.parametrize("field", ["strategy", "mode", "maxCandidates", "trunks"])
async def test_null_is_no_value_of_a_group(client: Client, acme: Ids, field: str) -> None:
    refused = await client.run("UpdateRoutingGroup", id=acme.routing_group, input={field: None})
    (problem,) = refused["problems"]
    assert (problem["path"], problem["message"]) == (field, "null is no value for it")


async def test_every_change_is_on_record(client: Client, acme: Ids) -> None:
    before = await client.run("ConfigRevision")
    await client.run("UpdateTrunk", id=acme.trunk, input={"name": "Renamed"})
    after = await client.run("ConfigRevision")
    assert after["id"] == before["id"] + 1
    assert after["actor"] == "test administrator"
    records = await client.run("ChangeRecords", filter={"revision": after["id"]})
    (record,) = records["nodes"]
    assert (record["operation"], record["noun"], record["objectId"]) == (
        "UPDATE",
        "Trunk",
        acme.trunk,
    )
    assert (record["before"]["name"], record["after"]["name"]) == ("Acme pbx", "Renamed")
    history = await client.run("ChangeRecords", filter={"objectId": acme.trunk})
    assert [node["operation"] for node in history["nodes"]] == ["CREATE", "UPDATE"]
