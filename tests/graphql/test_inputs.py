"""Absent, null and a value are three things."""

import pytest

from pointsman.graphql.schema import build_schema
from tests.graphql.conftest import Client, Ids


async def test_null_clears_where_a_field_may_be_empty(client: Client, acme: Ids) -> None:
    group = await client.make(
        "CreateRoutingGroup",
        name="pbxs",
        tenantId=acme.tenant,
        trunks=[{"trunkId": acme.trunk}],
    )
    moved = await client.run(
        "UpdateDid", id=acme.did, input={"pbxTrunkId": None, "routingGroupId": group["id"]}
    )
    assert (moved["pbxTrunk"], moved["routingGroup"]) == (None, {"id": group["id"]})
    # Absent is not null: one target of the two must remain, and does.
    kept = await client.run("UpdateDid", id=acme.did, input={"enabled": False})
    assert kept["routingGroup"] == {"id": group["id"]}
    cleared = await client.run("UpdateDid", id=acme.did, input={"routingGroupId": None})
    assert (cleared["__typename"], cleared["problems"][0]["path"]) == (
        "InvalidInput",
        "pbxTrunkId",
    )


async def test_null_takes_a_reroute_policy_or_a_profile_away(client: Client, acme: Ids) -> None:
    policy = {"reroutePolicyId": acme.reroute_policy}
    for noun, object_id in (("Trunk", acme.trunk), ("Carrier", acme.carrier)):
        given = await client.run(f"Update{noun}", id=object_id, input=policy)
        assert given["reroutePolicy"] == {"id": acme.reroute_policy}
        kept = await client.run(f"Update{noun}", id=object_id, input={"name": "Renamed"})
        assert kept["reroutePolicy"] == {"id": acme.reroute_policy}
        cleared = await client.run(f"Update{noun}", id=object_id, input={"reroutePolicyId": None})
        assert cleared["reroutePolicy"] is None
    given = await client.run("UpdateTenant", id=acme.tenant, input=policy)
    assert given["reroutePolicyId"] == acme.reroute_policy
    cleared = await client.run("UpdateTenant", id=acme.tenant, input={"reroutePolicyId": None})
    assert cleared["reroutePolicyId"] is None
    profile = {"normalizationProfileId": acme.normalization_profile}
    given = await client.run("UpdateTrunk", id=acme.trunk, input=profile)
    assert given["normalizationProfile"] == {"id": acme.normalization_profile}
    cleared = await client.run("UpdateTrunk", id=acme.trunk, input={"normalizationProfileId": None})
    assert cleared["normalizationProfile"] is None


def _update_fields() -> list[tuple[str, str]]:
    types = build_schema()._schema.type_map
    return [
        (name.removeprefix("Update").removesuffix("Input"), field)
        for name, definition in sorted(types.items())
        if name.startswith("Update") and name.endswith("Input")
        for field in definition.fields  # type: ignore[attr-defined]
    ]


_NULLABLE = {
    ("Carrier", "reroutePolicyId"),
    ("Did", "pbxTrunkId"),
    ("Did", "routingGroupId"),
    ("RoutingRule", "rejectSipCode"),
    ("RoutingRule", "routingGroupId"),
    ("RoutingRule", "scheduleId"),
    ("RoutingRule", "sourceTrunkId"),
    ("NormalizationProfile", "areaCode"),
    ("NormalizationProfile", "internationalPrefix"),
    ("NormalizationProfile", "maxLength"),
    ("NormalizationProfile", "minLength"),
    ("NormalizationProfile", "nationalPrefix"),
    ("Tenant", "reroutePolicyId"),
    ("Trunk", "normalizationProfileId"),
    ("Trunk", "reroutePolicyId"),
    ("Trunk", "registration"),
}


@pytest.mark.parametrize(("noun", "field"), _update_fields())
async def test_null_is_refused_where_a_field_must_have_a_value(
    client: Client, acme: Ids, noun: str, field: str
) -> None:
    if (noun, field) in _NULLABLE:
        return
    ids = {name.replace("_", ""): value for name, value in vars(acme).items()}
    object_id = ids[noun.lower()]
    before = await client.run(noun, id=object_id)
    result = await client.run(f"Update{noun}", id=object_id, input={field: None})
    assert [(problem["path"], problem["fix"]) for problem in result["problems"]] == [
        (field, "leave it out, or give a value")
    ]
    assert await client.run(noun, id=object_id) == before


async def test_everything_wrong_is_said_with_path_and_fix(client: Client, acme: Ids) -> None:
    result = await client.run(
        "CreateTrunk",
        input={
            "name": "",
            "tenantId": acme.tenant,
            "sources": [{"cidr": "10.0.0.5/8"}],
            "endpoints": [{"host": "bad host", "port": 70_000}],
        },
    )
    assert result["__typename"] == "InvalidInput"
    assert {problem["path"]: problem["fix"] for problem in result["problems"]} == {
        "name": "use 1 to 100 characters",
        "sources[0].cidr": "write 10.0.0.0/8",
        "endpoints[0].host": (
            "use a host name such as sip.example.com, an IPv4 or an IPv6 address"
        ),
        "endpoints[0].port": "use 1 to 65535",
    }


@pytest.mark.parametrize(
    ("operation", "fields", "path"),
    [
        ("CreateDid", {"prefix": "39a"}, "prefix"),
        ("CreateDomain", {"name": "no host"}, "name"),
        ("CreateRoutingGroup", {"name": "g", "trunks": []}, "trunks"),
        ("CreateNormalizationProfile", {"name": "n", "country": "ZZ"}, "country"),
        ("CreateRoutingRule", {"name": "r", "calledPrefix": "39a"}, "calledPrefix"),
        ("CreateRoutingRule", {"name": "r", "calledRegex": "(?=x)"}, "calledRegex"),
    ],
)
async def test_a_value_that_cannot_be_names_its_field(
    client: Client, acme: Ids, operation: str, fields: dict[str, object], path: str
) -> None:
    needed = {
        "CreateDid": {"pbxTrunkId": acme.trunk},
        "CreateDomain": {"pbxTrunkId": acme.trunk},
        "CreateRoutingRule": {"routingGroupId": acme.routing_group},
    }.get(operation, {})
    given = {"tenantId": acme.tenant, **needed, **fields}
    result = await client.run(operation, input=given)
    assert result["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in result["problems"]] == [path]
    assert result["problems"][0]["fix"]
