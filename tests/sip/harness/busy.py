"""A callee that takes any number of calls, and none of them."""

import contextlib
import socket
import threading
from collections.abc import Callable


class BusyCallee:
    """A UDP socket that answers every INVITE with what `write` makes of it, and keeps what it has
    got."""

    def __init__(self, host: str, port: int) -> None:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, port))
        self.write: Callable[[bytes], list[bytes]] = busy
        self.invites: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop it."""
        with contextlib.suppress(OSError):
            self._udp.shutdown(socket.SHUT_RDWR)
        self._udp.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                message, sender = self._udp.recvfrom(65_535)
            except OSError:
                return
            if not message.startswith(b"INVITE "):
                continue
            self.invites.append(message)
            for answer in self.write(message):
                self._udp.sendto(answer, sender)


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
