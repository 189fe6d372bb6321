"""A role of the platform, as what runs on a node asks it: HTTP with the node's token.

    PlatformError
    ├── PlatformUnreachable   no answer that is one, for any reason
    └── PlatformRefused       an answer with a status that says no

A connection for each request: they are few, and a role that was started again is simply asked.
"""

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

import httptools
from msgspec import Struct

from pointsman import __version__

_MOST_BYTES = 64 * 1_048_576
_READ_BYTES = 262_144


class PlatformError(Exception):
    """A request that came to nothing."""


class PlatformUnreachable(PlatformError):
    """The role is not there, or what it says is no answer."""


class PlatformRefused(PlatformError):
    """The role says no."""

    def __init__(self, path: str, answer: "Answer") -> None:
        self.answer = answer
        said = answer.body[:500].decode(errors="replace")
        super().__init__(f"{path}: {answer.status} {said}")


class Answer(Struct, frozen=True):
    """A response: its headers by their names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class PlatformRole:
    """One role of the platform, at a URL."""

    def __init__(self, url: str, token: str, *, timeout_s: float = 10.0) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_tls else 80)
        self._base = parts.path.rstrip("/")
        self._netloc = parts.netloc.rpartition("@")[2]
        self._token = token
        self._timeout_s = timeout_s

    async def get(self, path: str, *, etag: str = "") -> Answer:
        """What is there; where its ETag is still `etag`, an answer of status 304 without a body.
        Raises PlatformError."""
        return await self._request("GET", path, [f"If-None-Match: {etag}"] if etag else [], b"")

    async def post(self, path: str, body: bytes) -> Answer:
        """Send JSON; raises PlatformError."""
        return await self._request("POST", path, ["Content-Type: application/json"], body)

    async def _request(self, method: str, path: str, headers: list[str], body: bytes) -> Answer:
        lines = [
            f"{method} {self._base}{path} HTTP/1.1",
            f"Host: {self._netloc}",
            f"Authorization: Bearer {self._token}",
            f"User-Agent: pointsman/{__version__}",
            "Accept: application/json",
            "Connection: close",
            f"Content-Length: {len(body)}",
            *headers,
        ]
        text = "\r\n".join(lines) + "\r\n\r\n"
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._exchange(text.encode("latin-1") + body)
        except TimeoutError as error:
            raise PlatformUnreachable(f"{path}: no answer in {self._timeout_s:g} s") from error
        except (OSError, httptools.HttpParserError, UnicodeError) as error:
            raise PlatformUnreachable(f"{path} at {self._netloc}: {error}") from error
        if answer.status != 304 and not 200 <= answer.status < 300:
            raise PlatformRefused(path, answer)
        return answer

    async def _exchange(self, request: bytes) -> Answer:
        tls = ssl.create_default_context() if self._is_tls else None
        reader, writer = await asyncio.open_connection(self._host, self._port, ssl=tls)
        try:
            writer.write(request)
            await writer.drain()
            response = _Response()
            while not response.is_complete:
                part = await reader.read(_READ_BYTES)
                if not part:
                    raise PlatformUnreachable(f"{self._netloc}: the answer is cut off")
                response.parser.feed_data(part)
                if response.length > _MOST_BYTES:
                    raise PlatformUnreachable(f"{self._netloc}: the answer does not end")
            return response.answer()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


class _Response:
    """What httptools reads of a response."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.is_complete = False
        self.length = 0
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, part: bytes) -> None:
        self._body.append(part)
        self.length += len(part)

    def on_message_complete(self) -> None:
        self.is_complete = True

    def answer(self) -> Answer:
        return Answer(self.parser.get_status_code(), self._headers, b"".join(self._body))
