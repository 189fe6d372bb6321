"""A callee that takes any number of calls, and none of them."""

from collections.abc import Callable

from tests.sip.harness.udp import UdpParty


class BusyCallee:
    """Answers every INVITE with what `write` makes of it, by UDP, and keeps what it has got."""

    def __init__(self, host: str, port: int) -> None:
        self.write: Callable[[bytes], list[bytes]] = busy
        self.invites: list[bytes] = []
        self._party = UdpParty(host, port, self._answer)

    def stop(self) -> None:
        """Stop it."""
        self._party.stop()

    def _answer(self, message: bytes, _: str) -> list[bytes]:
        if not message.startswith(b"INVITE "):
            return []
        self.invites.append(message)
        return self.write(message)


def busy(invite: bytes) -> list[bytes]:
    """What it answers if nothing else is asked of it."""
    return [answer_to(invite, "486 Busy Here")]


def silent(_: bytes) -> list[bytes]:
    """Nothing."""
    return []


def answer_to(request: bytes, response: str, *more: str) -> bytes:
    """A response to it (RFC 3261 section 8.2.6.2), headers with their folded lines as they are; the
    reason phrase may have any octets."""
    kept: list[str] = []
    keeps = False
    for line in request.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")[1:]:
        if line[0] not in " \t":
            name = line.partition(":")[0].strip().lower()
            keeps = name in ("via", "v", "from", "f", "to", "t", "call-id", "i", "cseq")
            tag = ";tag=callee" if name in ("to", "t") and "<" in line else ""
        else:
            tag = ""
        if keeps:
            kept.append(f"{line}{tag}")
    lines = [f"SIP/2.0 {response}", *kept, *more, "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode("latin-1")
