"""More questions at once than a router can answer in time."""

import contextlib
import json
import os
import resource
import signal
import socket
from collections.abc import Iterator

import pytest

from pointsman.kamailio.router import PATH
from tests.faults.calls import Caller, Calls, routed
from tests.faults.running_router import RunningRouter
from tests.kamailio.test_router import QUESTION

_CONNECTIONS = 8_000


@pytest.fixture
def crowd(router: RunningRouter) -> Iterator[list[socket.socket]]:
    """As many connections as nobody answers at once."""
    former, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    router.start()
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection(("127.0.0.1", router.port), 30))
            for _ in range(_CONNECTIONS)
        ]
    resource.setrlimit(resource.RLIMIT_NOFILE, (former, most))


def _ask_at_once(
    router: RunningRouter, crowd: list[socket.socket], token: str
) -> list[tuple[int, dict[str, str], str]]:
    """What each is answered when all questions wait for the router: status, headers, decision or
    code."""
    os.kill(router.pid, signal.SIGSTOP)
    try:
        for number, connection in enumerate(crowd):
            connection.sendall(_request(number, token))
    finally:
        os.kill(router.pid, signal.SIGCONT)
    return [_read(connection) for connection in crowd]


def _request(number: int, token: str) -> bytes:
    body = json.dumps({**QUESTION, "call_id": f"crowd-{number}"}).encode()
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def _read(connection: socket.socket) -> tuple[int, dict[str, str], str]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    while len(body) < int(headers["content-length"]):
        body += connection.recv(65_536)
    answer = json.loads(body)
    shown = answer["error"]["code"] if "error" in answer else answer["rtjson"]["decision"]
    return int(first.split()[1]), headers, shown


async def test_what_is_too_much_is_refused_at_once_and_the_rest_is_answered_right(
    router: RunningRouter, crowd: list[socket.socket], token: str
) -> None:
    answers = _ask_at_once(router, crowd, token)
    decided = [shown for status, _, shown in answers if status == 200]
    refused = [(status, headers, code) for status, headers, code in answers if status != 200]
    assert 16 <= len(decided) < _CONNECTIONS
    # Each its own.
    assert len(set(decided)) == len(decided)
    assert {(status, code) for status, _, code in refused} == {(503, "OVERLOADED")}
    assert {headers["retry-after"] for _, headers, _ in refused} == {"1"}
    said = router.metrics()
    assert said['pointsman_rtjson_refused_total{code="OVERLOADED",status="503"}'] == len(refused)
    assert said['pointsman_decisions_total{outcome="ROUTING_RULE"}'] == len(decided)
    with Calls([Caller(router.port, token)], look=routed) as calls:
        router.wait(lambda: calls.decided >= 100)
    assert calls.lost == {}
    for connection in (crowd[0], crowd[-1]):
        connection.sendall(_request(0, token))
        assert _read(connection)[0] == 200
