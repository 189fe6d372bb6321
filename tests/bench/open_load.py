"""Load that does not wait for answers: questions are asked at a rate, whatever comes of them.

As Kamailio does, a question waits for a connection that is free, and is given up after 500 ms from
when it was due, and its connection with it. A process of its own: `python -m
tests.bench.open_load URL TOKEN CONNECTIONS RATE:SECONDS...` prints a line of JSON for each step.
"""

import asyncio
import json
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

import msgspec
import uvloop
from msgspec import Struct

TIMEOUT_S = 0.5
_TICK_S = 0.002
_BODY = (
    b'{"event":"sip-routing","source_ip":"10.0.%d.%d","source_port":5080,"call_id":"c-%d",'
    b'"request_uri":"sip:+39%010d@127.0.0.1","from_uri":"sip:+390401234567@acme.example",'
    b'"to_uri":"sip:+390612345678@127.0.0.1"}'
)


class Step(Struct):
    """What became of the questions of a step: how many were due each second, were answered, were
    refused (503), were given up, sent or not; 99th percentiles in milliseconds from when they were
    sent."""

    offered_per_s: float = 0.0
    answered_per_s: float = 0.0
    refused_per_s: float = 0.0
    given_up_per_s: float = 0.0
    answered_p99_ms: float = 0.0
    refused_p99_ms: float = 0.0


class _Counts:
    """Of the step that is under way."""

    def __init__(self) -> None:
        self.due = self.given_up = 0
        self.answered: list[float] = []
        self.refused: list[float] = []

    def close(self, seconds: float) -> Step:
        """The step's figures."""
        return Step(
            self.due / seconds,
            len(self.answered) / seconds,
            len(self.refused) / seconds,
            self.given_up / seconds,
            _p99(self.answered),
            _p99(self.refused),
        )


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] * 1_000 if values else 0.0


class _Connection(asyncio.Protocol):
    """Asks one question at a time."""

    def __init__(self, load: "OpenLoad") -> None:
        self._load = load
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self.due = self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It may ask."""
        self._transport = cast("asyncio.Transport", transport)
        self._load.free.append(self)

    def ask(self, question: bytes, due: float) -> None:
        """Send a question that was due at a time."""
        self.due, self.sent = due, time.perf_counter()
        assert self._transport is not None
        self._transport.write(question)

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of it."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) >= length and self.due:
            self._received = b""
            self._load.end(self, head[9:12])

    def give_up(self) -> None:
        """Nobody waits for the answer any more."""
        self.due = 0.0
        assert self._transport is not None
        self._transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        """Another one takes its place."""
        self._load.replace(self)


class OpenLoad:
    """So many connections to one server."""

    def __init__(self, url: str, token: str, connections: int) -> None:
        parts = urlsplit(url)
        self._address = parts.hostname or "", parts.port or 80
        self._head = (
            "POST /kamailio/rtjson HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: "
        ).encode()
        self._count = connections
        self._asked = 0
        self.eager = False
        self._opening: set[asyncio.Task[object]] = set()
        self.free: deque[_Connection] = deque()
        self._waiting: deque[float] = deque()
        self._under_way: deque[tuple[float, _Connection]] = deque()
        self._counts = _Counts()

    async def run(self, rate: float, seconds: float) -> Step:
        """One step; at the rate 0 as much as the connections ask for, each as soon as it is
        answered."""
        while len(self.free) + len(self._under_way) + len(self._opening) < self._count:
            self._open()
        await asyncio.sleep(0.05)
        self._counts = counts = _Counts()
        started = now = time.perf_counter()
        self.eager = not rate
        while now - started < seconds:
            due = int(rate * (now - started)) - counts.due if rate else len(self.free)
            counts.due += due
            self._waiting.extend([now] * due)
            self._send(now)
            self._give_up(now)
            await asyncio.sleep(_TICK_S)
            now = time.perf_counter()
        self.eager = False
        return counts.close(now - started)

    def end(self, connection: _Connection, status: bytes) -> None:
        """A question was answered."""
        now = time.perf_counter()
        if status == b"200":
            self._counts.answered.append(now - connection.sent)
        else:
            self._counts.refused.append(now - connection.sent)
        connection.due = 0.0
        self.free.append(connection)
        if self.eager:
            self._waiting.append(now)
            self._counts.due += 1
            self._send(now)

    def replace(self, connection: _Connection) -> None:
        """A connection is gone."""
        if connection.due:
            self._counts.given_up += 1
        self._open()

    def _send(self, now: float) -> None:
        while self._waiting and self.free:
            connection = self.free.popleft()
            connection.ask(self._question(), self._waiting.popleft())
            self._under_way.append((now, connection))

    def _give_up(self, now: float) -> None:
        while self._waiting and now - self._waiting[0] > TIMEOUT_S:
            self._waiting.popleft()
            self._counts.given_up += 1
        while self._under_way and now - self._under_way[0][0] > TIMEOUT_S:
            sent, connection = self._under_way.popleft()
            if connection.due and connection.sent >= sent and now - connection.sent > TIMEOUT_S:
                self._counts.given_up += 1
                connection.give_up()

    def _question(self) -> bytes:
        self._asked += 1
        number = self._asked
        place = 1 + number % 1_000
        body = _BODY % (place >> 8, place & 255, number, number * 7_919 % 10**10)
        return self._head + b"%d\r\n\r\n%b" % (len(body), body)

    def _open(self) -> None:
        loop = asyncio.get_running_loop()
        opening = loop.create_task(self._connect())
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Connection(self), *self._address)
        except OSError:
            await asyncio.sleep(0.05)
            self._open()


async def _main(url: str, token: str, connections: str, steps: Sequence[str]) -> None:
    load = OpenLoad(url, token, int(connections))
    for step in steps:
        rate, _, seconds = step.partition(":")
        found = await load.run(float(rate), float(seconds))
        sys.stdout.write(json.dumps(msgspec.to_builtins(found)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
    # What is under way is nobody's any more.
    sys.stdout.flush()
    os._exit(0)
