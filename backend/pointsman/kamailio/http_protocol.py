"""uvicorn's HTTP protocol, which answers Kamailio's questions itself.

A task, a cycle and the messages of ASGI cost as much as a decision does. So a question as Kamailio
asks it, of a known length and on a connection that stays open, goes to the router as it is.
Everything else goes uvicorn's own way to the application, which is the same router and answers the
same.

The questions that all connections bring in a turn of the event loop are answered one after the
other at its end, and then written: what reads, what decides and what writes would else push each
other out of the processor's caches, and a peer would be woken up once for each of its answers.
"""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from pointsman.kamailio.router import PATH, Reply, Router, Scope

_URL = PATH.encode()

log = structlog.get_logger()


def build_protocol() -> Any:
    """The protocol of a server's connections, as uvicorn makes them."""
    return partial(RouterProtocol, _Turn())


class RouterProtocol(HttpToolsProtocol):
    """A connection to the router, which is the application of the configuration."""

    def __init__(
        self,
        turn: "_Turn",
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._turn = turn
        self._router = cast("Router", self.app)
        # What has come of a question, None while there is none.
        self._question: bytes | None = None

    def on_headers_complete(self) -> None:
        """The headers of a request are there."""
        if self._is_question():
            self._question = b""
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """More of a request's body is there."""
        if self._question is None:
            super().on_body(body)
        else:
            self._question += body

    def on_message_complete(self) -> None:
        """A request is there as a whole."""
        if self._question is None:
            super().on_message_complete()
            return
        self._turn.add(self, cast("Scope", self.scope), self._question)
        self._question = None

    def shutdown(self) -> None:
        """The server stops: what was asked is answered first."""
        self._turn.end()
        super().shutdown()

    def answer(self, scope: Scope, question: bytes) -> bytes:
        """The response to a question."""
        try:
            return _format(self._router.reply(scope, question))
        except Exception:
            # As uvicorn does for an application.
            log.exception("a question was not answered")
            return _format(Reply(500, b"Internal Server Error", [(b"content-type", b"text/plain")]))

    def write(self, answer: bytes) -> None:
        """Send a response, unless the connection is gone."""
        if self.transport.is_closing():
            return
        self.transport.write(answer)
        if self._is_busy():
            # What the application answers behind this one begins what waits for it.
            self.server_state.total_requests += 1
        else:
            self.on_response_complete()

    def _is_question(self) -> bool:
        """Whether the router is asked at once. A request has to wait for its turn where another
        before it is not answered yet, or where the peer does not take what it is sent."""
        parser = self.parser
        return (
            self.url == _URL
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not self._is_busy()
            and not self.flow.write_paused
            and self._has_known_length()
        )

    def _is_busy(self) -> bool:
        """Whether the application has yet to answer a request of this connection."""
        return self.cycle is not None and not self.cycle.response_complete

    def _has_known_length(self) -> bool:
        # The parser has seen to it that there is one length at most, and that it is a number.
        for name, value in self.headers:
            if name == b"content-length":
                return int(value) <= self._router.max_body_bytes
        return False


class _Turn:
    """The questions of a turn of the event loop."""

    def __init__(self) -> None:
        self._asked: list[tuple[RouterProtocol, Scope, bytes]] = []

    def add(self, connection: RouterProtocol, scope: Scope, question: bytes) -> None:
        """Answer a question at the turn's end."""
        if not self._asked:
            connection.loop.call_soon(self.end)
        self._asked.append((connection, scope, question))

    def end(self) -> None:
        """Answer what was asked, in its order."""
        asked, self._asked = self._asked, []
        answers = [(each, each.answer(scope, question)) for each, scope, question in asked]
        for connection, answer in answers:
            connection.write(answer)


def _format(reply: Reply) -> bytes:
    """The response (RFC 9112 section 4)."""
    headers = b"".join([b"%b: %b\r\n" % header for header in reply.headers])
    return b"HTTP/1.1 %d %b\r\n%bcontent-length: %d\r\n\r\n%b" % (
        reply.status,
        _PHRASES[reply.status],
        headers,
        len(reply.body),
        reply.body,
    )


_PHRASES = {int(status): status.phrase.encode() for status in HTTPStatus}
