"""The router: answers Kamailio's questions, with everything else behind it.

200 answers routes and rejects alike; any other status means that nothing was decided: 400 a
body that is refused, 401 a caller that is no node, 405 and 413 what they say, 503 no snapshot
yet.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from msgspec import Struct

from pointsman.kamailio.answer import answer_question
from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.request import BadRequest
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.routing.health import HEALTHY, Health
from pointsman.routing.outcome import Routes

PATH = "/kamailio/rtjson"

Headers = list[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_JSON = (b"content-type", b"application/json")
_JSON_ONLY = [_JSON]
_MORE_HEADERS: dict[int, list[tuple[bytes, bytes]]] = {
    # Two challenges: a client that has credentials in its URL answers the second.
    401: [(b"www-authenticate", b"Bearer"), (b"www-authenticate", b'Basic realm="pointsman"')],
    405: [(b"allow", b"POST")],
    503: [(b"retry-after", b"1")],
}


_NOT_DECIDING = {
    "NO_SNAPSHOT": "the configuration is not loaded yet",
    "SNAPSHOT_TOO_OLD": "the configuration was confirmed longer ago than it may be",
}


class Reply(Struct, gc=False):
    """A response, whose Content-Length is for whoever sends it."""

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]


class Admitted(Struct, frozen=True, gc=False):
    """What decides the call of a node: a snapshot, and the endpoints' health as that node finds
    it."""

    published: Published
    health: Health


class Router:
    """Answers PATH itself and hands everything else to `behind`."""

    def __init__(
        self,
        feed: SnapshotFeed,
        health: HealthFeed,
        metrics: RouterMetrics,
        behind: ASGIApp,
        *,
        max_body_bytes: int,
    ) -> None:
        self.max_body_bytes = max_body_bytes
        self._feed, self._health = feed, health
        self.metrics = metrics
        self._behind = behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._behind(scope, receive, send)
            return
        reply = await self._read_and_reply(scope, receive)
        headers = [*reply.headers, (b"content-length", b"%d" % len(reply.body))]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    def reply(self, headers: Headers, client: tuple[str, int] | None, body: bytes) -> Reply:
        """Answer a question (POST) that is there as a whole, no longer than `max_body_bytes`, by
        the request's headers and the socket's other end."""
        admitted = self._admit(headers, client)
        return self._answer(body, admitted) if isinstance(admitted, Admitted) else admitted

    async def _read_and_reply(self, scope: Scope, receive: Receive) -> Reply:
        admitted = self._admit(scope["headers"], scope.get("client"))
        if not isinstance(admitted, Admitted):
            return admitted
        if scope["method"] == "GET":
            # Kamailio's probe, some times a second: that it comes this far is what it asks.
            return refuse(405, "METHOD_NOT_ALLOWED", "use POST")
        if scope["method"] != "POST":
            return self._refuse(405, "METHOD_NOT_ALLOWED", "use POST")
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body") and len(body) <= self.max_body_bytes:
            message = await receive()
            body += message.get("body", b"")
        if len(body) > self.max_body_bytes:
            return self._refuse(413, "TOO_LARGE", f"send {self.max_body_bytes} bytes at most")
        return self._answer(body, admitted)

    def _admit(self, headers: Headers, client: tuple[str, int] | None) -> Admitted | Reply:
        """What decides the call of a node, or why whoever asks is not answered."""
        published = self._feed.current
        if published is None:
            return self._refuse(503, self._feed.refusal, _NOT_DECIDING[self._feed.refusal])
        node = published.access.find(*_credentials(headers, client))
        if node is None:
            return self._refuse(401, "UNAUTHENTICATED", "send the token of a Kamailio node")
        return Admitted(published, self._health.by_node.get(node.id, HEALTHY))

    def _answer(self, body: bytes, admitted: Admitted) -> Reply:
        started = time.perf_counter()
        try:
            answer = answer_question(
                body, admitted.published.snapshot, now=time.time(), health=admitted.health
            )
        except BadRequest as error:
            return self._refuse(400, "BAD_REQUEST", str(error), error.field)
        outcome = answer.outcome
        label = outcome.match_kind if isinstance(outcome, Routes) else outcome.code
        self.metrics.decided(label, answer.decision_s, time.perf_counter() - started)
        return Reply(200, answer.body, _JSON_ONLY)

    def _refuse(self, status: int, code: str, message: str, field: str = "") -> Reply:
        self.metrics.refused(code)
        return refuse(status, code, message, field)


def refuse(status: int, code: str, message: str, field: str = "") -> Reply:
    """The response to a request that is not decided."""
    error = {"code": code, "field": field, "message": message}
    headers = [_JSON, *_MORE_HEADERS.get(status, ())]
    return Reply(status, msgspec.json.encode({"error": error}), headers)


def _credentials(headers: Headers, client: tuple[str, int] | None) -> tuple[bytes | None, str]:
    """The Authorization header, and the address of the socket's other end."""
    peer_ip = client[0] if client else ""
    for name, value in headers:
        if name == b"authorization":
            return value, peer_ip
    return None, peer_ip
