"""What stands between a shipper and the platform, and loses the platform's answers."""

import socket
import threading
from typing import Self


class ForgetfulProxy:
    """Brings whole requests to a port of loopback, waits for the answer, and hangs up on the first
    `forgets` of those who asked instead of telling them."""

    def __init__(self, port: int, forgets: int) -> None:
        self._to, self._forgets = port, forgets
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.forgotten: list[bytes] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                asking, _ = self._listening.accept()
            except OSError:
                return
            with asking:
                answer = self._ask(_read_request(asking))
                if len(self.forgotten) < self._forgets:
                    self.forgotten.append(answer)
                else:
                    asking.sendall(answer)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._to)) as platform:
            platform.sendall(request)
            return b"".join(iter(lambda: platform.recv(65_536), b""))


def _read_request(asking: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        request += asking.recv(65_536)
    head, _, body = request.partition(b"\r\n\r\n")
    (length,) = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < length:
        body += asking.recv(65_536)
    return head + b"\r\n\r\n" + body
