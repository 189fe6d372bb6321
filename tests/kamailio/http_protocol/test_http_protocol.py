"""One question after the other, spoken byte by byte: what is asked in which way, and heads."""

import asyncio
import json
from typing import Any

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from pointsman.kamailio.http_protocol import RouterProtocol
from pointsman.kamailio.node_access import NodeAccess
from pointsman.kamailio.router import PATH
from tests.kamailio.http_protocol.conftest import Server, call_of, setting_all_but
from tests.kamailio.test_router import MAX_BODY, QUESTION


async def test_questions_on_one_connection_are_answered_at_once(
    server: Server, asked: list[bytes]
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
    server: Server, body: bytes, changes: dict[str, str], status: int
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


async def test_without_a_snapshot_both_ways_say_so(server: Server) -> None:
    server.feed.current = None
    async with server.connect() as peer:
        peer.write(server.question(), server.chunked(b"{}"))
        answers = [await peer.read(), await peer.read()]
    assert answers[0] == answers[1]
    assert answers[0][0] == 503


async def test_a_question_in_pieces_is_put_together(server: Server, asked: list[bytes]) -> None:
    async with server.connect() as peer:
        question = server.question()
        for start in range(0, len(question), 7):
            peer.write(question[start : start + 7])
            await asyncio.sleep(0)
        assert (await peer.read())[0] == 200
    assert asked == [json.dumps(QUESTION).encode()]


async def test_a_client_that_asks_whether_to_go_on_is_told(server: Server) -> None:
    head, _, body = server.question(expect="100-continue").partition(b"\r\n\r\n")
    async with server.connect() as peer:
        peer.write(head + b"\r\n\r\n")
        assert await peer._reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.write(body)
        assert (await peer.read())[0] == 200


async def test_a_fault_of_ours_ends_no_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
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


async def test_a_head_that_is_known_is_answered_as_one_that_is_parsed(
    server: Server, asked: list[bytes]
) -> None:
    """Whatever comes behind it, and until the node is not known any more."""
    async with server.connect() as peer:
        parsed = []
        for number in (1, 1, 22, 333):
            peer.write(server.question(f"call-{number}"))
            parsed.append(await peer.read())
        assert parsed[0] == parsed[1]
        assert [status for status, _, _ in parsed] == [200] * 4
        assert len({call_of(answer) for answer in parsed}) == 3
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
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointsman.kamailio.http_protocol._MOST_HEADS", 8)
    async with server.connect() as peer:
        for number in range(50):
            for _ in range(2):
                peer.write(server.question(more=f"{number}"))
                assert (await peer.read())[0] == 200


async def test_a_connection_that_is_used_stays_and_one_that_is_not_is_closed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RouterProtocol, "timeout_keep_alive", 0.3, raising=False)
    monkeypatch.setattr(RouterProtocol, "__setattr__", setting_all_but("timeout_keep_alive"))
    async with server.connect() as peer:
        for _ in range(8):
            peer.write(server.question())
            assert (await peer.read())[0] == 200
            await asyncio.sleep(0.1)
        assert await peer.read_end() == b""
