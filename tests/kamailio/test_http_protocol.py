"""A real server with the router's protocol, spoken to byte by byte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from pointsman.kamailio.one_write import OneWriteProtocol

_BODY = b"x" * 1_000


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with _BODY, or to /stream piece by piece, and closes after /fail."""
    if scope["path"] == "/fail":
        raise RuntimeError("as it should")
    headers = [(b"content-length", b"%d" % len(_BODY))] if scope["path"] != "/stream" else []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["path"] == "/stream":
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"piece", "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": _BODY})


@asynccontextmanager
async def _connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(_app, port=0, http=OneWriteProtocol, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110 -- uvicorn sets no event
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        server.should_exit = True
        await task


def _request(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


async def test_head_and_body_arrive_together() -> None:
    async with _connected() as (reader, writer):
        for _ in range(3):  # on one connection that is kept
            writer.write(_request("/"))
            piece = await reader.read(65_536)
            assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
            assert piece.endswith(b"\r\n\r\n" + _BODY)


async def test_requests_sent_at_once_are_answered_in_their_order() -> None:
    async with _connected() as (reader, writer):
        writer.write(_request("/") * 5)
        answers = await reader.readexactly(len(_BODY) * 5)
        while answers.count(_BODY) < 5:
            answers += await reader.read(65_536)
        assert answers.count(b"HTTP/1.1 200 OK") == 5


async def test_a_streamed_answer_is_whole() -> None:
    async with _connected() as (reader, writer):
        writer.write(_request("/stream"))
        answer = await reader.readuntil(b"0\r\n\r\n")
        assert answer.count(b"5\r\npiece\r\n") == 3


@pytest.mark.parametrize("path", ["/", "/fail"])
async def test_an_answer_is_whole_before_the_connection_is_closed(path: str) -> None:
    async with _connected() as (reader, writer):
        writer.write(_request(path, "Connection: close"))
        answer = await reader.read(-1)
        assert answer.startswith(b"HTTP/1.1 200" if path == "/" else b"HTTP/1.1 500")
        assert answer.endswith(_BODY if path == "/" else b"Internal Server Error")
