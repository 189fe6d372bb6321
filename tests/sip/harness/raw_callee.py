"""A callee that writes its SIP by hand, one message at a time."""

import time
from typing import Self

from tests.sip.harness.raw import UdpSocket, header_of, with_body

_TIMEOUT_S = 20


class RawCallee:
    """A UDP socket that takes requests in their order; each answer is the test's."""

    def __init__(self, host: str, port: int = 0) -> None:
        self._udp = UdpSocket(host, port)
        self.host, self.port = self._udp.getsockname()
        self.contact = f"<sip:callee@{self.host}:{self.port}>"
        self._from: dict[bytes, tuple[str, int]] = {}
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._udp.close()

    @property
    def heard(self) -> list[bytes]:
        """All messages that came, in their order."""
        return self._udp.heard

    def receive(self, method: str, timeout_s: float = _TIMEOUT_S) -> bytes:
        """The next request of this method; what else comes is left alone."""
        deadline = time.monotonic() + timeout_s
        while True:
            self._udp.settimeout(max(0.01, deadline - time.monotonic()))
            message, source = self._udp.recvfrom(65_535)
            if message.startswith(f"{method} ".encode()):
                self._from[message] = source
                return message

    def reply(
        self, request: bytes, status: str, *headers: str, tag: str = "callee", body: str = ""
    ) -> None:
        """Answer a request that was received, such as with "200 OK"."""
        lines = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        kept = [line for line in lines if line.split(":")[0] in ("Via", "Record-Route")]
        to = header_of(request, "To")
        reply = [
            f"SIP/2.0 {status}",
            *kept,
            f"From: {header_of(request, 'From')}",
            f"To: {to}" if ";tag=" in to else f"To: {to};tag={tag}",
            f"Call-ID: {header_of(request, 'Call-ID')}",
            f"CSeq: {header_of(request, 'CSeq')}",
            f"Contact: {self.contact}",
            *headers,
        ]
        self._udp.sendto(with_body(reply, body), self._from[request])

    def hang_up(self, invite: bytes, *headers: str, tag: str = "callee") -> None:
        """Send a BYE in the dialog that a 200 to this INVITE has made."""
        self.send_within(invite, "BYE", *headers, tag=tag)

    def send_within(
        self, invite: bytes, method: str, *headers: str, tag: str = "callee", body: str = ""
    ) -> None:
        """Send a request in the dialog that a 200 to this INVITE made. Each INVITE counts one up
        in CSeq, an ACK has that of the INVITE before it, and what ends a call has the next."""
        if method == "INVITE":
            self._sent += 1
        route = header_of(invite, "Record-Route")
        target = header_of(invite, "Contact").strip("<>")
        branch = f"z9hG4bK{method}-{self.port}-{time.monotonic_ns()}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"Route: {route}",
            f"From: {header_of(invite, 'To')};tag={tag}",
            f"To: {header_of(invite, 'From')}",
            f"Call-ID: {header_of(invite, 'Call-ID')}",
            f"CSeq: {self._sent + (method == 'BYE')} {method}",
            f"Contact: {self.contact}",
            *headers,
        ]
        self._udp.sendto(with_body(lines, body), self._from[invite])

    def final(self) -> bytes:
        """The final response that comes next; what else comes is left alone."""
        deadline = time.monotonic() + _TIMEOUT_S
        while True:
            self._udp.settimeout(max(0.01, deadline - time.monotonic()))
            message = self._udp.recv(65_535)
            if message.startswith(b"SIP/2.0 ") and message >= b"SIP/2.0 2":
                return message
