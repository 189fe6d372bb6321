"""A party that writes its SIP by hand into a TCP connection."""

import socket
from typing import Self

_OPTIONS = (
    "OPTIONS sip:{proxy} SIP/2.0\r\nVia: SIP/2.0/TCP {own};branch=z9hG4bKafter\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:after@{own}>;tag=a\r\nTo: <sip:{proxy}>\r\n"
    "Call-ID: after-{own}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


class RawStream:
    """A TCP connection; what it sends is sent as it is."""

    def __init__(self, host: str, proxy: tuple[str, int]) -> None:
        self._tcp = socket.create_connection(proxy, timeout=5, source_address=(host, 0))
        self.own = f"{host}:{self._tcp.getsockname()[1]}"
        self._proxy = f"{proxy[0]}:{proxy[1]}"
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tcp.close()

    def send(self, message: bytes) -> None:
        """Send it."""
        self._tcp.sendall(message)

    def send_options(self) -> None:
        """Send an OPTIONS, if the connection is still there."""
        try:
            self.send(_OPTIONS.format(own=self.own, proxy=self._proxy).encode())
        except ConnectionError:
            return

    def any_final(self) -> str:
        """The status of the final response that comes next; "" when the connection ends."""
        while True:
            head, found, rest = self._received.partition(b"\r\n\r\n")
            if found:
                self._received = rest
                status = head.split(b"\r\n")[0].decode("latin-1").partition(" ")[2]
                if not status.startswith("1"):
                    return status
                continue
            try:
                received = self._tcp.recv(65_535)
            except ConnectionError:
                return ""
            if not received:
                return ""
            self._received += received
