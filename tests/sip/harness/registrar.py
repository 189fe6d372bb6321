"""A registrar that challenges and verifies (RFC 3261 section 10.3), by hand."""

import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Self

from tests.sip.harness.digest import read_params, response_to
from tests.sip.harness.ports import free_udp_port
from tests.sip.harness.raw import header_of

_TIMEOUT_S = 60
_REALM = "registrar.example"


class Registrar:
    """Registers one user, by UDP and by TCP, or with a context by UDP and by TLS. What it is sent
    is in `requests`, in their order."""

    def __init__(
        self, host: str, username: str, password: str, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host, self.port = host, free_udp_port(host)
        self._tls = tls
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((self.host, self.port))
        self._udp.settimeout(0.05)
        self._tcp = socket.create_server((self.host, self.port))
        self._tcp.settimeout(0.05)
        self.username, self.password = username, password
        self.granted_s = 3_600
        # What it answers instead of its own, such as 503 Service Unavailable.
        self.refusal = ""
        self.is_silent = False
        self.requests: list[bytes] = []
        self.contacts: dict[str, float] = {}
        self._nonce = secrets.token_hex(8)
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=serve, daemon=True) for serve in (self._serve, self._serve_tcp)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(_TIMEOUT_S)
        self._udp.close()
        self._tcp.close()

    @property
    def address(self) -> str:
        """host:port."""
        return f"{self.host}:{self.port}"

    @property
    def bindings(self) -> list[str]:
        """The contacts that it has and that have not expired."""
        return [contact for contact, until in self.contacts.items() if until > time.monotonic()]

    def signed(self) -> list[bytes]:
        """The requests with credentials."""
        return [request for request in self.requests if header_of(request, "Authorization")]

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                request, sender = self._udp.recvfrom(65_535)
            except TimeoutError:
                continue
            answer = self._take(request)
            if answer:
                self._udp.sendto(answer, sender)

    def _serve_tcp(self) -> None:
        """One connection after the other: a client keeps one."""
        while not self._is_over.is_set():
            try:
                connection, _ = self._tcp.accept()
            except TimeoutError:
                continue
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                connection.settimeout(0.05)
                self._serve_connection(connection)

    def _serve_connection(self, connection: socket.socket) -> None:
        read = b""
        while not self._is_over.is_set():
            try:
                part = connection.recv(65_535)
            except TimeoutError:
                continue
            if not part:
                return
            read += part
            while b"\r\n\r\n" in read:
                request, _, read = read.partition(b"\r\n\r\n")
                connection.sendall(self._take(request + b"\r\n\r\n"))

    def _take(self, request: bytes) -> bytes:
        """The answer, b"" for none."""
        assert request.startswith(b"REGISTER "), request
        self.requests.append(request)
        return b"" if self.is_silent else self._answer(request)

    def _answer(self, request: bytes) -> bytes:
        if self.refusal:
            return _reply(request, self.refusal)
        if not self._is_proved(request):
            challenge = f'Digest realm="{_REALM}", nonce="{self._nonce}", algorithm=MD5, qop="auth"'
            return _reply(request, "401 Unauthorized", f"WWW-Authenticate: {challenge}")
        contact = header_of(request, "Contact")
        if int(header_of(request, "Expires")) == 0:
            self.contacts.pop(contact, None)
            return _reply(request, "200 OK")
        self.contacts[contact] = time.monotonic() + self.granted_s
        return _reply(request, "200 OK", f"Contact: {contact};expires={self.granted_s}")

    def _is_proved(self, request: bytes) -> bool:
        credentials = header_of(request, "Authorization")
        if not credentials:
            return False
        params = read_params(credentials)
        assert params["uri"] == request.split()[1].decode()
        return (params["username"], params["realm"], params["nonce"], params["response"]) == (
            self.username,
            _REALM,
            self._nonce,
            response_to(params, self.password, "REGISTER"),
        )


def _reply(request: bytes, status: str, *headers: str) -> bytes:
    lines = [
        f"SIP/2.0 {status}",
        *(f"{name}: {header_of(request, name)}" for name in ("Via", "From", "Call-ID", "CSeq")),
        f"To: {header_of(request, 'To')};tag=registrar",
        *headers,
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def wait_until(what: Callable[[], bool], of: Callable[[], object] = lambda: "") -> None:
    """Wait until it is so; fails, saying how it is instead, when it never is."""
    deadline = time.monotonic() + _TIMEOUT_S
    while not what():
        assert time.monotonic() < deadline, of()
        time.sleep(0.02)
