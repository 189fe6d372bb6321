"""What nodes have found of endpoints, on the trunks that one may see, and in explanations."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.models import EndpointState, KamailioNode
from pointsman.routing.health import EndpointHealth
from pointsman.services.api_tokens import create_api_token
from pointsman.services.endpoint_states import ReportedState, store_endpoint_states
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.node_reports import TOLD_FOR
from tests.conftest import bound, copy_database
from tests.graphql.conftest import Client, Ids


@pytest.fixture
async def transaction(template_url: str) -> AsyncIterator[None]:
    """A database of its own in the place of a transaction: a configuration is read in one."""
    async with bound(await copy_database(template_url, "endpoint_states")):
        yield


@pytest.fixture
async def node() -> str:
    """The id of a Kamailio node."""
    await create_kamailio_node(Principal("test"), name="node-1")
    return str((await KamailioNode.get(name="node-1")).id)


async def _endpoint(client: Client, trunk: str) -> dict[str, Any]:
    (endpoint,) = (await client.run("EndpointHealth", id=trunk))["endpoints"]
    found: dict[str, Any] = endpoint
    return found


async def test_each_node_is_shown_on_the_endpoint(client: Client, acme: Ids, node: str) -> None:
    endpoint = await _endpoint(client, acme.carrier_trunk)
    assert endpoint["health"] == []
    told = ReportedState(endpoint["id"], EndpointHealth.DOWN, 0.0, 408, "No Answer", 60.0, "a note")
    await store_endpoint_states(node, [told])
    (shown,) = (await _endpoint(client, acme.carrier_trunk))["health"]
    assert datetime.now(UTC) - datetime.fromisoformat(shown.pop("confirmedAt")) < TOLD_FOR
    assert shown == {
        "node": "node-1",
        "state": "DOWN",
        "since": "1970-01-01T00:00:00+00:00",
        "replyCode": 408,
        "replyReason": "No Answer",
        "probedAt": "1970-01-01T00:01:00+00:00",
        "note": "a note",
    }
    await EndpointState.all().update(confirmed_at=datetime.now(UTC) - TOLD_FOR)
    assert (await _endpoint(client, acme.carrier_trunk))["health"][0]["state"] == "UNKNOWN"


async def test_a_tenant_sees_it_on_its_own_trunks_and_on_no_other(
    client: Client, acme: Ids, zen: Ids, node: str
) -> None:
    endpoint = await _endpoint(client, acme.trunk)
    await store_endpoint_states(node, [ReportedState(endpoint["id"], EndpointHealth.UP, 0.0)])
    of_acme = client.with_token(await create_api_token("acme", "Acme"))
    of_zen = client.with_token(await create_api_token("zen", "Zen"))
    assert (await _endpoint(of_acme, acme.trunk))["health"][0]["state"] == "UP"
    assert await of_zen.run("EndpointHealth", id=acme.trunk) is None


async def test_a_call_is_explained_by_what_a_node_finds(
    client: Client, acme: Ids, node: str
) -> None:
    call = {"sourceIp": "192.0.2.1", "fromUri": "+390401", "requestUri": "+390612345678"}
    endpoint = await _endpoint(client, acme.carrier_trunk)
    await store_endpoint_states(node, [ReportedState(endpoint["id"], EndpointHealth.DOWN, 0.0)])

    async def told(**health_of: str) -> list[str]:
        explained = await client.run("ExplainRoute", call=call, **health_of)
        return [step["text"] for step in explained["steps"] if step["step"] == "CANDIDATES"]

    skipped = [
        "dropped: is in bad health: 100% of the calls skip it",
        "tried all the same: nothing else is left",
    ]
    assert await told(healthOf="node-1") == skipped
    assert await told(healthOf="") == skipped
    assert await told() == []
    refused = await client.run("ExplainRoute", call=call, healthOf="node-2")
    assert refused["problems"][0]["path"] == "healthOf"


async def test_probing_is_a_field_of_a_trunk(client: Client, acme: Ids) -> None:
    assert (await client.run("Trunk", id=acme.trunk))["probing"] is True
    changed = await client.run("UpdateTrunk", id=acme.trunk, input={"probing": False})
    assert changed["probing"] is False
    unchanged = await client.run("UpdateTrunk", id=acme.trunk, input={"name": "other"})
    assert unchanged["probing"] is False
    made = await client.make("CreateTrunk", name="new", tenantId=acme.tenant, probing=False)
    assert made["probing"] is False
