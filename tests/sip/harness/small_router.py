"""A small HTTP server in a router's place, which answers as badly as a test wants."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from tests.sip.harness.ports import free_tcp_port

HOST = "127.0.0.1"

Answer = Callable[[socket.socket], None]


def document(sip_code: int, sip_reason: str) -> bytes:
    """The body of an answer that rejects a call."""
    rejected = {
        "success": False, "routing": "serial", "routes": [], "code": "TEST", "reason": "a test's",
        "sip_code": sip_code, "sip_reason": sip_reason, "revision": 1, "decision": "test",
    }  # fmt: skip
    return json.dumps({"rtjson": rejected, "auth": None}, separators=(",", ":")).encode()


def response(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A well-formed HTTP response."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(*parts: bytes) -> Answer:
    """Sends this and leaves the connection open."""
    return lambda connection: connection.sendall(b"".join(parts))


class SmallRouter:
    """Listens on a port of its own from the start; counts who asks."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.answers_probes = True
        self.port = free_tcp_port(HOST)
        self.questions: list[bytes] = []
        self.probes = 0
        self.connections = 0
        self.changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self.listen()

    @property
    def url(self) -> str:
        """What it is asked at."""
        return f"http://{HOST}:{self.port}/kamailio/rtjson"

    def listen(self) -> None:
        """Accept connections from now on."""
        self._listening = socket.create_server((HOST, self.port), backlog=512)
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and end those that there are."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something about its counts is true."""
        with self.changed:
            assert self.changed.wait_for(condition, 20), "that never comes"

    def forget(self) -> None:
        """Count from 0 again."""
        self.questions.clear()
        self.connections = 0

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self._open.add(connection)
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while (start := stream.readline()) != b"":
                headers = dict(_headers(stream.readline))
                body = stream.read(int(headers.get(b"content-length", b"0")))
                is_probe = start.startswith(b"GET ")
                with self.changed:
                    if is_probe:
                        self.probes += 1
                    else:
                        self.questions.append(body)
                    self.changed.notify_all()
                if is_probe and self.answers_probes:
                    connection.sendall(response(b"", "405 Method Not Allowed"))
                else:
                    self.answer(connection)
        self._open.discard(connection)


def _headers(read_line: Callable[[], bytes]) -> list[tuple[bytes, bytes]]:
    lines = iter(read_line, b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return [(name.lower(), value.strip()) for name, _, value in pairs]
