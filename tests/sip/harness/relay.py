"""A TCP relay out of a namespace, so that what is there reaches a server that is here."""

import select
import socket
import threading
from contextlib import suppress

from tests.sip.harness.namespaces import Namespace

_HOST = "127.0.0.1"


class Relay:
    """Listens on loopback of a namespace; each connection goes on to a port of our own loopback."""

    def __init__(self, namespace: Namespace, port: int) -> None:
        self._target = (_HOST, port)
        with namespace.entered():
            self._listening = socket.create_server((_HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                inner, _ = self._listening.accept()
                outer = socket.create_connection(self._target)
                threading.Thread(target=_pass_on, args=(inner, outer), daemon=True).start()


def _pass_on(inner: socket.socket, outer: socket.socket) -> None:
    other = {inner: outer, outer: inner}
    with suppress(OSError), inner, outer:
        while True:
            readable, _, _ = select.select([inner, outer], [], [])
            for one in readable:
                if not (data := one.recv(65_536)):
                    return
                other[one].sendall(data)
