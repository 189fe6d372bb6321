"""Emergency plans over HTTP, where a change of something else stands against them."""

from tests.graphql.conftest import Client, Ids


async def _second_way(client: Client, acme: Ids) -> dict[str, str]:
    """Another carrier of the tenant, with a trunk that is in a group of its own."""
    owner = {"tenantId": acme.tenant}
    carrier = await client.make("CreateCarrier", name="Second", **owner)
    trunk = await client.make(
        "CreateTrunk", name="second", carrierId=carrier["id"], endpoints=[{"host": "sip.y"}]
    )
    group = await client.make(
        "CreateRoutingGroup", name="second", trunks=[{"trunkId": trunk["id"]}], **owner
    )
    return {"carrier": carrier["id"], "trunk": trunk["id"], "group": group["id"]}


async def test_a_plan_needs_two_carriers_and_keeps_them(client: Client, acme: Ids) -> None:
    refused = await client.run(
        "UpdateEmergencyPlan", id=acme.emergency_plan, input={"enabled": True}
    )
    assert refused["__typename"] == "InvalidInput"
    (problem,) = refused["problems"]
    assert problem["path"] == "routingGroupIds"
    second = await _second_way(client, acme)
    ordered = [second["group"], acme.routing_group]
    saved = await client.run(
        "UpdateEmergencyPlan",
        id=acme.emergency_plan,
        input={"enabled": True, "routingGroupIds": ordered},
    )
    assert saved["routingGroups"] == [{"id": key} for key in ordered]
    before = await client.run("ConfigRevision")
    for operation, variables in (
        ("UpdateTrunk", {"id": second["trunk"], "input": {"draining": True}}),
        ("UpdateTrunk", {"id": acme.carrier_trunk, "input": {"enabled": False}}),
        ("UpdateCarrier", {"id": second["carrier"], "input": {"enabled": False}}),
        ("DeleteRoutingGroup", {"id": second["group"]}),
        ("DeleteTrunk", {"id": second["trunk"]}),
    ):
        result = await client.run(operation, **variables)
        assert (result["__typename"], result["path"]) == ("Conflict", "id"), operation
    assert await client.run("ConfigRevision") == before
    result = await client.run("UpdateTrunk", id=second["trunk"], input={"endpoints": []})
    assert "the emergency plan of Acme for IT" in result["message"]
    await client.run("DeleteEmergencyPlan", id=acme.emergency_plan)
    drained = await client.run("UpdateTrunk", id=second["trunk"], input={"draining": True})
    assert drained["__typename"] == "Trunk"
