"""The platform's records role, as the shipper reaches it."""

import contextlib
import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from pointsman.shipper.refused import Refused
from pointsman.shipper.spool import Line

_PATH = "/kamailio/cdr"
# Above what the role takes to say that it cannot store.
_TIMEOUT_S = 30.0
_MAX_ANSWER_BYTES = 4 * 2**20
_MAX_RETRY_AFTER_S = 30.0


class NotStored(Exception):
    """It is not known to be stored: try again, after `retry_after_s` at the least."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(reason)


class _RefusedRecord(Struct):
    index: Annotated[int, Meta(ge=0)]
    reason: str
    field: str = ""


class _Answer(Struct):
    stored: Annotated[int, Meta(ge=0)]
    duplicates: Annotated[int, Meta(ge=0)]
    refused: tuple[_RefusedRecord, ...]
    conflicts: Annotated[int, Meta(ge=0)] = 0


@dataclass(slots=True)
class Delivered:
    """What became of lines; `conflicts` contradict what the platform has, and are kept there."""

    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    refused: tuple[Refused, ...] = ()

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.stored + other.stored,
            self.duplicates + other.duplicates,
            self.conflicts + other.conflicts,
            self.refused + other.refused,
        )


class Platform:
    """Each report has a connection of its own: there are few, and none is found to be dead."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + _PATH
        self._token = token
        self._connection: HTTPConnection | None = None
        self.url = url

    def deliver(self, lines: tuple[Line, ...]) -> Delivered:
        """Have them stored; raises NotStored when it is not sure that they are."""
        body = b'{"records":[' + b",".join(line.text for line in lines) + b"]}"
        status, retry_after_s, content = self._post(body)
        if status in (400, 413):
            # It is one of them that is at fault.
            if len(lines) > 1:
                half = len(lines) // 2
                return self.deliver(lines[:half]) + self.deliver(lines[half:])
            return Delivered(refused=(Refused(lines[0], "", _error_text(status, content)),))
        if status != 200:
            raise NotStored(_error_text(status, content) + _fix(status), retry_after_s)
        try:
            answer = msgspec.json.decode(content, type=_Answer)
            refused = tuple(
                Refused(lines[each.index], each.field, each.reason) for each in answer.refused
            )
        except (msgspec.DecodeError, UnicodeDecodeError, IndexError):
            raise NotStored("what answers there is no records role: correct the URL") from None
        counted = answer.stored + answer.duplicates + answer.conflicts + len(refused)
        if counted != len(lines):
            raise NotStored(f"of {len(lines)} records the answer counts {counted}")
        return Delivered(answer.stored, answer.duplicates, answer.conflicts, refused)

    def abort(self) -> None:
        """End the report that is being made, from a signal handler."""
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _post(self, body: bytes) -> tuple[int, float, bytes]:
        connection = self._connect(self._host, self._port, timeout=_TIMEOUT_S)
        self._connection = connection
        headers = {
            "authorization": f"Bearer {self._token}",
            "content-type": "application/json",
            "connection": "close",
        }
        try:
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
            content = response.read(_MAX_ANSWER_BYTES)
        except (OSError, HTTPException) as error:
            what = str(error) or type(error).__name__
            raise NotStored(f"the records role does not answer ({what})") from error
        finally:
            self._connection = None
            connection.close()
        return response.status, _read_retry_after(response.getheader("retry-after")), content


def _error_text(status: int, content: bytes) -> str:
    try:
        message = str(msgspec.json.decode(content)["error"]["message"])
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError):
        message = ""
    return f"{status} {message}".strip()


def _fix(status: int) -> str:
    if status in (401, 403):
        return ": set POINTSMAN_NODE_TOKEN to what pointsman node create printed for this node"
    if status in (404, 405):
        return ": set POINTSMAN_RECORDS_URL to where the records role listens"
    return ""


def _read_retry_after(text: str | None) -> float:
    """Seconds (RFC 9110 section 10.2.3); 0 for none and for a date."""
    given = text is not None and text.isascii() and text.isdigit()
    return min(float(text), _MAX_RETRY_AFTER_S) if given and text is not None else 0.0
