"""A party that calls and is called by any transport, and shows what came to it."""

import itertools
import ssl
import time
from dataclasses import dataclass, field
from typing import Self

from pointsman.routing.uri import format_host
from tests.sip.harness.wires import TIMEOUT_S, Arrived, Way, Wire

_COUNT = itertools.count(time.monotonic_ns())


@dataclass
class Dialog:
    """A party's side of a call (RFC 3261 section 12); `local` and `remote` have their tags."""

    phone: "Phone"
    way: Way
    call_id: str
    local: str
    remote: str
    target: str
    route: list[str]
    cseq: int
    sent: list[str] = field(default_factory=list)

    def send(self, method: str, *headers: str, body: str = "") -> None:
        """A request of ours."""
        if method not in ("ACK", "CANCEL"):
            self.cseq += 1
        lines = [
            f"{method} {self.target} SIP/2.0",
            self.phone.via(f"z9hG4bK{method}{next(_COUNT)}"),
            "Max-Forwards: 70",
            *(f"Route: {route}" for route in self.route),
            *(f"From: {self.local}", f"To: {self.remote}"),
            *(f"Call-ID: {self.call_id}", f"CSeq: {self.cseq} {method}"),
            *headers,
        ]
        self.send_text(_message(lines, body))

    def cancel(self) -> None:
        """Cancel the INVITE that was sent (RFC 3261 section 9.1)."""
        head = self.sent[0].partition("\r\n\r\n")[0].split("\r\n")
        kept = [line for line in head if line.split(":")[0] in ("Via", "From", "To", "Call-ID")]
        start = head[0].replace("INVITE", "CANCEL", 1)
        lines = [start, *kept, f"CSeq: {self.cseq} CANCEL", "Max-Forwards: 70"]
        self.send_text(_message(lines, ""))

    def answered(self, seconds: float = TIMEOUT_S) -> Arrived:
        """Wait for the final response to our INVITE; a 2xx makes the call, and is acknowledged, as
        is what refuses it."""
        while True:
            answer = self.phone.receive("SIP/2.0 ", seconds)
            if answer.one("CSeq") != f"{self.cseq} INVITE" or answer.start_line[8] == "1":
                continue
            self.remote = answer.one("To")
            if answer.start_line[8] == "2":
                self.target = answer.one("Contact").strip("<>")
                self.route = answer.all("Record-Route")[::-1]
                self.send("ACK")
            else:
                self._acknowledge_refusal()
            return answer

    def expect(self, status: str, method: str) -> Arrived:
        """Wait for this response to a request of ours of this method."""
        while True:
            answer = self.phone.receive("SIP/2.0 ")
            if answer.one("CSeq").endswith(f" {method}"):
                assert answer.start_line == f"SIP/2.0 {status}"
                return answer

    def hang_up(self) -> None:
        """End the call, and see that the other side agrees."""
        self.send("BYE")
        self.expect("200 OK", "BYE")

    def send_text(self, text: str) -> None:
        """Send this, as it is."""
        self.sent.append(text)
        self.way.send(text.encode("latin-1"))

    def _acknowledge_refusal(self) -> None:
        head = self.sent[0].partition("\r\n\r\n")[0].split("\r\n")
        kept = [line for line in head if line.split(":")[0] in ("Via", "From", "Call-ID")]
        start = head[0].replace("INVITE", "ACK", 1)
        ack = [start, *kept, f"To: {self.remote}", f"CSeq: {self.cseq} ACK", "Max-Forwards: 70"]
        self.way.send(_message(ack, "").encode("latin-1"))


class Phone(Wire):
    """A party at an address of its own, see `Wire`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def contact(self) -> str:
        """Where it wants to be reached."""
        return f"<sip:phone@{self.own}{self._parameter}>"

    @property
    def _parameter(self) -> str:
        return "" if self.transport == "UDP" else f";transport={self.transport.lower()}"

    def via(self, branch: str) -> str:
        """Its Via of a request."""
        return f"Via: SIP/2.0/{self.transport} {self.own};branch={branch};rport"

    def call(
        self,
        called: str,
        proxy: tuple[str, int],
        *headers: str,
        tls: ssl.SSLContext | None = None,
        way: Way | None = None,
        contact: str = "",
        body: str = "",
    ) -> Dialog:
        """Send an INVITE by `way`, a new one where none is given."""
        way = way or self.dial(proxy, tls)
        number = next(_COUNT)
        uri = f"sip:{called}@{format_host(proxy[0])}:{proxy[1]}{self._parameter}"
        dialog = Dialog(
            phone=self,
            way=way,
            call_id=f"phone-{number}",
            local=f"<sip:+390401234567@acme.example>;tag=caller{number}",
            remote=f"<sip:{called}@acme.example>",
            target=uri,
            route=[],
            cseq=1,
        )
        lines = [
            f"INVITE {uri} SIP/2.0",
            self.via(f"z9hG4bKinvite{number}"),
            "Max-Forwards: 70",
            *(f"From: {dialog.local}", f"To: {dialog.remote}"),
            *(f"Call-ID: {dialog.call_id}", "CSeq: 1 INVITE"),
            f"Contact: {contact or self.contact}",
            *headers,
        ]
        dialog.send_text(_message(lines, body))
        return dialog

    def reply(self, request: Arrived, status: str, *, contact: str = "") -> None:
        """Answer a request that came."""
        head = request.text.partition("\r\n\r\n")[0].split("\r\n")[1:]
        copied = ("Via", "Record-Route", "From", "Call-ID", "CSeq")
        to = request.one("To")
        lines = [
            f"SIP/2.0 {status}",
            *(line for line in head if line.partition(":")[0] in copied),
            f"To: {to}" if ";tag=" in to else f"To: {to};tag=callee",
            f"Contact: {contact or self.contact}",
        ]
        request.way.send(_message(lines, "").encode("latin-1"))

    def take(self, status: str = "200 OK", *, contact: str = "") -> tuple[Dialog, Arrived]:
        """Take the next call, or answer it so; our side of it, and its INVITE."""
        invite = self.receive("INVITE ")
        self.reply(invite, status, contact=contact)
        dialog = Dialog(
            phone=self,
            way=invite.way,
            call_id=invite.one("Call-ID"),
            local=f"{invite.one('To')};tag=callee",
            remote=invite.one("From"),
            target=invite.one("Contact").strip("<>"),
            route=invite.all("Record-Route"),
            cseq=1,
        )
        return dialog, invite

    def is_hung_up_on(self) -> Arrived:
        """Wait for the BYE, which is answered."""
        bye = self.receive("BYE ")
        self.reply(bye, "200 OK")
        return bye


def _message(lines: list[str], body: str) -> str:
    return "\r\n".join([*lines, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body
