"""uvicorn's HTTP protocol, which answers Kamailio's questions itself.

A task, a cycle and the messages of ASGI cost as much as a decision does. So a question as Kamailio
asks it, of a known length and on a connection that stays open, goes to the router as it is, in its
turn (see http_queue.py). Everything else goes uvicorn's own way to the application, which is the
same router and answers the same.

A node writes the same head over and over, but for the length of what follows. So a head that was
parsed once, of a request that came as a whole, is known by its bytes, and not parsed again.
"""

import asyncio
from collections import deque
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from pointsman.kamailio.http_queue import HttpQueue
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.router import PATH, Headers, Reply, Router, refuse

_URL = PATH.encode()
_END = b"\r\n\r\n"
_MOST_HEADS = 4_096
# Of a connection that does not wait for answers before it asks on; what is beyond is not read.
_MOST_QUESTIONS = 64
_LEAST_REST_S = 0.1

log = structlog.get_logger()


def build_protocol(metrics: RouterMetrics) -> Any:
    """The protocol of a server's connections, as uvicorn makes them."""
    refusal = _format(refuse(503, "OVERLOADED", "more is asked than can be answered in time"))

    def tell(asked: int, refused: int, limit: int) -> None:
        metrics.set("in_flight", asked)
        metrics.set("in_flight_limit", limit)
        if refused:
            metrics.refused("OVERLOADED", refused)

    return partial(RouterProtocol, HttpQueue(refusal, tell), {})


# Heads of questions by their bytes, with their headers and the length of what follows.
_Heads = dict[bytes, tuple[Headers, int]]


class RouterProtocol(HttpToolsProtocol):
    """A connection to the router, which is the application of the configuration."""

    def __init__(
        self,
        queue: HttpQueue,
        heads: _Heads,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._queue, self._heads = queue, heads
        self._router = cast("Router", self.app)
        # What has come of a question, None while there is none.
        self._question: bytes | None = None
        self._is_between_requests = True
        # What came at once, if a request begins with it.
        self._came = b""
        self._used_at = 0.0
        # Those that wait for an answer, with their headers.
        self._questions: deque[tuple[Headers, bytes]] = deque()

    def data_received(self, data: bytes) -> None:
        """Bytes are there."""
        if self._is_between_requests and not self._is_busy() and not self.flow.write_paused:
            end = data.find(_END) + len(_END)
            known = self._heads.get(data[:end])
            if known is not None and len(data) == end + known[1]:
                self._ask(known[0], data[end:])
                return
            self._came = data
        super().data_received(data)
        self._came = b""

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_between_requests = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers of a request are there."""
        if self._is_question():
            self._question = b""
        else:
            # It is answered behind what was asked before it.
            while self._questions:
                self.write(self.answer())
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
        self._learn(self._question)
        self._ask(self.headers, self._question)
        self._question = None

    def _ask(self, headers: Headers, question: bytes) -> None:
        self._questions.append((headers, question))
        if len(self._questions) == 1:
            self._queue.add(self, self.loop)
        elif len(self._questions) >= _MOST_QUESTIONS:
            self.flow.pause_reading()

    @property
    def waiting(self) -> int:
        """How many of its questions wait for an answer."""
        return len(self._questions)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits for the answers any more."""
        self._questions.clear()
        super().connection_lost(exc)

    def _learn(self, question: bytes) -> None:
        """Know the head of a question that came as a whole, and nothing else with it."""
        came = self._came
        end = len(came) - len(question)
        if came.find(_END) + len(_END) == end:
            if len(self._heads) >= _MOST_HEADS:
                self._heads.clear()
            self._heads[came[:end]] = self.headers, len(question)

    def shutdown(self) -> None:
        """The server stops: what was asked is answered first."""
        self._queue.end()
        super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing has come since the timer was set, unless a question has: it is not set anew with
        each of them."""
        self.timeout_keep_alive_task = None
        rest = self._used_at + self.timeout_keep_alive - self.loop.time()
        if self._questions or rest > 0:
            self._watch(max(rest, _LEAST_REST_S))
        else:
            super().timeout_keep_alive_handler()

    def _watch(self, seconds: float) -> None:
        """Close the connection if nothing comes."""
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def answer(self) -> bytes:
        """The response to the question that was asked first."""
        headers, question = self._questions.popleft()
        try:
            return _format(self._router.reply(headers, self.client, question))
        except Exception:
            # As uvicorn does for an application.
            log.exception("a question was not answered")
            self._router.metrics.refused("INTERNAL")
            return _format(Reply(500, b"Internal Server Error", [(b"content-type", b"text/plain")]))

    def refuse(self) -> None:
        """What was asked first is not going to be answered."""
        self._questions.popleft()

    def write(self, answer: bytes) -> None:
        """Send a response, unless the connection is gone."""
        if self.transport.is_closing():
            return
        self.transport.write(answer)
        self.server_state.total_requests += 1
        if self._is_busy():
            # What the application answers behind this one begins what waits for it.
            return
        if not self._questions:
            self.flow.resume_reading()
        self._used_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._watch(self.timeout_keep_alive)

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
    if reply.status == 200:
        return b"%b%d\r\n\r\n%b" % (_ROUTED, len(reply.body), reply.body)
    headers = b"".join([b"%b: %b\r\n" % header for header in reply.headers])
    return b"HTTP/1.1 %d %b\r\n%bcontent-length: %d\r\n\r\n%b" % (
        reply.status,
        _PHRASES[reply.status],
        headers,
        len(reply.body),
        reply.body,
    )


_ROUTED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
_PHRASES = {int(status): status.phrase.encode() for status in HTTPStatus}
