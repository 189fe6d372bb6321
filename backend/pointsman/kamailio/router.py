"""The router: a plain ASGI callable for the hot path, with everything else behind it.

200 answers routes and rejects alike; any other status means that nothing was decided: 400 a
body that is refused, 401 a caller that is no node, 405 and 413 what they say, 503 no snapshot
yet.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from pointsman.kamailio.request import BadRequest, read_request, to_call
from pointsman.kamailio.rtjson import write_answer
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.routing.decide import decide
from pointsman.routing.outcome import Reject, Routes
from pointsman.telemetry import RouterMetrics

PATH = "/kamailio/rtjson"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_JSON = (b"content-type", b"application/json")
_REFUSALS: dict[int, list[tuple[bytes, bytes]]] = {
    # Two challenges: a client that has credentials in its URL answers the second.
    401: [(b"www-authenticate", b"Bearer"), (b"www-authenticate", b'Basic realm="pointsman"')],
    405: [(b"allow", b"POST")],
    503: [(b"retry-after", b"1")],
}


class Router:
    """Answers PATH itself and hands everything else to `behind`."""

    def __init__(
        self, feed: SnapshotFeed, metrics: RouterMetrics, behind: ASGIApp, max_body_bytes: int
    ) -> None:
        self._feed = feed
        self._metrics = metrics
        self._behind = behind
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._behind(scope, receive, send)
            return
        status, body = await self._answer(scope, receive)
        headers = [_JSON, (b"content-length", b"%d" % len(body))]
        if status != 200:
            headers += _REFUSALS.get(status, [])
            self._metrics.refused.labels(status).inc()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        published = self._feed.current
        if published is None:
            return _refusal(503, "NO_SNAPSHOT", "the configuration is not loaded yet")
        if not _is_node(scope, published):
            return _refusal(401, "UNAUTHENTICATED", "send the token of a Kamailio node")
        if scope["method"] != "POST":
            return _refusal(405, "METHOD_NOT_ALLOWED", "use POST")
        body = await _read_body(receive, self._max_body_bytes)
        if body is None:
            return _refusal(413, "TOO_LARGE", f"send {self._max_body_bytes} bytes at most")
        started = time.perf_counter()
        try:
            request = read_request(body)
        except BadRequest as error:
            return _refusal(400, "BAD_REQUEST", str(error), error.field)
        call = to_call(request)
        snapshot = published.snapshot
        outcome = call if isinstance(call, Reject) else decide(call, snapshot)
        answer = write_answer(outcome, request.call_id, request.from_tag, snapshot.revision)
        self._metrics.decisions.labels(_label(outcome)).inc()
        self._metrics.request_seconds.observe(time.perf_counter() - started)
        return 200, answer


def _label(outcome: Routes | Reject) -> str:
    return outcome.code if isinstance(outcome, Reject) else outcome.match_kind


def _is_node(scope: Scope, published: Published) -> bool:
    authorization = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization = value
            break
    client = scope.get("client")
    return published.access.find(authorization, client[0] if client else "") is not None


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """The body, or None as soon as it is longer than `limit` bytes."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False) and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    return body if len(body) <= limit else None


def _refusal(status: int, code: str, message: str, field: str = "") -> tuple[int, bytes]:
    error = {"code": code, "field": field, "message": message}
    return status, msgspec.json.encode({"error": error})
