"""Sockets of a party by UDP, TCP or TLS, over IPv4 or IPv6, in a namespace or none.

Whatever comes is put into one queue by threads, message by message, with the way back.
"""

import contextlib
import queue
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pointsman.routing.uri import format_host
from tests.sip.harness.namespaces import Namespace, inside

TIMEOUT_S = 20
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)


class Way(Protocol):
    """By what a message came, or is to go."""

    peer: tuple[str, int]

    def send(self, message: bytes) -> None:
        """Send it as it is."""


@dataclass(frozen=True)
class Arrived:
    """A message and the way it came."""

    text: str
    way: Way

    @property
    def start_line(self) -> str:
        """Its first line."""
        return self.text.partition("\r\n")[0]

    def all(self, name: str) -> list[str]:
        """The values of a header, in their order."""
        head = self.text.partition("\r\n\r\n")[0].split("\r\n")[1:]
        pairs = (line.partition(":") for line in head)
        return [value.strip() for key, _, value in pairs if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The value of a header that stands there once."""
        (value,) = self.all(name)
        return value

    @property
    def body(self) -> str:
        """What comes after its headers."""
        return self.text.partition("\r\n\r\n")[2]


class _Datagrams:
    def __init__(self, udp: socket.socket, peer: tuple[str, int]) -> None:
        self._udp, self.peer = udp, peer

    def send(self, message: bytes) -> None:
        self._udp.sendto(message, self.peer)


class Stream:
    """A connection; its messages come until it ends."""

    def __init__(self, tcp: socket.socket, arrived: "queue.SimpleQueue[Arrived]") -> None:
        self._tcp, self._arrived = tcp, arrived
        # One connection of OpenSSL is not to be read and written at once.
        self._using = threading.Lock()
        tcp.setblocking(False)
        self.own: tuple[str, int] = tcp.getsockname()[:2]
        self.peer: tuple[str, int] = tcp.getpeername()[:2]
        self._ended = threading.Event()

    def start(self) -> None:
        """Take what comes from now on."""
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def certificate(self) -> bytes:
        """What the other end has shown, as DER; empty for nothing."""
        assert isinstance(self._tcp, ssl.SSLSocket)
        with self._using:
            return self._tcp.getpeercert(binary_form=True) or b""

    def send(self, message: bytes) -> None:
        """Send it as it is."""
        while message:
            with self._using, contextlib.suppress(*_NOT_NOW):
                message = message[self._tcp.send(message) :]
                continue
            select.select([], [self._tcp], [], TIMEOUT_S)

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._tcp.shutdown(socket.SHUT_RDWR)
        self._tcp.close()

    def ends(self, seconds: float = TIMEOUT_S) -> bool:
        """Whether the other end closes it."""
        return self._ended.wait(seconds)

    def _read(self) -> None:
        came = b""
        try:
            while (more := self._receive()) != b"":
                came += more
                while (end := _end_of_message(came)) is not None:
                    self._arrived.put(Arrived(came[:end].decode("latin-1").lstrip(), self))
                    came = came[end:]
        except (OSError, ValueError):  # the latter of what is closed here
            pass
        self._ended.set()

    def _receive(self) -> bytes:
        while True:
            with self._using, contextlib.suppress(*_NOT_NOW):
                return self._tcp.recv(65_535)
            select.select([self._tcp], [], [])


def _end_of_message(came: bytes) -> int | None:
    """Where the first message ends (RFC 3261 section 18.3), None when it has not come."""
    head = came.find(_END)
    if head < 0:
        return None
    length = _LENGTH.search(came, 0, head + 2)
    end = head + len(_END) + (int(length[1]) if length else 0)
    return end if end <= len(came) else None


class Wire:
    """Listens on a port of its own, and connects from its address."""

    def __init__(
        self,
        transport: str,
        host: str,
        *,
        tls: ssl.SSLContext | None = None,
        within: Namespace | None = None,
        port: int = 0,
    ) -> None:
        """`tls` is what it accepts connections with, of transport TLS."""
        self.transport, self.host = transport, host
        self._within = within
        self._tls = tls
        self.arrived: queue.SimpleQueue[Arrived] = queue.SimpleQueue()
        self.streams: list[Stream] = []
        self._socket = self._made(lambda: self._listen(port))
        self.port: int = self._socket.getsockname()[1]
        read = self._read_datagrams if transport == "UDP" else self._accept
        threading.Thread(target=read, daemon=True).start()

    @property
    def own(self) -> str:
        """host:port as it stands in a URI or a Via."""
        return f"{format_host(self.host)}:{self.port}"

    def dial(self, proxy: tuple[str, int], tls: ssl.SSLContext | None = None) -> Way:
        """The way to a proxy: a new connection, by UDP its own socket."""
        if self.transport == "UDP":
            return _Datagrams(self._socket, proxy)

        def connect() -> socket.socket:
            return socket.create_connection(proxy, TIMEOUT_S, source_address=(self.host, 0))

        tcp = self._made(connect)
        if self.transport == "TLS":
            assert tls is not None
            tcp = tls.wrap_socket(tcp, server_hostname=proxy[0])
        return self._kept(tcp)

    def receive(self, start: str, seconds: float = TIMEOUT_S) -> Arrived:
        """The next message that starts so; what else comes is left alone."""
        deadline = time.monotonic() + seconds
        seen: list[str] = []
        while True:
            try:
                arrived = self.arrived.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {start} for {self.own}, but {seen}") from None
            if arrived.text.startswith(start):
                return arrived
            seen.append(arrived.start_line)

    def close(self) -> None:
        """End all of it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for stream in self.streams:
            stream.close()

    def _made(self, make: Callable[[], socket.socket]) -> socket.socket:
        return inside(self._within, make)

    def _kept(self, tcp: socket.socket) -> Stream:
        stream = Stream(tcp, self.arrived)
        self.streams.append(stream)
        stream.start()
        return stream

    def _listen(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        kind = socket.SOCK_DGRAM if self.transport == "UDP" else socket.SOCK_STREAM
        made = socket.socket(family, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((self.host, port))
        if kind is socket.SOCK_STREAM:
            made.listen()
        return made

    def _read_datagrams(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                message, peer = self._socket.recvfrom(65_535)
                # What a closed socket gives is nothing, from nobody.
                if not peer:
                    return
                way = _Datagrams(self._socket, peer[:2])
                self.arrived.put(Arrived(message.decode("latin-1"), way))

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                tcp, _ = self._socket.accept()
                threading.Thread(target=self._greet, args=(tcp,), daemon=True).start()

    def _greet(self, tcp: socket.socket) -> None:
        # The other end may not believe us, nor say what we understand.
        with contextlib.suppress(OSError):
            self._kept(self._tls.wrap_socket(tcp, server_side=True) if self._tls else tcp)
