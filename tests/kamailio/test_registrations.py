"""What a node is told to register, over HTTP from the snapshot of a router."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from msgspec import structs

from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.listed_registration import LIST_PATH
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.router_app import build_router
from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_hash import hash_a1
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.registration import Registration
from pointsman.services.secrets import NO_KEYS
from pointsman.token_hash import hash_token
from tests.routing.world import ALPHA_IP, BETA_IP, World, carrier_trunk, make_world


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


class Node:
    """Asks a router whose snapshot is of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.feed = SnapshotFeed(Path("nowhere"), NO_KEYS.unseal, RouterMetrics())
        router = build_router(
            self.feed,
            HealthFeed(Path("nowhere"), 60.0),
            RouterMetrics(),
            max_body_bytes=1_000,
            lifespan=_lifespan,
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(router), base_url="http://router"
        )

    def publish(self) -> None:
        """Make the world what the router has."""
        snapshot = self.world.snapshot()
        self.feed.current = Published(snapshot, NodeAccess(snapshot.kamailio_nodes), time.time())

    async def ask(self, name: str = "milan", etag: str = "") -> httpx.Response:
        """The list for the node of this name, which is its token too."""
        headers = {"authorization": f"Bearer {name}"} | ({"if-none-match": etag} if etag else {})
        return await self.http.get(LIST_PATH, headers=headers)

    async def ids(self, name: str) -> list[str]:
        """The trunks that the node of this name registers."""
        return [each["id"] for each in (await self.ask(name)).json()["registrations"]]


@pytest.fixture
def node() -> Node:
    world = make_world()
    world.nodes = [KamailioNode(name, name, (), hash_token(name)) for name in ("milan", "rome")]
    for name, ip, registration in (
        ("alpha-1", ALPHA_IP, Registration()),
        ("beta-1", BETA_IP, Registration(registrar="b.example;transport=tcp", node="rome")),
    ):
        credential = make_credential("acme", "hunter2", "b.example" if name == "beta-1" else "")
        more: dict[str, Any] = {"registration": registration, "credential": credential}
        world.replace_trunk(carrier_trunk(name, name[:-2], ip, **more))
    made = Node(world)
    made.publish()
    return made


async def test_a_node_is_told_all_that_it_needs(node: Node) -> None:
    answer = await node.ask("rome")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    first, second = answer.json()["registrations"]
    assert answer.json()["revision"] == 1
    assert first == {
        "id": "alpha-1",
        "contact_user": "alpha-1",
        "username": "acme",
        "domain": ALPHA_IP,
        "registrar": f"sip:{ALPHA_IP}:5060",
        "transport": "udp",
        "realm": "",
        "auth_username": "acme",
        "auth_password": "hunter2",
        "auth_ha1": "",
        "expires_s": 3600,
        "socket": "",
    }
    assert second["registrar"] == "sip:b.example;transport=tcp"
    assert (second["auth_password"], second["auth_ha1"]) == (
        "",
        hash_a1("acme", "b.example", "hunter2"),
    )


async def test_a_trunk_with_a_node_is_registered_there_alone(node: Node) -> None:
    assert await node.ids("milan") == ["alpha-1"]
    assert await node.ids("rome") == ["alpha-1", "beta-1"]


async def test_what_has_not_changed_is_not_sent_again(node: Node) -> None:
    etag = (await node.ask()).headers["etag"]
    again = await node.ask(etag=etag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    # A change of something else.
    node.world.tenants[0] = structs.replace(node.world.tenants[0], name="Renamed")
    node.publish()
    assert (await node.ask(etag=etag)).status_code == 304
    # The other node's list is another one.
    assert (await node.ask("rome", etag=etag)).status_code == 200


async def test_a_new_password_is_a_new_list(node: Node) -> None:
    etag = (await node.ask()).headers["etag"]
    trunk = next(trunk for trunk in node.world.trunks if trunk.id == "alpha-1")
    node.world.replace_trunk(structs.replace(trunk, credential=Credential("acme", "hunter3")))
    node.publish()
    answer = await node.ask(etag=etag)
    assert (answer.status_code, answer.json()["registrations"][0]["auth_password"]) == (
        200,
        "hunter3",
    )


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_nobody_else_is_told(node: Node, token: str) -> None:
    answer = await node.ask(token)
    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == ["Bearer", 'Basic realm="pointsman"']
    assert "hunter2" not in answer.text
    assert json.loads(answer.text)["error"]["code"] == "UNAUTHENTICATED"


async def test_without_a_snapshot_a_node_keeps_what_it_has(node: Node) -> None:
    node.feed.current = None
    answer = await node.ask()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
