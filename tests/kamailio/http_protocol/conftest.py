"""A real server with the router's protocol, and a peer that speaks to it byte by byte."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import h11
import pytest
import uvicorn

from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.http_protocol import build_protocol
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.router import PATH, Headers, Reply, Router
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.services.secrets import NO_KEYS
from tests.kamailio.conftest import Demo
from tests.kamailio.test_router import MAX_BODY, QUESTION

BEHIND = b"x" * 1_000
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


async def _behind(scope: Any, receive: Any, send: Any) -> None:
    """What is behind the router: answers with BEHIND, late."""
    await asyncio.sleep(0.01)
    headers = [(b"content-length", b"%d" % len(BEHIND))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BEHIND})


class Peer:
    """A client that writes what it likes, and reads answers by a parser of their own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting = b""

    def write(self, *requests: bytes) -> None:
        """Send them, all at once."""
        self._writer.write(b"".join(requests))

    async def read(self) -> Answer:
        """One answer to a POST: its status, headers and body."""
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method="POST", target="/", headers=[("host", "x")]))
        parser.send(h11.EndOfMessage())
        if self._waiting:
            parser.receive_data(self._waiting)
        head: h11.Response | None = None
        body = b""
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                piece = await self._reader.read(65_536)
                if not piece:
                    raise EOFError
                parser.receive_data(piece)
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._waiting = parser.trailing_data[0]
                assert head is not None
                return head.status_code, list(head.headers), body

    async def read_end(self) -> bytes:
        """What comes until the server closes the connection."""
        return self._waiting + await self._reader.read(-1)


class Server:
    """A server, and what asks it."""

    def __init__(self, router: Router, feed: SnapshotFeed, token: str, port: int) -> None:
        self.router = router
        self.feed = feed
        self.token = token
        self._port = port

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Peer]:
        """Another connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.timeout(30):
                yield Peer(reader, writer)
        finally:
            writer.close()

    def question(self, call_id: str = "call-1", **changes: str) -> bytes:
        """A request as Kamailio sends it."""
        return self.request(json.dumps({**QUESTION, "call_id": call_id}).encode(), **changes)

    def request(self, body: bytes, **changes: str) -> bytes:
        """A request of a known length; `changes` are its method, path and token, and more
        headers."""
        length = f"content-length: {len(body)}"
        return "\r\n".join([*self._head(changes, length), "", ""]).encode() + body

    def chunked(self, body: bytes, **changes: str) -> bytes:
        """The same of a length that is not known before its end."""
        head = "\r\n".join([*self._head(changes, "transfer-encoding: chunked"), "", ""]).encode()
        return head + (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"

    def _head(self, changes: dict[str, str], length: str) -> list[str]:
        method, path = changes.pop("method", "POST"), changes.pop("path", PATH)
        token = changes.pop("token", self.token)
        more = [f"{name}: {value}" for name, value in changes.items()]
        first = f"{method} {path} HTTP/1.1"
        return [first, "host: x", f"authorization: Bearer {token}", length, *more]


class _Uvicorn(uvicorn.Server):
    """One that tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self.is_up.set()


@pytest.fixture
async def server(published_demo: tuple[Demo, Published]) -> AsyncIterator[Server]:
    metrics = RouterMetrics()
    feed = SnapshotFeed(Path("nowhere"), NO_KEYS.unseal, metrics)
    demo, feed.current = published_demo
    router = Router(
        feed, HealthFeed(Path("nowhere"), 60.0), metrics, _behind, max_body_bytes=MAX_BODY
    )
    config = uvicorn.Config(
        router,
        port=0,
        http=build_protocol(metrics),
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    uvicorn_server = _Uvicorn(config)
    task = asyncio.create_task(uvicorn_server.serve())
    async with asyncio.timeout(30):
        await uvicorn_server.is_up.wait()
    port = uvicorn_server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Server(router, feed, demo.token, port)
    finally:
        uvicorn_server.should_exit = True
        await task


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The questions that the protocol has put to the router itself."""
    questions: list[bytes] = []
    reply = Router.reply

    def note(
        router: Router, headers: Headers, client: tuple[str, int] | None, body: bytes
    ) -> Reply:
        questions.append(body)
        return reply(router, headers, client, body)

    monkeypatch.setattr(Router, "reply", note)
    return questions


def call_of(answer: Answer) -> str:
    """The decision's id, which is of the call that was asked about."""
    return str(json.loads(answer[2])["rtjson"]["decision"])


def setting_all_but(fixed: str) -> Callable[[object, str, object], None]:
    """A `__setattr__` that leaves this attribute as it is."""

    def put(owner: object, name: str, value: object) -> None:
        if name != fixed:
            object.__setattr__(owner, name, value)

    return put
