"""A party's media: an SDP, and real RTP packets (RFC 3550 section 5.1)."""

import re
import socket
import struct
import time
from typing import Self

from tests.sip.harness.ports import free_udp_port

_TIMEOUT_S = 10
_PCMA = 8


class RtpParty:
    """A socket that sends and gets one stream of audio."""

    def __init__(self, host: str) -> None:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, free_udp_port(host) & ~1))
        self.host, self.port = self._udp.getsockname()
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._udp.close()

    def sdp(self, version: int = 1, host: str = "") -> str:
        """What it says of itself; another `host` is one that nobody reaches it at."""
        return (
            f"v=0\r\no=party 1 {version} IN IP4 {host or self.host}\r\ns=-\r\n"
            f"c=IN IP4 {host or self.host}\r\nt=0 0\r\nm=audio {self.port} RTP/AVP {_PCMA}\r\n"
            f"a=rtpmap:{_PCMA} PCMA/8000\r\n"
        )

    def talk(self, to: tuple[str, int], says: bytes) -> None:
        """Send one packet."""
        self._sent += 1
        header = struct.pack("!BBHII", 0x80, _PCMA, self._sent, self._sent * 160, self.port)
        self._udp.sendto(header + says.ljust(160, b"."), to)

    def hears(self, says: bytes) -> tuple[str, int] | None:
        """Where a packet comes from that says this; None when none comes for a while."""
        self._udp.settimeout(0.1)
        try:
            while True:
                packet, (host, port) = self._udp.recvfrom(2_048)
                if packet[12:].startswith(says):
                    return host, port
        except TimeoutError:
            return None


def address_of(message: bytes) -> tuple[str, int]:
    """Where a message's SDP wants the audio."""
    text = message.decode("latin-1")
    (host,) = re.findall(r"^c=IN IP4 (\S+)\r$", text, re.MULTILINE)
    (port,) = re.findall(r"^m=audio (\d+) ", text, re.MULTILINE)
    return host, int(port)


def talk_both_ways(
    one: RtpParty, to_one: tuple[str, int], other: RtpParty, to_other: tuple[str, int]
) -> None:
    """Each sends where it was told, over and over as media do, until both have heard the other,
    from where they send to themselves. `to_one` is where `other` sends what `one` is to hear, seen
    from `one`."""
    words = f"{one.port} and {other.port}, {time.monotonic_ns()}".encode()
    deadline = time.monotonic() + _TIMEOUT_S
    heard: list[tuple[str, int] | None] = [None, None]
    while None in heard:
        assert time.monotonic() < deadline, f"not heard: {heard}"
        one.talk(to_other, b"one: " + words)
        other.talk(to_one, b"other: " + words)
        heard = [
            heard[0] or other.hears(b"one: " + words),
            heard[1] or one.hears(b"other: " + words),
        ]
    assert heard == [to_one, to_other]
