"""A raw party that calls over a TCP connection of its own, and listens on no other."""

import socket

from tests.sip.harness.raw import RawParty, header_of


class _Connection:
    """A connection in the place of a UDP socket: one message at a time (RFC 3261 section 18.3)."""

    def __init__(self, host: str, proxy: tuple[str, int]) -> None:
        self._tcp = socket.create_connection(proxy, source_address=(host, 0))
        self._read = b""
        self.heard: list[bytes] = []

    def sendto(self, message: bytes, _: tuple[str, int]) -> None:
        self._tcp.sendall(message.replace(b"SIP/2.0/UDP", b"SIP/2.0/TCP", 1))

    def recv(self, _: int) -> bytes:
        while (end := self._end()) is None:
            if not (data := self._tcp.recv(65_535)):
                raise ConnectionResetError("the connection was closed")
            self._read += data
        message, self._read = self._read[:end], self._read[end:]
        self.heard.append(message)
        return message

    def _end(self) -> int | None:
        head = self._read.find(b"\r\n\r\n")
        if head < 0:
            return None
        end = head + 4 + int(header_of(self._read[:head], "Content-Length"))
        return end if end <= len(self._read) else None

    def settimeout(self, seconds: float) -> None:
        self._tcp.settimeout(seconds)

    def getsockname(self) -> tuple[str, int]:
        host, port = self._tcp.getsockname()
        return host, port

    def close(self) -> None:
        self._tcp.close()


class RawTcpParty(RawParty):
    """As a `RawParty`."""

    def _open(self, host: str, proxy: tuple[str, int]) -> _Connection:
        return _Connection(host, proxy)
