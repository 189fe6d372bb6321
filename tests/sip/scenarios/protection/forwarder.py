"""A PBX that forwards every call, as a stateless proxy (RFC 3261 section 16.11)."""

import itertools
import re
from collections.abc import Callable

from tests.sip.harness.udp import UdpParty


class Forwarder:
    """Sends each INVITE back to where it came from, to another number, and the responses after.

    If it `joins` Vias they all go into one line (section 7.3.1)."""

    def __init__(
        self, host: str, port: int, number: Callable[[], str], *, joins: bool = False
    ) -> None:
        self._own = f"{host}:{port}"
        self._number = number
        self._joins = joins
        self._branches = itertools.count()
        self.forwarded = 0
        self._party = UdpParty(host, port, self._answer)

    def stop(self) -> None:
        """Stop it."""
        self._party.stop()

    def _answer(self, data: bytes, sender: str) -> list[bytes]:
        message = data.decode("latin-1")
        if message.startswith("SIP/2.0"):
            message = re.sub(r"(\r\nVia: )[^\r,]*, |\r\nVia: [^\r]*", r"\1", message, count=1)
        elif message.startswith("INVITE "):
            self.forwarded += 1
            message = self._forward(message, sender)
        else:
            return []
        return [message.encode("latin-1")]

    def _forward(self, invite: str, to: str) -> str:
        via = f"Via: SIP/2.0/UDP {self._own};branch=z9hG4bKforwarded{next(self._branches)}"
        _, _, rest = invite.partition("\r\n")
        if self._joins:
            via = ", ".join([via, *re.findall(r"^Via: ([^\r]*)\r\n", rest, re.MULTILINE)])
            rest = re.sub(r"^Via: [^\r]*\r\n", "", rest, flags=re.MULTILINE)
        return f"INVITE sip:{self._number()}@{to} SIP/2.0\r\n{via}\r\n{rest}"
