"""uvicorn's HTTP protocol, with an answer's head and body in one write.

uvicorn writes them one after the other: two system calls and, on a connection without delay,
two packets. On the hot path that is the dearest part of an answer.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class _OneWriteTransport:
    """A transport that keeps what is written until the event loop's next turn.

    Everything but writing and closing is the wrapped transport's.
    """

    def __init__(self, transport: asyncio.Transport, call_soon: Callable[..., Any]) -> None:
        self._transport = transport
        self._call_soon = call_soon
        self._kept: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Write, together with what else is written in this turn."""
        if not self._kept:
            self._call_soon(self._flush)
        self._kept.append(data)

    def close(self) -> None:
        """Write what is kept, then close."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._kept:
            data = b"".join(self._kept)
            self._kept.clear()
            self._transport.write(data)


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's own protocol on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        wrapped = _OneWriteTransport(transport, self.loop.call_soon)
        super().connection_made(cast("asyncio.Transport", wrapped))
