"""A party that answers each datagram at once."""

import contextlib
import socket
import threading
from collections.abc import Callable

# What goes back of a message, to its sender, who is host:port.
Answer = Callable[[bytes, str], list[bytes]]


class UdpParty:
    """A UDP socket, until it is stopped."""

    def __init__(self, host: str, port: int, answer: Answer) -> None:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, port))
        self._answer = answer
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
            if not message:  # the end, which has no sender
                continue
            for answer in self._answer(message, f"{sender[0]}:{sender[1]}"):
                self._udp.sendto(answer, sender)
