"""A PBX that forwards every call, as a stateless proxy (RFC 3261 section 16.11)."""

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Callable


class Forwarder:
    """Sends each INVITE back to where it came from, to another number, and the responses after."""

    def __init__(self, host: str, port: int, number: Callable[[], str]) -> None:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, port))
        self._own = f"{host}:{port}"
        self._number = number
        self._branches = itertools.count()
        self.forwarded = 0
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
                data, sender = self._udp.recvfrom(65_535)
            except OSError:
                return
            message = data.decode("latin-1")
            if message.startswith("SIP/2.0"):
                message = re.sub(r"\r\nVia: [^\r]*", "", message, count=1)
            elif message.startswith("INVITE "):
                self.forwarded += 1
                message = self._forward(message, f"{sender[0]}:{sender[1]}")
            else:
                continue
            self._udp.sendto(message.encode("latin-1"), sender)

    def _forward(self, invite: str, to: str) -> str:
        via = f"Via: SIP/2.0/UDP {self._own};branch=z9hG4bKforwarded{next(self._branches)}"
        _, _, rest = invite.partition("\r\n")
        return f"INVITE sip:{self._number()}@{to} SIP/2.0\r\n{via}\r\n{rest}"
