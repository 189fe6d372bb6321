"""What a router and the agent beside it tell each other over HTTP, and what calls make of it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from msgspec import structs

from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.router_app import build_router
from pointsman.routing.configuration import Configuration
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.trunk import Endpoint, Transport
from pointsman.token_hash import hash_token
from tests.kamailio.site import Site
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    ZEN_PBX_IP,
    World,
    make_world,
)
from tests.snapshots.memory import catalog_of

_TOKEN, _OTHER_TOKEN = "pmn_one", "pmn_other"
_NODES = (
    KamailioNode("1", "one", (("192.0.2.200", 5060),), hash_token(_TOKEN)),
    KamailioNode("2", "other", (), hash_token(_OTHER_TOKEN)),
)
_QUESTION = {
    "event": "sip-routing",
    "source_ip": ACME_PBX_IP,
    "source_port": 5060,
    "call_id": "1",
    "from_uri": "sip:+390401234567@acme.example",
    "request_uri": "sip:+390612345678@x.example",
    "to_uri": "sip:+390612345678@x.example",
}


@dataclass
class Router:
    """A router's application, and what it answers from."""

    site: Site
    feed: SnapshotFeed
    http: httpx.AsyncClient
    revision: int = 0

    async def publish(self, configuration: Configuration) -> None:
        """Let it answer from this."""
        self.revision += 1
        given = structs.replace(configuration, kamailio_nodes=_NODES)
        made = catalog_of(given, self.site.writer.read, self.site.writer.add)
        stamp = self.revision * 1_000_000
        self.site.writer.commit(structs.replace(made, revision=self.revision, published_us=stamp))
        self.site.confirm()
        await self.feed.look()

    async def get(self, path: str, token: str = _TOKEN, **headers: str) -> httpx.Response:
        """What a node gets."""
        return await self.http.get(path, headers={"authorization": f"Bearer {token}", **headers})

    async def tell(self, content: object, token: str = _TOKEN) -> int:
        """The status that a report gets."""
        given = {"authorization": f"Bearer {token}"}
        return (await self.http.post("/kamailio/health", json=content, headers=given)).status_code

    async def first_endpoint(self, token: str) -> str:
        """Where a call of a node's goes first."""
        given = {"authorization": f"Bearer {token}"}
        answer = await self.http.post("/kamailio/rtjson", json=_QUESTION, headers=given)
        found: str = answer.json()["rtjson"]["routes"][0]["endpoint"]
        return found


@contextlib.asynccontextmanager
async def _no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
async def router(site: Site) -> AsyncIterator[Router]:
    feed, metrics = site.feed(), RouterMetrics()
    health = HealthFeed(site.directory, 60.0)
    application = build_router(feed, health, metrics, max_body_bytes=65_536, lifespan=_no_lifespan)
    transport = httpx.ASGITransport(application, client=("198.51.100.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://router") as http:
        yield Router(site, feed, http)


async def _uris(router: Router, token: str = _TOKEN) -> list[str]:
    answer = await router.get("/kamailio/endpoints", token)
    assert answer.status_code == 200
    return sorted(each["uri"] for each in answer.json()["endpoints"])


def _change(world: World, trunk_id: str, **changes: object) -> World:
    """The world with one trunk changed."""
    (trunk,) = (each for each in world.trunks if each.id == trunk_id)
    world.replace_trunk(structs.replace(trunk, **changes))
    return world


async def test_the_list_has_the_endpoints_that_take_calls(router: Router) -> None:
    await router.publish(make_world().configuration())
    all_of_them = [f"sip:{ip}:5060" for ip in (ACME_PBX_IP, ZEN_PBX_IP, ALPHA_IP, BETA_IP)]
    assert await _uris(router) == sorted(all_of_them)

    off = (Endpoint("off", "192.0.2.99", enabled=False), Endpoint("on", "on.example"))
    world = _change(make_world(), "alpha-1", endpoints=off)
    _change(world, "beta-1", enabled=False)
    _change(world, "acme-pbx", probing=False)
    await router.publish(world.configuration())
    assert await _uris(router) == [f"sip:{ZEN_PBX_IP}:5060", "sip:on.example"]

    world.carriers[0] = structs.replace(world.carriers[0], enabled=False)
    world.tenants[1] = structs.replace(world.tenants[1], enabled=False)
    await router.publish(world.configuration())
    assert await _uris(router) == []


async def test_an_endpoint_is_listed_with_all_that_it_takes_to_ask_it(router: Router) -> None:
    one = (Endpoint("e", "2001:db8::1", 5061, Transport.TLS),)
    socket = "tls:192.0.2.200:5060"
    world = _change(make_world(), "alpha-1", endpoints=one, socket=socket, from_host="me.example")
    await router.publish(world.configuration())
    listed = (await router.get("/kamailio/endpoints")).json()["endpoints"]
    assert [each for each in listed if each["id"] == "e"] == [
        {
            "id": "e",
            "uri": "sip:[2001:db8::1]:5061;transport=tls",
            "socket": socket,
            "from_host": "me.example",
        }
    ]


async def test_a_node_asks_from_its_own_sockets_only(router: Router) -> None:
    world = _change(make_world(), "alpha-1", socket="udp:192.0.2.200:5060")
    _change(world, "beta-1", socket="udp:192.0.2.201:5060")
    await router.publish(world.configuration())
    alpha, beta = (f"sip:{ip}:5060" for ip in (ALPHA_IP, BETA_IP))
    uris = await _uris(router)
    assert (alpha in uris, beta in uris) == (True, False)
    # One that does not say which sockets it has may have any.
    uris = await _uris(router, _OTHER_TOKEN)
    assert (alpha in uris, beta in uris) == (True, True)


async def test_a_list_that_stays_costs_nothing(router: Router) -> None:
    await router.publish(make_world().configuration())
    etag = (await router.get("/kamailio/endpoints")).headers["etag"]
    # Another revision, of the same endpoints.
    await router.publish(structs.replace(make_world().configuration(), domains=()))
    again = await router.get("/kamailio/endpoints", **{"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    await router.publish(_change(make_world(), "alpha-1", probing=False).configuration())
    changed = await router.get("/kamailio/endpoints", **{"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


async def test_calls_of_a_node_skip_what_it_finds_down(router: Router) -> None:
    await router.publish(make_world().configuration())
    assert await router.first_endpoint(_TOKEN) == "alpha-1-e"
    assert await router.tell({"down": {"alpha-1-e": 12.5}}) == 204
    assert await router.first_endpoint(_TOKEN) == "beta-1-e"
    # Another node may reach it.
    assert await router.first_endpoint(_OTHER_TOKEN) == "alpha-1-e"
    assert (await router.get("/kamailio/health")).json() == {"down": {"alpha-1-e": 12.5}}
    assert (await router.get("/kamailio/health", _OTHER_TOKEN)).json() == {"down": {}}
    metrics = (await router.http.get("/metrics")).text.splitlines()
    assert {
        'pointsman_endpoints_down{node="one"} 1.0',
        'pointsman_endpoints_down{node="other"} 0.0',
        "pointsman_health_reports_total 1.0",
    } <= set(metrics)

    assert await router.tell({"down": {}}) == 204
    assert await router.first_endpoint(_TOKEN) == "alpha-1-e"


@pytest.mark.parametrize("body", [[], {"down": ["e"]}, {"down": {"e": "now"}}])
async def test_what_is_no_report_changes_nothing(router: Router, body: object) -> None:
    await router.publish(make_world().configuration())
    assert await router.tell({"down": {"alpha-1-e": 1.0}}) == 204
    assert await router.tell(body) == 400
    assert await router.first_endpoint(_TOKEN) == "beta-1-e"


async def test_only_nodes_are_answered(router: Router) -> None:
    assert (await router.get("/kamailio/endpoints")).status_code == 503
    await router.publish(make_world().configuration())
    for path in ("/kamailio/endpoints", "/kamailio/health"):
        assert (await router.get(path, "pmn_nobody")).status_code == 401
    assert await router.tell({"down": {"alpha-1-e": 1.0}}, "pmn_nobody") == 401
    assert await router.first_endpoint(_TOKEN) == "alpha-1-e"
