"""A far end that answers OPTIONS and calls as it is told to, each in a way of its own."""

import selectors
import socket
import ssl
import threading
import time
from typing import Self

from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import header_of

_TIMEOUT_S = 30
_END = b"\r\n\r\n"
_COPIED = ("via", "from", "to", "call-id", "cseq")


class FarEnd:
    """Listens on an address of its own, by UDP, TCP or, with a context, TLS.

    `options` and `invite` are the status lines that it answers with, "" for nothing at all.
    `received` are the methods that came, `probes` the OPTIONS.
    """

    def __init__(
        self, host: str, transport: str = "UDP", tls: ssl.SSLContext | None = None
    ) -> None:
        self.host, self.port = host, free_udp_port(host)
        self.options, self.invite = "200 OK", "486 Busy Here"
        self.received: list[str] = []
        self.probes: list[bytes] = []
        self._to_lose = 0
        self._lost: set[str] = set()
        self._tls = tls
        self._ended = threading.Event()
        kind = socket.SOCK_DGRAM if transport == "UDP" else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, self.port))
        if kind is socket.SOCK_STREAM:
            self._socket.listen()
        self._thread = threading.Thread(
            target=self._serve_datagrams if transport == "UDP" else self._serve_streams
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def count(self, method: str) -> int:
        """How many requests of a method have come."""
        return self.received.count(method)

    def wait_for(self, method: str, more: int = 1) -> None:
        """Wait until some more requests of a method have come."""
        wanted = self.count(method) + more
        deadline = time.monotonic() + _TIMEOUT_S
        while self.count(method) < wanted:
            assert time.monotonic() < deadline, f"{self.host}: {self.received}"
            time.sleep(0.01)

    def wait_for_probes(self, more: int) -> None:
        """Wait until some more OPTIONS have come, their copies not counted."""
        wanted = len(self._call_ids()) + more
        deadline = time.monotonic() + _TIMEOUT_S
        while len(self._call_ids()) < wanted:
            assert time.monotonic() < deadline, f"{self.host}: {self.received}"
            time.sleep(0.01)

    def lose(self, count: int) -> None:
        """Leave the next OPTIONS unanswered, so many with all their copies, and wait until the one
        after these has come."""
        lost, self._to_lose = len(self._lost), count
        before = self._call_ids()
        deadline = time.monotonic() + _TIMEOUT_S
        while len(self._lost) < lost + count or not self._call_ids() - before - self._lost:
            assert time.monotonic() < deadline, f"{self.host}: {self.received}"
            time.sleep(0.01)

    def _call_ids(self) -> set[str]:
        return {header_of(probe, "Call-ID") for probe in [*self.probes]}

    def _serve_datagrams(self) -> None:
        self._socket.settimeout(0.05)
        while not self._ended.is_set():
            try:
                request, peer = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            answer = self._answer(request)
            if answer:
                self._socket.sendto(answer, peer)

    def _serve_streams(self) -> None:
        """One connection after the other, which stays open for as long as the peer wants it."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            while not self._ended.is_set():
                for key, _ in selector.select(0.05):
                    if key.fileobj is self._socket:
                        peer, _ = self._socket.accept()
                        if self._tls is not None:
                            peer = self._tls.wrap_socket(peer, server_side=True)
                        selector.register(peer, selectors.EVENT_READ)
                        continue
                    stream = key.fileobj
                    assert isinstance(stream, socket.socket)
                    came = stream.recv(65_535)
                    if not came:
                        selector.unregister(stream)
                        stream.close()
                    for request in came.split(_END)[:-1]:
                        stream.sendall(self._answer(request + _END))
            for key in [*selector.get_map().values()]:
                assert isinstance(key.fileobj, socket.socket)
                if key.fileobj is not self._socket:
                    key.fileobj.close()

    def _answer(self, request: bytes) -> bytes:
        """The response, empty for none."""
        method = request.split(b" ", 1)[0].decode()
        if method not in ("OPTIONS", "INVITE", "ACK"):
            return b""  # what is left of a keep-alive, say
        self.received.append(method)
        if method == "OPTIONS":
            self.probes.append(request)
            call_id = header_of(request, "Call-ID")
            if self._to_lose and call_id not in self._lost:
                self._to_lose -= 1
                self._lost.add(call_id)
            if call_id in self._lost:
                return b""
        status = {"OPTIONS": self.options, "INVITE": self.invite}.get(method)
        if not status:
            return b""
        lines = [f"SIP/2.0 {status}"]
        for line in request.decode("latin-1").split("\r\n")[1:]:
            name = line.partition(":")[0].lower()
            if name in _COPIED:
                tag = ";tag=far" if name == "to" and "tag=" not in header_of(request, "To") else ""
                lines.append(line + tag)
        return ("\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n").encode("latin-1")
