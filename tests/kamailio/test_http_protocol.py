"""A real server with the router's protocol, spoken to byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import h11
import pytest
import uvicorn
from msgspec import structs
from structlog.testing import capture_logs

from pointsman.kamailio.http_protocol import RouterProtocol, build_protocol
from pointsman.kamailio.http_queue import HttpQueue
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.router import PATH, Headers, Reply, Router
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.services.secrets import NO_KEYS
from tests.kamailio.conftest import Demo
from tests.kamailio.test_router import MAX_BODY, QUESTION

_BEHIND = b"x" * 1_000

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


async def _behind(scope: Any, receive: Any, send: Any) -> None:
    """What is behind the router: answers with _BEHIND, late."""
    await asyncio.sleep(0.01)
    headers = [(b"content-length", b"%d" % len(_BEHIND))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _BEHIND})


class _Peer:
    """A client that writes what it likes, and reads answers by a parser of their own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting = b""

    def write(self, *requests: bytes) -> None:
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


class _Server:
    """A server, and what asks it."""

    def __init__(self, router: Router, feed: SnapshotFeed, token: str, port: int) -> None:
        self.router = router
        self.feed = feed
        self.token = token
        self._port = port

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[_Peer]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.timeout(30):
                yield _Peer(reader, writer)
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


@pytest.fixture
async def server(published_demo: tuple[Demo, Published]) -> AsyncIterator[_Server]:
    metrics = RouterMetrics()
    feed = SnapshotFeed(Path("nowhere"), NO_KEYS.unseal, metrics)
    demo, feed.current = published_demo
    router = Router(feed, metrics, _behind, MAX_BODY)
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
    uvicorn_server = uvicorn.Server(config)
    task = asyncio.create_task(uvicorn_server.serve())
    async with asyncio.timeout(30):
        while not uvicorn_server.started:  # noqa: ASYNC110 -- uvicorn sets no event
            await asyncio.sleep(0.01)
    port = uvicorn_server.servers[0].sockets[0].getsockname()[1]
    try:
        yield _Server(router, feed, demo.token, port)
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


def _call_of(answer: Answer) -> str:
    """The decision's id, which is of the call that was asked about."""
    return str(json.loads(answer[2])["rtjson"]["decision"])


async def test_questions_on_one_connection_are_answered_at_once(
    server: _Server, asked: list[bytes]
) -> None:
    async with server.connect() as peer:
        for number in range(3):
            peer.write(server.question(f"call-{number}"))
            status, headers, body = await peer.read()
            assert status == 200
            assert headers == [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
            ]
            assert json.loads(body)["rtjson"]["success"] is True
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        (json.dumps(QUESTION).encode(), {}, 200),
        (json.dumps({**QUESTION, "source_ip": "203.0.113.99"}).encode(), {}, 200),
        (b"{}", {}, 400),
        (b"", {}, 400),
        (b"{}", {"token": "wrong"}, 401),
        (b"x" * (MAX_BODY + 1), {}, 413),
        (b"{}", {"method": "GET"}, 405),
        (b"{}", {"path": f"{PATH}?a=b"}, 400),
        (b"{}", {"path": "/elsewhere"}, 200),
    ],
)
async def test_what_is_not_asked_as_kamailio_does_is_answered_the_same(
    server: _Server, body: bytes, changes: dict[str, str], status: int
) -> None:
    """In pieces of no known length, and to be closed, requests go uvicorn's way."""
    async with server.connect() as peer:
        peer.write(server.request(body, **changes))
        answer = await peer.read()
        assert answer[0] == status
        peer.write(server.chunked(body, **changes))
        assert await peer.read() == answer
        peer.write(server.request(body, **changes, connection="close"))
        code, headers, same = await peer.read()
        assert (code, same) == (answer[0], answer[2])
        assert headers == [*answer[1], (b"connection", b"close")]
        assert await peer.read_end() == b""


async def test_without_a_snapshot_both_ways_say_so(server: _Server) -> None:
    server.feed.current = None
    async with server.connect() as peer:
        peer.write(server.question(), server.chunked(b"{}"))
        answers = [await peer.read(), await peer.read()]
    assert answers[0] == answers[1]
    assert answers[0][0] == 503


async def test_a_question_in_pieces_is_put_together(server: _Server, asked: list[bytes]) -> None:
    async with server.connect() as peer:
        question = server.question()
        for start in range(0, len(question), 7):
            peer.write(question[start : start + 7])
            await asyncio.sleep(0)
        assert (await peer.read())[0] == 200
    assert asked == [json.dumps(QUESTION).encode()]


async def test_a_client_that_asks_whether_to_go_on_is_told(server: _Server) -> None:
    head, _, body = server.question(expect="100-continue").partition(b"\r\n\r\n")
    async with server.connect() as peer:
        peer.write(head + b"\r\n\r\n")
        assert await peer._reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.write(body)
        assert (await peer.read())[0] == 200


async def test_requests_sent_at_once_are_answered_in_their_order(server: _Server) -> None:
    """Whichever way each of them goes."""
    async with server.connect() as peer:
        alone = []
        for number in range(8):
            peer.write(server.question(f"call-{number}"))
            alone.append(_call_of(await peer.read()))
        questions = [server.question(f"call-{number}") for number in range(8)]
        elsewhere = server.request(b"", path="/elsewhere")
        late = server.chunked(json.dumps({**QUESTION, "call_id": "call-7"}).encode())
        peer.write(*questions[:3], elsewhere, *questions[3:5], elsewhere, *questions[5:7], late)
        got = [await peer.read() for _ in range(10)]
    behind = [place for place, answer in enumerate(got) if answer[2] == _BEHIND]
    assert behind == [3, 6]
    assert [_call_of(answer) for answer in got if answer[2] != _BEHIND] == alone


async def test_connections_do_not_get_each_others_answers(server: _Server) -> None:
    async def ask(name: str) -> list[str]:
        async with server.connect() as peer:
            calls = []
            for number in range(50):
                peer.write(server.question(f"{name}-{number}"))
                calls.append(_call_of(await peer.read()))
            return calls

    names = [f"peer-{number}" for number in range(20)]
    at_once = await asyncio.gather(*(ask(name) for name in names))
    assert at_once == [await ask(name) for name in names]
    assert len({call for calls in at_once for call in calls}) == 1_000


async def test_a_client_that_does_not_read_is_waited_for(
    server: _Server, asked: list[bytes]
) -> None:
    """What it asks meanwhile is not answered into memory without end."""
    count = 15_000
    async with server.connect() as peer:
        peer.write(*(server.question(f"call-{number}") for number in range(count)))
        await asyncio.sleep(1)
        before = len(asked)
        assert before < count
        answers = [await peer.read() for _ in range(count)]
    calls = [_call_of(answer) for answer in answers if answer[0] == 200]
    assert len(set(calls)) == len(calls)
    # One that asks that much at once is refused some of it.
    assert {status for status, _, _ in answers} <= {200, 503}


async def test_a_fault_of_ours_ends_no_connection(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("as it should")

    async with server.connect() as peer:
        with monkeypatch.context() as broken, capture_logs() as logs:
            broken.setattr("pointsman.kamailio.router.answer_question", fail)
            peer.write(server.question())
            assert (await peer.read())[0] == 500
        peer.write(server.question())
        assert (await peer.read())[0] == 200
    assert [entry["event"] for entry in logs] == ["a question was not answered"]
    assert logs[0]["exc_info"] is True


async def test_what_was_asked_is_answered_before_the_server_stops(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    add: Callable[..., None] = HttpQueue.add

    def stop(queue: Any, connection: Any, loop: Any) -> None:
        add(queue, connection, loop)
        connection.shutdown()

    monkeypatch.setattr(HttpQueue, "add", stop)
    async with server.connect() as peer:
        peer.write(server.question())
        assert (await peer.read())[0] == 200
        assert await peer.read_end() == b""


async def test_a_client_that_hangs_up_meanwhile_disturbs_nobody(
    server: _Server, asked: list[bytes]
) -> None:
    for _ in range(20):
        async with server.connect() as peer:
            peer.write(server.question("gone"))
    async with server.connect() as peer:
        peer.write(server.question())
        assert (await peer.read())[0] == 200
    assert asked[-1] == json.dumps(QUESTION).encode()


@pytest.fixture
def small_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that has room for three connections, and holds none for longer."""
    monkeypatch.setattr(HttpQueue, "limit", 3, raising=False)
    monkeypatch.setattr(HttpQueue, "__setattr__", _keep_limit)
    monkeypatch.setattr("pointsman.kamailio.http_queue.HOLD_S", 0.0)
    # Each is answered in a turn of its own.
    monkeypatch.setattr("pointsman.kamailio.http_queue._AT_ONCE", 1)


def _keep_limit(queue: HttpQueue, name: str, value: object) -> None:
    if name != "limit":
        object.__setattr__(queue, name, value)


async def test_questions_of_a_connection_are_answered_in_their_order(
    small_queue: None, server: _Server, asked: list[bytes]
) -> None:
    """However many it asks at once, and whatever it asks behind them."""
    questions = [server.question(f"call-{number}") for number in range(200)]
    async with server.connect() as peer:
        peer.write(*questions, b"GET /behind HTTP/1.1\r\nhost: x\r\n\r\n", questions[0])
        answers = [await peer.read() for _ in range(202)]
    assert [status for status, _, _ in answers] == [200] * 202
    assert answers[200][2] == _BEHIND
    calls = [json.loads(body)["call_id"] for body in asked]
    assert calls == [f"call-{number}" for number in range(200)]
    assert json.loads(answers[201][2])["rtjson"]["success"] is True


async def test_who_is_one_too_many_is_refused(small_queue: None, server: _Server) -> None:
    async with AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(server.connect()) for _ in range(20)]
        for peer in peers:
            peer.write(server.question())
        answers = [await peer.read() for peer in peers]
        peers[-1].write(server.question("later"))
        later = await peers[-1].read()
    refused = [answer for answer in answers if answer[0] != 200]
    assert 3 <= len(answers) - len(refused) < 20
    for status, headers, body in refused:
        assert status == 503
        assert (b"retry-after", b"1") in headers
        assert json.loads(body)["error"]["code"] == "OVERLOADED"
    assert later[0] == 200
    said = 'pointsman_rtjson_refused_total{code="OVERLOADED",status="503"}'
    assert f"{said} {len(refused)}.0" in server.router.metrics.exposition().decode()


async def test_connections_that_are_refused_go_on(small_queue: None, server: _Server) -> None:
    """Whatever comes of each question, the next one of its connection is answered alike."""

    async def ask(name: str) -> list[int]:
        async with server.connect() as peer:
            found = []
            for number in range(20):
                peer.write(server.question(f"{name}-{number}"))
                status, _, body = await peer.read()
                if status == 200:
                    assert json.loads(body)["rtjson"]["success"] is True
                found.append(status)
            return found

    at_once = await asyncio.gather(*(ask(f"peer-{number}") for number in range(40)))
    statuses = [status for found in at_once for status in found]
    assert set(statuses) == {200, 503}
    assert len(statuses) == 800


async def test_a_head_that_is_known_is_answered_as_one_that_is_parsed(
    server: _Server, asked: list[bytes]
) -> None:
    """Whatever comes behind it, and until the node is not known any more."""
    async with server.connect() as peer:
        parsed = []
        for number in (1, 1, 22, 333):
            peer.write(server.question(f"call-{number}"))
            parsed.append(await peer.read())
        assert parsed[0] == parsed[1]
        assert [status for status, _, _ in parsed] == [200] * 4
        assert len({_call_of(answer) for answer in parsed}) == 3
        # In two pieces, two at once, with another length, and with more than is said.
        known = server.question("call-1")
        for pieces, count in (((known[:-3], known[-3:]), 1), ((known + known,), 2)):
            for piece in pieces:
                peer.write(piece)
                await asyncio.sleep(0.01)
            for _ in range(count):
                assert await peer.read() == parsed[0]
        peer.write(server.question("call-22"), known)
        assert await peer.read() == parsed[2]
        assert await peer.read() == parsed[0]
        published = server.feed.current
        assert published is not None
        server.feed.current = structs.replace(published, access=NodeAccess([]))
        peer.write(known)
        assert (await peer.read())[0] == 401
        server.feed.current = published
        peer.write(known)
        assert await peer.read() == parsed[0]
    assert len(asked) == 11


async def test_heads_without_end_are_not_all_known(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointsman.kamailio.http_protocol._MOST_HEADS", 8)
    async with server.connect() as peer:
        for number in range(50):
            for _ in range(2):
                peer.write(server.question(more=f"{number}"))
                assert (await peer.read())[0] == 200


async def test_a_connection_that_is_used_stays_and_one_that_is_not_is_closed(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RouterProtocol, "timeout_keep_alive", 0.3, raising=False)
    monkeypatch.setattr(RouterProtocol, "__setattr__", _without("timeout_keep_alive"))
    async with server.connect() as peer:
        for _ in range(8):
            peer.write(server.question())
            assert (await peer.read())[0] == 200
            await asyncio.sleep(0.1)
        assert await peer.read_end() == b""


def _without(fixed: str) -> Callable[[object, str, object], None]:
    def put(owner: object, name: str, value: object) -> None:
        if name != fixed:
            object.__setattr__(owner, name, value)

    return put
