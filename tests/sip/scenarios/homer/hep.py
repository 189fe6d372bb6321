"""HEP 3, in which a copy of each SIP message is sent to Homer."""

import socket
import struct
import time
from dataclasses import dataclass

# Types of chunks, of vendor 0.
_SOURCE, _DESTINATION, _SOURCE_PORT, _DESTINATION_PORT = 3, 4, 7, 8
_PROTOCOL, _CAPTURE_ID, _PAYLOAD = 11, 12, 15
_SIP = 1


@dataclass(frozen=True)
class Packet:
    """One message, and between whom it went."""

    source: tuple[str, int]
    destination: tuple[str, int]
    capture_id: int
    message: bytes

    @property
    def start_line(self) -> str:
        """Its first line."""
        return self.message.partition(b"\r\n")[0].decode()


def read_packet(data: bytes) -> Packet:
    """The packet in a datagram; fails when it is none."""
    mark, length = struct.unpack_from("!4sH", data)
    assert (mark, length) == (b"HEP3", len(data))
    chunks = {}
    at = 6
    while at < length:
        vendor, kind, size = struct.unpack_from("!HHH", data, at)
        assert vendor == 0
        chunks[kind] = data[at + 6 : at + size]
        at += size
    assert at == length
    assert chunks[_PROTOCOL][0] == _SIP
    return Packet(
        (socket.inet_ntoa(chunks[_SOURCE]), int.from_bytes(chunks[_SOURCE_PORT])),
        (socket.inet_ntoa(chunks[_DESTINATION]), int.from_bytes(chunks[_DESTINATION_PORT])),
        int.from_bytes(chunks[_CAPTURE_ID]),
        chunks[_PAYLOAD],
    )


class Listener:
    """Takes what is sent to Homer."""

    def __init__(self, host: str) -> None:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, 0))
        self.host, self.port = self._udp.getsockname()
        self.packets: list[Packet] = []

    def wait_for(self, start: str, call_id: str, count: int = 1) -> list[Packet]:
        """As many messages of a call that start so, whatever came before them or between them:
        Kamailio's processes copy theirs in no order."""
        deadline = time.monotonic() + 20
        while len(found := self._seen(start, call_id)) < count:
            self._udp.settimeout(max(0.01, deadline - time.monotonic()))
            self.packets.append(read_packet(self._udp.recv(65_535)))
        return found

    def _seen(self, start: str, call_id: str) -> list[Packet]:
        return [
            packet
            for packet in self.packets
            if packet.start_line.startswith(start) and call_id.encode() in packet.message
        ]

    def close(self) -> None:
        """Close it."""
        self._udp.close()
