"""What a router and the agent beside it tell each other, behind the path of calls.

    GET  /kamailio/endpoints   the endpoints that the node is to probe, with an ETag: 304 where they
                               are those that it has
    GET  /kamailio/health      what the node told last, for an agent that starts
    POST /kamailio/health      the endpoints that the node finds down; 204 when it is kept

With the token of a node, as for calls: 401 without, 503 before there is a snapshot.
"""

import msgspec
from fastapi import APIRouter, Request, Response

from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.probe_list import ProbeList
from pointsman.kamailio.probed_endpoint import (
    HEALTH_PATH,
    LIST_PATH,
    HealthReport,
)
from pointsman.kamailio.router import refuse
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.routing.kamailio_node import KamailioNode

_DECODER = msgspec.json.Decoder(HealthReport)
_JSON = "application/json"


def build_health_routes(
    feed: SnapshotFeed, health: HealthFeed, metrics: RouterMetrics
) -> APIRouter:
    """The routes of a worker."""
    routes = APIRouter()
    listed = ProbeList(feed)

    @routes.get(LIST_PATH)
    async def list_endpoints(request: Request) -> Response:
        """The endpoints to probe."""
        node = _find_node(feed, request)
        if isinstance(node, Response):
            return node
        found = await listed.of_node(node)
        headers = {"etag": found.etag}
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers, media_type=_JSON)

    @routes.get(HEALTH_PATH)
    async def get_health(request: Request) -> Response:
        """What the node told last."""
        node = _find_node(feed, request)
        if isinstance(node, Response):
            return node
        return Response(msgspec.json.encode(health.report_of(node.id)), media_type=_JSON)

    @routes.post(HEALTH_PATH)
    async def store_health(request: Request) -> Response:
        """Keep what the node tells."""
        node = _find_node(feed, request)
        if isinstance(node, Response):
            return node
        try:
            report = _DECODER.decode(await request.body())
        except msgspec.MsgspecError as error:
            return _refuse(400, "BAD_REQUEST", str(error))
        health.store(node.id, report)
        metrics.add("health_reports")
        return Response(status_code=204)

    return routes


def _find_node(feed: SnapshotFeed, request: Request) -> KamailioNode | Response:
    """The node that asks, or why it is not answered."""
    if feed.held is None:
        return _refuse(503, "NO_SNAPSHOT", "the configuration is not loaded yet")
    authorization = request.headers.get("authorization")
    node = feed.held.access.find(
        None if authorization is None else authorization.encode("latin-1"),
        request.client.host if request.client else "",
    )
    return node or _refuse(401, "UNAUTHENTICATED", "send the token of a Kamailio node")


def _refuse(status: int, code: str, message: str) -> Response:
    reply = refuse(status, code, message)
    response = Response(reply.body, reply.status)
    for name, value in reply.headers:
        response.headers.append(name.decode(), value.decode())
    return response
