"""No tenant's token sees or changes what is another's, through any field of the schema."""

from typing import Any

import pytest
from graphql import GraphQLObjectType

from pointsman.graphql.schema import build_schema
from tests.graphql.conftest import Client, Ids
from tests.operations import plural

# Each mutation with the ids of another tenant's objects, as the second tenant tries it.
_ATTEMPTS: dict[str, Any] = {
    "createTenant": lambda _: {"input": {"name": "New"}},
    "updateTenant": lambda ids: {"id": ids.tenant, "input": {"name": "Hijacked"}},
    "deleteTenant": lambda ids: {"id": ids.tenant},
    "createDomain": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "x.example", "pbxTrunkId": ids.trunk}
    },
    "updateDomain": lambda ids: {"id": ids.domain, "input": {"name": "hijacked.example"}},
    "deleteDomain": lambda ids: {"id": ids.domain},
    "createCarrier": lambda ids: {"input": {"tenantId": ids.tenant, "name": "New"}},
    "updateCarrier": lambda ids: {"id": ids.carrier, "input": {"enabled": False}},
    "deleteCarrier": lambda ids: {"id": ids.carrier},
    "grantCarrier": lambda ids: {"carrierId": ids.carrier, "tenantId": ids.tenant},
    "revokeCarrier": lambda ids: {"carrierId": ids.carrier, "tenantId": ids.tenant},
    "createTrunk": lambda ids: {"input": {"tenantId": ids.tenant, "name": "New"}},
    "updateTrunk": lambda ids: {"id": ids.trunk, "input": {"sources": [{"cidr": "192.0.2.99"}]}},
    "deleteTrunk": lambda ids: {"id": ids.trunk},
    "createDid": lambda ids: {
        "input": {"tenantId": ids.tenant, "prefix": "+1", "pbxTrunkId": ids.trunk}
    },
    "updateDid": lambda ids: {"id": ids.did, "input": {"enabled": False}},
    "deleteDid": lambda ids: {"id": ids.did},
    "createRoutingGroup": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "g", "trunks": [{"trunkId": ids.trunk}]}
    },
    "updateRoutingGroup": lambda ids: {"id": ids.routing_group, "input": {"name": "Hijacked"}},
    "deleteRoutingGroup": lambda ids: {"id": ids.routing_group},
    "createRoutingRule": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "r", "routingGroupId": ids.routing_group}
    },
    "updateRoutingRule": lambda ids: {"id": ids.routing_rule, "input": {"enabled": False}},
    "deleteRoutingRule": lambda ids: {"id": ids.routing_rule},
    "createNormalizationProfile": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "n", "country": "IT"}
    },
    "updateNormalizationProfile": lambda ids: {
        "id": ids.normalization_profile,
        "input": {"country": "DE"},
    },
    "deleteNormalizationProfile": lambda ids: {"id": ids.normalization_profile},
    "createTrustedProxy": lambda _: {"input": {"name": "New", "cidr": "192.0.2.0/24"}},
    "updateTrustedProxy": lambda ids: {"id": ids.trusted_proxy, "input": {"name": "Hijacked"}},
    "deleteTrustedProxy": lambda ids: {"id": ids.trusted_proxy},
    "createSchedule": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "s", "timeZone": "UTC", "windows": []}
    },
    "updateSchedule": lambda ids: {"id": ids.schedule, "input": {"windows": []}},
    "deleteSchedule": lambda ids: {"id": ids.schedule},
    "createNumberList": lambda ids: {
        "input": {"tenantId": ids.tenant, "name": "l", "kind": "BLOCK", "field": "CALLED"}
    },
    "updateNumberList": lambda ids: {"id": ids.number_list, "input": {"enabled": False}},
    "deleteNumberList": lambda ids: {"id": ids.number_list},
    "createEmergencyPlan": lambda ids: {
        "input": {
            "tenantId": ids.tenant,
            "country": "DE",
            "numbers": ["112"],
            "callingNumber": "+493012345678",
            "routingGroupIds": [ids.routing_group],
        }
    },
    "updateEmergencyPlan": lambda ids: {"id": ids.emergency_plan, "input": {"numbers": ["999"]}},
    "deleteEmergencyPlan": lambda ids: {"id": ids.emergency_plan},
    "createReroutePolicy": lambda ids: {"input": {"tenantId": ids.tenant, "name": "p"}},
    "updateReroutePolicy": lambda ids: {"id": ids.reroute_policy, "input": {"rules": []}},
    "deleteReroutePolicy": lambda ids: {"id": ids.reroute_policy},
    "createWebhook": lambda ids: {
        "input": {
            "tenantId": ids.tenant,
            "name": "w",
            "url": "https://127.0.0.1/",
            "kinds": ["TRUNK_DOWN"],
            "secret": "0123456789abcdef",
        }
    },
    "updateWebhook": lambda ids: {"id": ids.webhook, "input": {"enabled": False}},
    "deleteWebhook": lambda ids: {"id": ids.webhook},
    "testWebhook": lambda ids: {"id": ids.webhook},
    "redeliverEvent": lambda ids: {"eventId": ids.webhook, "webhookId": ids.webhook},
}

# References to another tenant's objects in one's own: NotFound, or named as a problem.
_REFERENCES: dict[str, Any] = {
    "createDomain": lambda own, foreign: {
        "input": {"tenantId": own.tenant, "name": "x.example", "pbxTrunkId": foreign.trunk}
    },
    "updateDomain": lambda own, foreign: {
        "id": own.domain,
        "input": {"pbxTrunkId": foreign.trunk},
    },
    "updateTenant": lambda own, foreign: {
        "id": own.tenant,
        "input": {"reroutePolicyId": foreign.reroute_policy},
    },
    "createCarrier": lambda own, foreign: {
        "input": {
            "tenantId": own.tenant,
            "name": "New",
            "reroutePolicyId": foreign.reroute_policy,
        }
    },
    "updateCarrier": lambda own, foreign: {
        "id": own.carrier,
        "input": {"reroutePolicyId": foreign.reroute_policy},
    },
    "createTrunk": lambda _, foreign: {"input": {"carrierId": foreign.carrier, "name": "New"}},
    "updateTrunk": lambda own, foreign: {
        "id": own.trunk,
        "input": {"normalizationProfileId": foreign.normalization_profile},
    },
    "createRoutingGroup": lambda own, foreign: {
        "input": {
            "tenantId": own.tenant,
            "name": "g",
            "trunks": [{"trunkId": foreign.carrier_trunk}],
        }
    },
    "updateRoutingGroup": lambda own, foreign: {
        "id": own.routing_group,
        "input": {"trunks": [{"routingGroupId": foreign.routing_group}]},
    },
    "createRoutingRule": lambda own, foreign: {
        "input": {
            "tenantId": own.tenant,
            "name": "r",
            "routingGroupId": foreign.routing_group,
        }
    },
    "updateRoutingRule": lambda own, foreign: {
        "id": own.routing_rule,
        "input": {"routingGroupId": foreign.routing_group},
    },
    "createNumberList": lambda own, foreign: {
        "input": {
            "tenantId": own.tenant,
            "name": "l",
            "kind": "BLOCK",
            "field": "CALLED",
            "trunkIds": [foreign.trunk],
        }
    },
    "updateNumberList": lambda own, foreign: {
        "id": own.number_list,
        "input": {"trunkIds": [own.trunk, foreign.carrier_trunk]},
    },
    "createEmergencyPlan": lambda own, foreign: {
        "input": {
            "tenantId": own.tenant,
            "country": "DE",
            "numbers": ["112"],
            "callingNumber": "+493012345678",
            "routingGroupIds": [foreign.routing_group],
            "enabled": False,
        }
    },
    "updateEmergencyPlan": lambda own, foreign: {
        "id": own.emergency_plan,
        "input": {"routingGroupIds": [foreign.routing_group]},
    },
}

_ONE = {
    "tenant": "tenant",
    "domain": "domain",
    "carrier": "carrier",
    "trunk": "trunk",
    "did": "did",
    "routingGroup": "routing_group",
    "routingRule": "routing_rule",
    "normalizationProfile": "normalization_profile",
    "schedule": "schedule",
    "numberList": "number_list",
    "emergencyPlan": "emergency_plan",
    "scheduleIsOpen": "schedule",
    "reroutePolicy": "reroute_policy",
    "trustedProxy": "trusted_proxy",
    "webhook": "webhook",
}
_MANY = {plural(name): name for name in _ONE if name != "scheduleIsOpen"}
_FOR_ALL = ["configRevision"]
# Tried in tests of their own: here, test_call_record.py, test_call_statistics.py, test_event.py,
# test_explanation.py and test_finding.py.
_ELSEWHERE = [
    "callRecord",
    "callRecords",
    "callStatistics",
    "changeRecords",
    "event",
    "events",
    "explainRoute",
    "explainRoutes",
    "findings",
    "previewNormalization",
]


def _fields(type_name: str) -> list[str]:
    definition = build_schema()._schema.type_map[type_name]
    assert isinstance(definition, GraphQLObjectType)
    return list(definition.fields)


def _operation(field: str) -> str:
    return field[0].upper() + field[1:]


def test_every_field_of_the_schema_is_tried_here() -> None:
    assert set(_fields("Mutation")) == set(_ATTEMPTS)
    assert set(_fields("Query")) == {*_ONE, *_MANY, *_FOR_ALL, *_ELSEWHERE}


@pytest.mark.parametrize("field", _ATTEMPTS)
async def test_a_denied_change_changed_nothing(
    client: Client, acme: Ids, of_zen: Client, field: str
) -> None:
    before = await client.run("ConfigRevision")
    result = await of_zen.run(_operation(field), **_ATTEMPTS[field](acme))
    of_platform = ("createTenant", "createTrustedProxy")
    expected = "Forbidden" if field in of_platform else "NotFound"
    assert result["__typename"] == expected, result
    assert await client.run("ConfigRevision") == before


@pytest.mark.parametrize("field", _REFERENCES)
async def test_a_foreign_reference_is_as_if_it_were_not_there(
    client: Client, acme: Ids, zen: Ids, of_zen: Client, field: str
) -> None:
    before = await client.run("ConfigRevision")
    for caller in (of_zen, client) if field != "createTrunk" else (of_zen,):
        result = await caller.run(_operation(field), **_REFERENCES[field](zen, acme))
        assert result["__typename"] in ("NotFound", "InvalidInput"), result
    assert await client.run("ConfigRevision") == before


@pytest.mark.parametrize("field", _ONE)
async def test_a_foreign_object_is_not_there(acme: Ids, of_zen: Client, field: str) -> None:
    assert await of_zen.run(_operation(field), id=getattr(acme, _ONE[field])) is None


@pytest.mark.parametrize("field", _MANY)
async def test_a_list_has_ones_own_only(acme: Ids, zen: Ids, of_zen: Client, field: str) -> None:
    listed = await of_zen.run(_operation(field))
    own = {value for name, value in vars(zen).items() if name.startswith(_ONE[_MANY[field]])}
    if field == "trunks":
        own = {zen.trunk, zen.carrier_trunk}
    if field == "carriers":
        own = {zen.carrier}
    if field == "trustedProxies":
        own = set()
    assert {node["id"] for node in listed["nodes"]} == own
    assert listed["totalCount"] == len(own)


async def test_change_records_are_ones_own_only(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    shown = await of_zen.run("ChangeRecords", first=200)
    objects = {node["objectId"] for node in shown["nodes"]}
    assert zen.trunk in objects
    assert not objects & set(vars(acme).values())
    assert (await of_zen.run("ChangeRecords", filter={"objectId": acme.trunk}))["nodes"] == []


async def test_a_shared_carrier_shows_a_tenant_only_itself(
    client: Client, acme: Ids, zen: Ids, of_zen: Client
) -> None:
    carrier = await client.make("CreateCarrier", name="Shared")
    for tenant in (acme.tenant, zen.tenant):
        await client.run("GrantCarrier", carrierId=carrier["id"], tenantId=tenant)
    seen = await of_zen.run("Carrier", id=carrier["id"])
    assert seen["grantedTenants"] == [{"id": zen.tenant}]


async def test_a_foreign_profile_is_not_tried(acme: Ids, of_zen: Client) -> None:
    asked = {"direction": "INBOUND", "field": "CALLED", "number": "0401234567"}
    body = await of_zen.execute(
        "PreviewNormalization", profileId=acme.normalization_profile, **asked
    )
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_FOUND"]


async def test_the_platforms_profiles_are_for_all_to_use_and_its_own_to_change(
    client: Client, zen: Ids, of_zen: Client
) -> None:
    fields = {"name": "Italy", "country": "IT"}
    profile = await client.make("CreateNormalizationProfile", **fields)
    seen = await of_zen.run("NormalizationProfiles")
    assert [node["id"] for node in seen["nodes"]] == [profile["id"], zen.normalization_profile]
    used = await of_zen.run(
        "UpdateTrunk", id=zen.trunk, input={"normalizationProfileId": profile["id"]}
    )
    assert used["__typename"] == "Trunk", used
    before = await client.run("ConfigRevision")
    for operation, variables in (
        ("CreateNormalizationProfile", {"input": {**fields, "name": "Mine"}}),
        ("UpdateNormalizationProfile", {"id": profile["id"], "input": {"country": "DE"}}),
        ("DeleteNormalizationProfile", {"id": profile["id"]}),
    ):
        result = await of_zen.run(operation, **variables)
        assert (result["__typename"], result["code"]) == ("Forbidden", "FORBIDDEN")
    assert await client.run("ConfigRevision") == before
