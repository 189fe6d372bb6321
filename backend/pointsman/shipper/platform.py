"""The platform's records role, as the shipper reaches it."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pointsman.platform_role import Answer, PlatformRefused, PlatformRole, PlatformUnreachable
from pointsman.shipper.refused import Refused
from pointsman.shipper.spool import Line

_PATH = "/kamailio/cdr"
# Above what the role takes to say that it cannot store.
_TIMEOUT_S = 30.0
_MAX_RETRY_AFTER_S = 30.0
# By which code of its own the records role refuses a report; a proxy before it has none.
_REFUSALS = {400: "BAD_REQUEST", 413: "TOO_LARGE"}


class NotStored(Exception):
    """It is not known to be stored: try again, after `retry_after_s` at the least."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(reason)


class _RefusedRecord(Struct):
    index: Annotated[int, Meta(ge=0)]
    reason: str
    field: str = ""


class _Error(Struct):
    code: str
    message: str


class _ErrorAnswer(Struct):
    error: _Error


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
    """The records role, which gets one report after the other."""

    def __init__(self, url: str, token: str) -> None:
        self._role = PlatformRole(url, token, timeout_s=_TIMEOUT_S)
        self._reporting: tuple[asyncio.AbstractEventLoop, asyncio.Task[Answer]] | None = None
        self.url = url

    def deliver(self, lines: tuple[Line, ...]) -> Delivered:
        """Have them stored; raises NotStored when it is not sure that they are."""
        body = b'{"records":[' + b",".join(line.text for line in lines) + b"]}"
        answered = self._post(body)
        status, content = answered.status, answered.body
        error = _read_error(content)
        is_refusal = error is not None and error.code == _REFUSALS.get(status)
        if len(lines) > 1 and (is_refusal or status == 413):
            # It is one of them that is at fault, or all of them are too long together.
            half = len(lines) // 2
            return self.deliver(lines[:half]) + self.deliver(lines[half:])
        said = f"{status} {error.message if error else ''}".strip()
        if is_refusal:
            return Delivered(refused=(Refused(lines[0], "", said),))
        if status != 200:
            retry_after_s = _read_retry_after(answered.headers.get("retry-after", ""))
            raise NotStored(said + _fix(status), retry_after_s)
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
        if self._reporting is not None:
            loop, task = self._reporting
            loop.call_soon_threadsafe(task.cancel)

    def _post(self, body: bytes) -> Answer:
        try:
            return asyncio.run(self._report(body))
        except PlatformRefused as refused:
            return refused.answer
        except PlatformUnreachable as error:
            raise NotStored(f"the records role does not answer ({error})") from error
        except asyncio.CancelledError:
            raise NotStored("the report was given up") from None

    async def _report(self, body: bytes) -> Answer:
        task = asyncio.create_task(self._role.post(_PATH, body))
        self._reporting = asyncio.get_running_loop(), task
        try:
            return await task
        finally:
            self._reporting = None


def _read_error(content: bytes) -> _Error | None:
    """What a role of the platform says when it refuses; None of what is not one's."""
    try:
        return msgspec.json.decode(content, type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _fix(status: int) -> str:
    if status in _REFUSALS:
        return (
            ": not the records role says so, but what answers at its URL: correct "
            "POINTSMAN_RECORDS_URL, or the proxy before the role"
        )
    if status in (401, 403):
        return ": set POINTSMAN_NODE_TOKEN to what pointsman node create printed for this node"
    if status in (404, 405):
        return ": set POINTSMAN_RECORDS_URL to where the records role listens"
    return ""


def _read_retry_after(text: str) -> float:
    """Seconds (RFC 9110 section 10.2.3); 0 for none and for a date."""
    given = text.isascii() and text.isdigit()
    return min(float(text), _MAX_RETRY_AFTER_S) if given else 0.0
