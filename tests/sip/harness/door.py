"""A way out of a namespace for what talks to one address of this machine by TCP."""

import contextlib
import socket
import threading

from tests.sip.harness.namespaces import Namespace, inside

_HOST = "127.0.0.1"


class Door:
    """Listens on loopback of a namespace and hands what comes to a port of loopback here."""

    def __init__(self, namespace: Namespace, port: int) -> None:
        self._beyond = (_HOST, port)
        self._socket = inside(namespace, lambda: socket.create_server((_HOST, 0)))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody through any more."""
        for each in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._socket.accept()
                far = socket.create_connection(self._beyond)
                self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_hand_on, args=pair, daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while (came := source.recv(65_535)) != b"":
            target.sendall(came)
        target.shutdown(socket.SHUT_WR)
