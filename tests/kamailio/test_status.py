"""POST /kamailio/status on a real database: who may tell, and what is refused."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from pointsman.auth import Principal
from pointsman.models import EndpointState, KamailioNode, TrunkEndpoint
from pointsman.records_app import build_records
from pointsman.routing.health import EndpointHealth
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.tenants import create_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk
from pointsman.settings import Settings

_PATH = "/kamailio/status"
_BY = Principal("test")


@pytest.fixture
async def http(transaction: None) -> AsyncIterator[httpx.AsyncClient]:
    """The records role's; its lifespan does not run: the database is this test's."""
    transport = httpx.ASGITransport(build_records(Settings(), "postgresql://unused@localhost/no"))
    async with httpx.AsyncClient(transport=transport, base_url="http://records") as client:
        yield client


@pytest.fixture
async def endpoint() -> str:
    """The id of one."""
    tenant = await create_tenant(_BY, name="Acme")
    await create_trunk(_BY, name="pbx", tenant_id=tenant.id, endpoints=[Endpoint("192.0.2.1")])
    return str((await TrunkEndpoint.get()).id)


async def _tell(http: httpx.AsyncClient, token: str, status: object) -> int:
    given = {"authorization": f"Bearer {token}"}
    return (await http.post(_PATH, json=status, headers=given)).status_code


async def test_what_a_node_tells_is_stored_as_its_own(
    http: httpx.AsyncClient, endpoint: str
) -> None:
    one, two = [await create_kamailio_node(_BY, name=name) for name in ("one", "two")]
    for token, state in ((one, "UP"), (two, "DOWN")):
        told = {"endpoints": [{"id": endpoint, "state": state, "since": 1.5}]}
        assert await _tell(http, token, told) == 204
    rows = await EndpointState.all().select_related("node").order_by("node__name")
    assert [(row.node.name, row.state) for row in rows] == [
        ("one", EndpointHealth.UP),
        ("two", EndpointHealth.DOWN),
    ]
    # A status that says nothing of endpoints leaves them as they are.
    assert await _tell(http, one, {}) == 204
    assert await EndpointState.all().count() == 2
    assert await _tell(http, one, {"endpoints": []}) == 204
    assert [row.node_id for row in await EndpointState.all()] == [
        (await KamailioNode.get(name="two")).id
    ]


@pytest.mark.parametrize(
    "status",
    [
        [],
        {"endpoints": {}},
        {"endpoints": [{"id": str(uuid4()), "since": 1.0}]},
        {"endpoints": [{"id": str(uuid4()), "state": "SLOW", "since": 1.0}]},
        {"endpoints": [{"id": "none", "state": "UP", "since": 1.0}]},
        {"endpoints": [{"id": str(uuid4()), "state": "UP", "since": 1e300}]},
    ],
)
async def test_what_is_no_status_is_refused(http: httpx.AsyncClient, status: object) -> None:
    token = await create_kamailio_node(_BY, name="one")
    assert await _tell(http, token, status) == 400


async def test_only_nodes_may_tell(http: httpx.AsyncClient, endpoint: str) -> None:
    told = {"endpoints": [{"id": endpoint, "state": "DOWN", "since": 1.0}]}
    assert await _tell(http, "pmn_nobody", told) == 401
    assert await EndpointState.all().count() == 0
