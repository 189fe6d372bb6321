"""Questions that wait, of one connection and of many: their order, and who is refused."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from pointsman.kamailio.http_queue import HttpQueue
from tests.kamailio.http_protocol.conftest import BEHIND, Server, call_of, setting_all_but
from tests.kamailio.test_router import QUESTION


async def test_requests_sent_at_once_are_answered_in_their_order(server: Server) -> None:
    """Whichever way each of them goes."""
    async with server.connect() as peer:
        alone = []
        for number in range(8):
            peer.write(server.question(f"call-{number}"))
            alone.append(call_of(await peer.read()))
        questions = [server.question(f"call-{number}") for number in range(8)]
        elsewhere = server.request(b"", path="/elsewhere")
        late = server.chunked(json.dumps({**QUESTION, "call_id": "call-7"}).encode())
        peer.write(*questions[:3], elsewhere, *questions[3:5], elsewhere, *questions[5:7], late)
        got = [await peer.read() for _ in range(10)]
    behind = [place for place, answer in enumerate(got) if answer[2] == BEHIND]
    assert behind == [3, 6]
    assert [call_of(answer) for answer in got if answer[2] != BEHIND] == alone


async def test_connections_do_not_get_each_others_answers(server: Server) -> None:
    async def ask(name: str) -> list[str]:
        async with server.connect() as peer:
            calls = []
            for number in range(50):
                peer.write(server.question(f"{name}-{number}"))
                calls.append(call_of(await peer.read()))
            return calls

    names = [f"peer-{number}" for number in range(20)]
    at_once = await asyncio.gather(*(ask(name) for name in names))
    assert at_once == [await ask(name) for name in names]
    assert len({call for calls in at_once for call in calls}) == 1_000


async def test_a_client_that_does_not_read_is_waited_for(
    server: Server, asked: list[bytes]
) -> None:
    """What it asks meanwhile is not answered into memory without end."""
    count = 15_000
    async with server.connect() as peer:
        peer.write(*(server.question(f"call-{number}") for number in range(count)))
        await asyncio.sleep(1)
        before = len(asked)
        assert before < count
        answers = [await peer.read() for _ in range(count)]
    calls = [call_of(answer) for answer in answers if answer[0] == 200]
    assert len(set(calls)) == len(calls)
    # One that asks that much at once is refused some of it.
    assert {status for status, _, _ in answers} <= {200, 503}


async def test_what_was_asked_is_answered_before_the_server_stops(
    server: Server, monkeypatch: pytest.MonkeyPatch
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
    server: Server, asked: list[bytes]
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
    monkeypatch.setattr(HttpQueue, "__setattr__", setting_all_but("limit"))
    monkeypatch.setattr("pointsman.kamailio.http_queue.HOLD_S", 0.0)
    # Each is answered in a turn of its own.
    monkeypatch.setattr("pointsman.kamailio.http_queue._AT_ONCE", 1)


async def test_questions_of_a_connection_are_answered_in_their_order(
    small_queue: None, server: Server, asked: list[bytes]
) -> None:
    """However many it asks at once, and whatever it asks behind them."""
    questions = [server.question(f"call-{number}") for number in range(200)]
    async with server.connect() as peer:
        peer.write(*questions, b"GET /behind HTTP/1.1\r\nhost: x\r\n\r\n", questions[0])
        answers = [await peer.read() for _ in range(202)]
    assert [status for status, _, _ in answers] == [200] * 202
    assert answers[200][2] == BEHIND
    calls = [json.loads(body)["call_id"] for body in asked]
    assert calls == [f"call-{number}" for number in range(200)]
    assert json.loads(answers[201][2])["rtjson"]["success"] is True


async def test_who_is_one_too_many_is_refused(small_queue: None, server: Server) -> None:
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


async def test_connections_that_are_refused_go_on(small_queue: None, server: Server) -> None:
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
