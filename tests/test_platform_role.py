"""The agent's HTTP, against a server of this test's own on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from pointsman.platform_role import PlatformRefused, PlatformRole, PlatformUnreachable

Answering = Callable[[bytes], bytes]


@asynccontextmanager
async def serving(answer: Answering) -> AsyncIterator[str]:
    """A server that reads a request whole, answers and hangs up; its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        length = int(request.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        writer.write(answer(request + await reader.readexactly(length)))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_list_is_got_with_the_nodes_token_and_the_etag_it_has() -> None:
    asked: list[bytes] = []

    def answer(request: bytes) -> bytes:
        asked.append(request)
        return (
            b"HTTP/1.1 200 OK\r\nETag: v2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"
        )

    async with serving(answer) as url:
        found = await PlatformRole(f"{url}/base/", "pmn_one").get("/kamailio/list", etag="v1")
    assert (found.status, found.headers["etag"], found.body) == (200, "v2", b"[]")
    lines = asked[0].decode().split("\r\n")
    assert lines[0] == "GET /base/kamailio/list HTTP/1.1"
    assert {"Authorization: Bearer pmn_one", "If-None-Match: v1"} <= set(lines)


async def test_what_has_not_changed_has_no_body() -> None:
    def answer(request: bytes) -> bytes:
        return b"HTTP/1.1 304 Not Modified\r\nETag: v1\r\n\r\n"

    async with serving(answer) as url:
        found = await PlatformRole(url, "pmn_one").get("/kamailio/list", etag="v1")
    assert (found.status, found.body) == (304, b"")


async def test_what_is_posted_arrives_whole() -> None:
    body = b'{"name": "' + b"x" * 300_000 + b'"}'
    asked: list[bytes] = []

    def answer(request: bytes) -> bytes:
        asked.append(request.partition(b"\r\n\r\n")[2])
        return b"HTTP/1.1 204 No Content\r\n\r\n"

    async with serving(answer) as url:
        await PlatformRole(url, "pmn_one").post("/kamailio/health", body)
    assert asked == [body]


async def test_a_status_that_says_no_is_told_apart() -> None:
    def answer(request: bytes) -> bytes:
        return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope"

    async with serving(answer) as url:
        with pytest.raises(PlatformRefused, match=r"^/kamailio/list: 401 nope$") as refused:
            await PlatformRole(url, "pmn_one").get("/kamailio/list")
    assert refused.value.answer.status == 401


@pytest.mark.parametrize(
    "answered", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", b"220 mail ESMTP\r\n\r\n"]
)
async def test_what_is_no_answer_is_as_good_as_none(answered: bytes) -> None:
    async with serving(lambda _: answered) as url:
        with pytest.raises(PlatformUnreachable):
            await PlatformRole(url, "pmn_one").get("/kamailio/list")


async def test_nobody_there_is_told() -> None:
    with pytest.raises(PlatformUnreachable):
        await PlatformRole("http://127.0.0.1:1", "pmn_one").get("/kamailio/list")
