"""uvicorn's HTTP protocol, which answers Kamailio's questions itself.

A task, a cycle and the messages of ASGI cost as much as a decision does. So a question as Kamailio
asks it, of a known length and on a connection that stays open, goes to the router as it is, in its
turn (see http_turn.py). Everything else goes uvicorn's own way to the application, which is the
same router and answers the same.
"""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from pointsman.kamailio.http_turn import Turn, is_one_question
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.router import PATH, Reply, Router, Scope, refuse

_URL = PATH.encode()
_START = b"POST %b HTTP/1.1\r\n" % _URL

log = structlog.get_logger()


def build_protocol(metrics: RouterMetrics) -> Any:
    """The protocol of a server's connections, as uvicorn makes them."""
    refusal = _format(refuse(503, "OVERLOADED", "more is asked than can be answered in time"))

    def tell(asked: int, refused: int, limit: int) -> None:
        metrics.set("in_flight", asked)
        metrics.set("in_flight_limit", limit)
        if refused:
            metrics.refused("OVERLOADED", refused)

    return partial(RouterProtocol, Turn(refusal, tell))


class RouterProtocol(HttpToolsProtocol):
    """A connection to the router, which is the application of the configuration."""

    def __init__(
        self,
        turn: Turn,
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
        self._is_between_requests = True
        # How many questions of the turn are its own.
        self.waiting = 0

    def data_received(self, data: bytes) -> None:
        """Bytes are there."""
        if (
            self._turn.is_full
            and self._is_between_requests
            and not self.waiting
            and not self._is_busy()
            and is_one_question(data, _START)
        ):
            self._turn.refuse(self, self.loop)
        else:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_between_requests = False
        super().on_message_begin()

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
        self._is_between_requests = True
        if self._question is None:
            super().on_message_complete()
            return
        self._turn.add(self, self.scope, self._question, self.loop)
        self._question = None

    def shutdown(self) -> None:
        """The server stops: what was asked is answered first."""
        self._turn.end()
        super().shutdown()

    def answer(self, scope: object, question: bytes) -> bytes:
        """The response to a question."""
        try:
            return _format(self._router.reply(cast("Scope", scope), question))
        except Exception:
            # As uvicorn does for an application.
            log.exception("a question was not answered")
            self._router.metrics.refused("INTERNAL")
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

    def listen(self, *, still: bool) -> None:
        """Read what comes, or leave it where it is."""
        if not self.transport.is_closing():
            (self.transport.resume_reading if still else self.transport.pause_reading)()

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
