"""A party that writes its SIP by hand, byte by byte."""

import socket
import time
from typing import Any, Protocol, Self


class Wire(Protocol):
    """What a party needs of a socket."""

    heard: list[bytes]

    def sendto(self, data: bytes, address: tuple[str, int], /) -> object:
        """Send all of it."""

    def recv(self, size: int, /) -> bytes:
        """A message."""

    def settimeout(self, seconds: float, /) -> None:
        """How long `recv` waits."""

    def getsockname(self) -> Any:
        """Its address and port."""

    def close(self) -> None:
        """Be done."""


class UdpSocket(socket.socket):
    """A UDP socket that keeps what it has got."""

    def __init__(self, host: str, port: int = 0) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_DGRAM)
        self.bind((host, port))
        self.heard: list[bytes] = []

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """The next datagram."""
        return self.recvfrom(size, flags)[0]

    def recvfrom(self, size: int, flags: int = 0, /) -> tuple[bytes, Any]:
        """The next datagram, and where it comes from."""
        message, source = super().recvfrom(size, flags)
        self.heard.append(message)
        return message, source


class RawParty:
    """A UDP socket; what it sends is sent as it is."""

    def __init__(self, host: str, proxy: tuple[str, int]) -> None:
        self._udp = self._open(host, proxy)
        self.host, self.port = self._udp.getsockname()
        # The next party may have this one's port while its transactions are still known.
        self._name = f"{self.port}-{time.monotonic_ns()}"
        self._proxy = proxy
        self._count = 0
        self._sent = b""
        self._route = ""

    def _open(self, host: str, _: tuple[str, int]) -> Wire:
        return UdpSocket(host)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def heard(self) -> list[bytes]:
        """All messages that came, in their order."""
        return self._udp.heard

    def close(self) -> None:
        """Listen no more."""
        self._udp.close()

    def request(self, method: str, called: str, *headers: str, **parts: str) -> bytes:
        """A request; `parts` replace call_id, from_ or to, or are its body, an SDP."""
        self._count += 1
        own = f"{self.host}:{self.port}"
        proxy = f"{self._proxy[0]}:{self._proxy[1]}"
        given = {
            "call_id": f"raw-{self._count}-{self._name}",
            "from_": f"<sip:raw@{own}>;tag=raw{self._count}",
            "to": f"<sip:{called}@{proxy}>",
            **parts,
        }
        lines = [
            f"{method} sip:{called}@{proxy} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bKraw{self._count}-{self._name};rport",
            "Max-Forwards: 70",
            f"From: {given['from_']}",
            f"To: {given['to']}",
            f"Call-ID: {given['call_id']}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:raw@{own}>",
            *headers,
        ]
        return with_body(lines, given.get("body", ""))

    def turn_to(self, proxy: tuple[str, int]) -> None:
        """Send what comes next to another proxy."""
        self._proxy = proxy

    def send(self, message: bytes) -> None:
        """Send it."""
        self._sent = message
        self._udp.sendto(message, self._proxy)

    def send_again(self) -> None:
        """Send what was sent last once more."""
        self._udp.sendto(self._sent, self._proxy)

    def cancel(self, *headers: str) -> None:
        """Send a CANCEL of the INVITE that was sent last (RFC 3261 section 9.1)."""
        cancel = self._sent.replace(b"INVITE ", b"CANCEL ", 1)
        cseq = "\r\n".join(["CSeq: 1 CANCEL", *headers]).encode()
        self._udp.sendto(cancel.replace(b"CSeq: 1 INVITE", cseq), self._proxy)

    def within(self, answer: bytes, method: str, *headers: str, body: str = "") -> bytes:
        """A request of the caller's in the dialog that this answer to its INVITE has made (RFC 3261
        section 12.2.1.1); after an answer within it, by the route of the first one."""
        self._route = header_of(answer, "Record-Route") or self._route
        target = header_of(answer, "Contact").strip("<>")
        number = header_of(answer, "CSeq").split()[0]
        branch = f"z9hG4bK{method}-{self.port}-{number}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport",
            "Max-Forwards: 70",
            f"Route: {self._route}",
            *(f"{name}: {header_of(answer, name)}" for name in ("From", "To", "Call-ID")),
            f"CSeq: {number if method == 'ACK' else int(number) + 1} {method}",
            f"Contact: <sip:raw@{self.host}:{self.port}>",
            *headers,
        ]
        return with_body(lines, body)

    def receives(self, method: str, call_id: str = "", timeout_s: float = 20) -> bool:
        """Whether a request of this method comes, of a call where one is given; it is answered with
        200, and so are others of the method."""
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            self._udp.settimeout(left)
            try:
                request = self._udp.recv(65_535)
            except TimeoutError:
                break
            if request.startswith(f"{method} ".encode()):
                self._udp.sendto(_accept(request), self._proxy)
                if call_id in ("", header_of(request, "Call-ID")):
                    return True
        return False

    def answers(self, method: str, body: str = "") -> bytes:
        """The next request of this method, which is answered with 200 and this SDP; fails when none
        comes."""
        self._udp.settimeout(20)
        while not (request := self._udp.recv(65_535)).startswith(f"{method} ".encode()):
            continue
        self._udp.sendto(_accept(request, body), self._proxy)
        return request

    def is_left_alone(self, seconds: float) -> bool:
        """Whether nothing more comes."""
        self._udp.settimeout(seconds)
        try:
            self._udp.recv(65_535)
        except TimeoutError:
            return True
        return False

    def provisional(self) -> str:
        """The start line of the first response, before which no CANCEL may be sent (RFC 3261
        section 9.1); fails when none comes."""
        self._udp.settimeout(20)
        return self._udp.recv(65_535).split(b"\r\n")[0].decode("latin-1")

    def any_response(self, seconds: float = 5) -> str:
        """The status of the response that comes next, whatever it is to; "" when none comes."""
        self._udp.settimeout(max(0.01, seconds))
        try:
            answer = self._udp.recv(65_535)
        except TimeoutError:
            return ""
        return answer.split(b"\r\n")[0].decode("latin-1").partition(" ")[2]

    def any_final(self, seconds: float = 5) -> str:
        """As `any_response`, of the final response that comes next."""
        deadline = time.monotonic() + seconds
        while (status := self.any_response(deadline - time.monotonic())).startswith("1"):
            continue
        return status

    def final(self) -> str:
        """The start line of the final response to what was sent last, acknowledged if it was an
        INVITE; fails when none comes."""
        return self.final_message().split(b"\r\n")[0].decode("latin-1")

    def more_finals(self, quiet_s: float) -> list[str]:
        """The start lines of the final responses to an INVITE that come after the first one, until
        nothing has come for so long."""
        found: list[str] = []
        self._udp.settimeout(quiet_s)
        while True:
            try:
                answer = self._udp.recv(65_535)
            except TimeoutError:
                return found
            start = answer.split(b"\r\n")[0].decode("latin-1")
            if header_of(answer, "CSeq").endswith(" INVITE") and start >= "SIP/2.0 2":
                found.append(start)

    def final_message(self) -> bytes:
        """As `final`, all of it."""
        asked = [header_of(self._sent, name) for name in ("Call-ID", "CSeq")]
        deadline = time.monotonic() + 20
        while True:
            self._udp.settimeout(max(0.01, deadline - time.monotonic()))
            answer = self._udp.recv(65_535)
            start = answer.split(b"\r\n")[0].decode("latin-1")
            answered = [header_of(answer, name) for name in ("Call-ID", "CSeq")]
            if answered != asked or start.startswith("SIP/2.0 1"):
                continue
            if self._sent.startswith(b"INVITE "):
                self._udp.sendto(_acknowledge(self._sent, answer), self._proxy)
            return answer


def header_of(message: bytes, name: str) -> str:
    """The value of the first header of this name, "" when there is none."""
    for line in message.decode("latin-1").split("\r\n"):
        if line.lower().startswith(f"{name.lower()}:"):
            return line.partition(":")[2].strip()
    return ""


def with_body(lines: list[str], body: str) -> bytes:
    """A message of this start line and these headers, with a session description if any."""
    described = ["Content-Type: application/sdp"] if body else []
    head = [*lines, *described, f"Content-Length: {len(body)}"]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1")


def _accept(request: bytes, body: str = "") -> bytes:
    """A 200 to a request within a call."""
    kept = ("Via", "From", "To", "Call-ID", "CSeq")
    lines = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    copied = [line for line in lines if line.split(":")[0] in kept]
    return with_body(["SIP/2.0 200 OK", *copied], body)


def _acknowledge(invite: bytes, answer: bytes) -> bytes:
    """The ACK to a negative final response (RFC 3261 section 17.1.1.3)."""
    to = header_of(answer, "To")
    lines = invite.decode("latin-1").split("\r\n")
    kept = [line for line in lines if line.split(":")[0] in ("Via", "From", "Call-ID", "Route")]
    start = lines[0].replace("INVITE", "ACK", 1)
    ack = [start, *kept, f"To: {to}", "CSeq: 1 ACK", "Max-Forwards: 70", "Content-Length: 0"]
    return ("\r\n".join(ack) + "\r\n\r\n").encode("latin-1")
