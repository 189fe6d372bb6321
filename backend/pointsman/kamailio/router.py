"""The router: a plain ASGI callable for the hot path, with everything else behind it.

200 answers routes and rejects alike; any other status means that nothing was decided: 400 a
body that is refused, 401 a caller that is no node, 405 and 413 what they say, 503 no snapshot
yet.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from pointsman.kamailio.answer import answer_question
from pointsman.kamailio.request import BadRequest
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.routing.outcome import Reject
from pointsman.routing.snapshot import Snapshot
from pointsman.telemetry import RouterMetrics

PATH = "/kamailio/rtjson"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_JSON = (b"content-type", b"application/json")
_MORE_HEADERS: dict[int, list[tuple[bytes, bytes]]] = {
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
        published = self._feed.current
        if published is None:
            await self._refuse(send, 503, "NO_SNAPSHOT", "the configuration is not loaded yet")
            return
        if published.access.find(*_credentials(scope)) is None:
            await self._refuse(send, 401, "UNAUTHENTICATED", "send the token of a Kamailio node")
            return
        if scope["method"] != "POST":
            await self._refuse(send, 405, "METHOD_NOT_ALLOWED", "use POST")
            return
        message = await receive()
        body: bytes = message.get("body", b"")
        while message.get("more_body") and len(body) <= self._max_body_bytes:
            message = await receive()
            body += message.get("body", b"")
        if len(body) > self._max_body_bytes:
            await self._refuse(send, 413, "TOO_LARGE", f"send {self._max_body_bytes} bytes at most")
            return
        try:
            answer = self._answer(body, published.snapshot)
        except BadRequest as error:
            await self._refuse(send, 400, "BAD_REQUEST", str(error), error.field)
            return
        headers = [_JSON, (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, body: bytes, snapshot: Snapshot) -> bytes:
        """From the body of a question to that of its answer; raises BadRequest."""
        started = time.perf_counter()
        answer = answer_question(body, snapshot, now=time.time())
        outcome = answer.outcome
        label = outcome.code if isinstance(outcome, Reject) else outcome.match_kind
        self._metrics.decided(label, time.perf_counter() - started)
        return answer.body

    async def _refuse(
        self, send: Send, status: int, code: str, message: str, field: str = ""
    ) -> None:
        self._metrics.refused.labels(status).inc()
        error = {"code": code, "field": field, "message": message}
        body = msgspec.json.encode({"error": error})
        headers = [_JSON, (b"content-length", b"%d" % len(body)), *_MORE_HEADERS.get(status, ())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _credentials(scope: Scope) -> tuple[bytes | None, str]:
    """The Authorization header, and the address of the socket's other end."""
    client = scope.get("client")
    peer_ip = client[0] if client else ""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return value, peer_ip
    return None, peer_ip
