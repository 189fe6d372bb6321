"""What happens is told once when it begins, and once when it ends."""

import json
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.calls.event import read_event
from pointsman.models import Event, EventKind, KamailioNode, TrunkEndpoint, WebhookDelivery
from pointsman.routing.health import EndpointHealth
from pointsman.routing.registration import RegistrationStatus
from pointsman.services.call_records import store_events
from pointsman.services.endpoint_states import ReportedState, store_endpoint_states
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.registration_states import (
    ReportedRegistration,
    store_registration_states,
)
from pointsman.services.snapshot_states import store_snapshot_state
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import delete_trunk, update_trunk
from pointsman.services.webhooks import create_webhook
from tests.calls import reported
from tests.services.conftest import Objects
from tests.services.test_webhooks import FIELDS

_UP, _DOWN, _UNKNOWN = EndpointHealth.UP, EndpointHealth.DOWN, EndpointHealth.UNKNOWN
_FAILED, _REGISTERED = RegistrationStatus.FAILED, RegistrationStatus.REGISTERED


@pytest.fixture
async def endpoints(objects: Objects, admin: Principal) -> list[str]:
    """The ids of two endpoints of a trunk."""
    given = [Endpoint("192.0.2.1"), Endpoint("192.0.2.2", 5070)]
    await update_trunk(admin, objects.acme_pbx.id, endpoints=given)
    return [str(row.id) for row in await TrunkEndpoint.all().order_by("host")]


@pytest.fixture
async def nodes(objects: Objects, admin: Principal) -> list[str]:
    """The ids of two nodes."""
    for name in ("one", "two"):
        await create_kamailio_node(admin, name=name)
    return [str(row.id) for row in await KamailioNode.all().order_by("name")]


async def _tell(node: str, **states: Any) -> None:
    await store_endpoint_states(
        node, [ReportedState(name, state, 1.0) for name, state in states.items()]
    )


async def _kinds() -> list[str]:
    """In the order in which they were raised: within a test all are of one moment."""
    return sorted(str(row.kind) for row in await Event.all())


async def test_a_trunk_is_down_when_all_its_endpoints_are_at_every_node(
    endpoints: list[str], nodes: list[str], objects: Objects
) -> None:
    (first, second), (one, two) = endpoints, nodes
    await _tell(two, **{first: _UP, second: _DOWN})
    await _tell(one, **{first: _DOWN, second: _DOWN})
    assert await _kinds() == []
    await _tell(two, **{first: _DOWN, second: _DOWN})
    (down,) = await Event.all()
    assert (down.kind, down.tenant_id, down.trunk_id) == (
        EventKind.TRUNK_DOWN,
        objects.acme.id,
        objects.acme_pbx.id,
    )
    assert down.data == {
        "trunk": {"id": str(objects.acme_pbx.id), "name": "pbx"},
        "endpoints": [
            {"host": "192.0.2.1", "port": None, "transport": "UDP"},
            {"host": "192.0.2.2", "port": 5070, "transport": "UDP"},
        ],
    }
    for node in nodes:
        await _tell(node, **{first: _DOWN, second: _DOWN})
        await _tell(node, **{first: _UNKNOWN, second: _DOWN})
    assert await _kinds() == ["TRUNK_DOWN"]
    await _tell(one, **{first: _UNKNOWN, second: _UP})
    await _tell(two, **{first: _UP, second: _UP})
    assert await _kinds() == ["TRUNK_DOWN", "TRUNK_UP"]
    for node in nodes:
        await _tell(node, **{first: _DOWN, second: _DOWN})
    assert await _kinds() == ["TRUNK_DOWN", "TRUNK_DOWN", "TRUNK_UP"]


async def test_an_endpoint_of_which_nobody_tells_is_not_down(
    endpoints: list[str], nodes: list[str]
) -> None:
    await _tell(nodes[0], **{endpoints[0]: _DOWN})
    assert await _kinds() == []


async def test_an_endpoint_that_is_disabled_does_not_count(
    endpoints: list[str], nodes: list[str]
) -> None:
    await TrunkEndpoint.filter(id=endpoints[0]).update(enabled=False)
    await _tell(nodes[0], **{endpoints[0]: _UP, endpoints[1]: _DOWN})
    assert await _kinds() == ["TRUNK_DOWN"]


@pytest.mark.parametrize("change", [{"enabled": False}, {"probing": False}, {"endpoints": []}])
async def test_of_a_trunk_that_is_not_probed_any_more_nothing_is_told(
    endpoints: list[str],
    nodes: list[str],
    objects: Objects,
    admin: Principal,
    change: dict[str, Any],
) -> None:
    down = dict.fromkeys(endpoints, _DOWN)
    await _tell(nodes[0], **down)
    await update_trunk(admin, objects.acme_pbx.id, **change)
    await _tell(nodes[0], **down)
    await _tell(nodes[0], **dict.fromkeys(endpoints, _UP))
    assert await _kinds() == ["TRUNK_DOWN"]


async def test_a_trunk_that_is_deleted_leaves_its_events(
    endpoints: list[str], nodes: list[str], objects: Objects, admin: Principal
) -> None:
    await update_trunk(admin, objects.alpha_trunk.id, endpoints=[Endpoint("192.0.2.9")])
    endpoint = await TrunkEndpoint.get(trunk=objects.alpha_trunk)
    await _tell(nodes[0], **{str(endpoint.id): _DOWN})
    await delete_trunk(admin, objects.alpha_trunk.id)
    (event,) = await Event.all()
    assert (event.tenant_id, event.trunk_id) == (None, objects.alpha_trunk.id)
    await _tell(nodes[0])


async def test_a_registration_is_lost_and_restored_at_each_node(
    nodes: list[str], objects: Objects
) -> None:
    trunk = str(objects.acme_pbx.id)

    async def tell(node: str, state: RegistrationStatus, error: str = "") -> None:
        told = ReportedRegistration(trunk, state, 1.0, last_error=error)
        await store_registration_states(node, [told])

    await tell(nodes[0], RegistrationStatus.TRYING)
    await tell(nodes[0], _REGISTERED)
    assert await _kinds() == []
    for state in (_FAILED, RegistrationStatus.TRYING, _FAILED, RegistrationStatus.UNKNOWN):
        await tell(nodes[0], state, "403 Forbidden")
    (lost,) = await Event.all()
    assert (lost.kind, lost.tenant_id) == (EventKind.REGISTRATION_LOST, objects.acme.id)
    assert lost.data == {
        "trunk": {"id": trunk, "name": "pbx"},
        "node": "one",
        "error": "403 Forbidden",
    }
    await tell(nodes[1], _REGISTERED)
    assert await _kinds() == ["REGISTRATION_LOST"]
    await tell(nodes[0], _REGISTERED)
    assert await _kinds() == ["REGISTRATION_LOST", "REGISTRATION_RESTORED"]
    await tell(nodes[0], _REGISTERED)
    await tell(nodes[1], _FAILED)
    await store_registration_states(nodes[1], [])
    await tell(nodes[1], _REGISTERED)
    assert await _kinds() == ["REGISTRATION_LOST"] * 2 + ["REGISTRATION_RESTORED"]


async def test_records_that_contradict_each_other_are_told_once(objects: Objects) -> None:
    said = reported.start()
    other = {**said, "code": "ANOTHER"}
    for report in (said, other, said, other):
        await store_events("node-1", [read_event(json.dumps(report).encode())])
    (event,) = await Event.all()
    assert (event.kind, event.tenant_id) == (EventKind.RECORDS_CONFLICT, None)
    call = read_event(json.dumps(said).encode()).event.call_key
    assert event.data == {"node": "node-1", "conflicts": 1, "calls": [str(call)]}


async def test_a_snapshot_that_fails_is_told_of_each_host(objects: Objects) -> None:
    for failing in ("rule x: no\0 group", "rule y: no group"):
        await store_snapshot_state("edge-1", 7, failing)
    await store_snapshot_state("edge-2", 7, "")
    (failed,) = await Event.all()
    assert failed.kind is EventKind.SNAPSHOT_FAILED
    assert failed.data == {"host": "edge-1", "revision": 7, "error": "rule x: no group"}
    await store_snapshot_state("edge-2", None, "no room")
    for _ in range(2):
        await store_snapshot_state("edge-1", 8, "")
    assert await _kinds() == ["SNAPSHOT_FAILED", "SNAPSHOT_FAILED", "SNAPSHOT_RECOVERED"]


async def test_a_tenant_is_told_of_its_own_and_the_platform_of_all(
    endpoints: list[str], nodes: list[str], objects: Objects, admin: Principal
) -> None:
    of_platform = await create_webhook(admin, **FIELDS)
    of_acme = await create_webhook(admin, tenant_id=objects.acme.id, **FIELDS)
    await create_webhook(admin, tenant_id=objects.zen.id, **FIELDS)
    await create_webhook(
        admin, tenant_id=objects.acme.id, **{**FIELDS, "name": "off", "enabled": False}
    )
    await create_webhook(
        admin,
        tenant_id=objects.acme.id,
        **{**FIELDS, "name": "other", "kinds": [EventKind.TRUNK_UP]},
    )
    await _tell(nodes[0], **dict.fromkeys(endpoints, _DOWN))
    told = {row.webhook_id for row in await WebhookDelivery.all()}
    assert told == {of_platform.id, of_acme.id}
