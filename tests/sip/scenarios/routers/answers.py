"""What routers answer that is no answer."""

import socket
import struct
import time

from tests.sip.harness.small_router import Answer, response, says
from tests.sip.scenarios.routers.conftest import BY_FIRST

_TWENTY_MB = 20 * 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = says(response(b"", "500 Internal Server Error"))


def _resets(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise OSError


def hangs(connection: socket.socket) -> None:
    """Says nothing, for as long as it is waited for."""
    connection.recv(1)


def _drips(connection: socket.socket) -> None:
    """One byte each 100 ms: never silent for long, and never at its end."""
    for byte in response(BY_FIRST):
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def _sends_20_mb(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % _TWENTY_MB)
    for _ in range(320):
        connection.sendall(b"x" * 65_536)


def chunks(*parts: bytes) -> bytes:
    written = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + written + b"0\r\n\r\n"


def _sends_20_mb_in_chunks(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(320):
        connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def closes(*parts: bytes) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(b"".join(parts))
        connection.shutdown(socket.SHUT_RDWR)

    return answer


NO_ANSWERS: dict[str, Answer] = {
    "reset": _resets,
    "closed": closes(),
    "hanging": hangs,
    "drip-fed": _drips,
    "20 MB": _sends_20_mb,
    "20 MB in chunks": _sends_20_mb_in_chunks,
    "a header of 100 kB": says(HEAD, b"X: x\r\n" * 20_000, b"\r\n"),
    "cut off": closes(HEAD, b"Content-Length: 9999\r\n\r\n", BY_FIRST),
    "no HTTP": closes(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "HTTP/0.9": closes(BY_FIRST),
    "too long": says(response(BY_FIRST.replace(b"a test's", b"a" * 16_000))),
    "an empty body": says(response(b"")),
    "no body": says(response(b"", "204 No Content")),
    "no JSON": says(response(b"<html>OK</html>")),
    "a byte order mark": says(response(b"\xef\xbb\xbf" + BY_FIRST)),
    "a NUL": says(response(b"\0" + BY_FIRST)),
    "UTF-16": says(response(BY_FIRST.decode().encode("utf-16"))),
    "other JSON": says(response(b'{"rtjson":{},"auth":null}')),
    "a list": says(response(b"[]")),
    "no auth": says(response(BY_FIRST.replace(b',"auth":null', b""))),
    "routes that are none": says(response(BY_FIRST.replace(b'"success":false', b'"success":true'))),
    "two Vias": says(response(BY_FIRST, "200 OK", "Via: 1.1 a", "Via: 1.1 b")),
    "no header": closes(HEAD, b"\r\n", BY_FIRST),
    "no reason": says(response(BY_FIRST, "200")),
    "100 Continue before it": says(b"HTTP/1.1 100 Continue\r\n\r\n", response(BY_FIRST)),
    "500": says(response(BY_FIRST, "500 Internal Server Error")),
    "502": says(response(b"<html>Bad Gateway</html>", "502 Bad Gateway")),
    "503 of a proxy": says(response(b"", "503 Service Unavailable", "Retry-After: 1")),
    "401": says(response(b"{}", "401 Unauthorized")),
    "404": says(response(b"{}", "404 Not Found")),
    "a redirection": says(response(b"", "302 Found", "Location: http://127.0.0.1:1/")),
    "status 999": says(response(BY_FIRST, "999 Odd")),
    "status 000": says(response(BY_FIRST, "000 Odd")),
}
