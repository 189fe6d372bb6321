"""POST /kamailio/cdr: a node reports what happened to its calls.

What is answered with 200 is committed. A record that cannot be read is refused by its place, and
those beside it are stored; what is refused as a whole, and what is not answered, was not stored and
may be sent again as often as it takes.
"""

import asyncio
import json
import re

import msgspec
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from msgspec import Struct

from pointsman.calls.event import BadEvent, ReportedEvent, read_event
from pointsman.kamailio.asking_node import AskingNode
from pointsman.kamailio.simple_cdr import is_simple, read_simple
from pointsman.services.call_records import Stored
from pointsman.services.record_intake import RecordIntake
from pointsman.telemetry import RecordsMetrics

PATH = "/kamailio/cdr"
MAX_RECORDS = 2_000
# Before whoever reports gives up and reports again.
_STORE_TIMEOUT_S = 20.0

log = structlog.get_logger()
_read_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_read_value = json.JSONDecoder().raw_decode
_LIST_BEGINS = re.compile(r'\s*\{\s*"records"\s*:\s*\[\s*')
_LIST_GOES_ON = re.compile(r"\s*,\s*")
_LIST_ENDS = re.compile(r"\s*\]\s*\}\s*\Z")


class RefusedRecord(Struct, frozen=True):
    """A record that is not stored: `field` is "" for the whole of it."""

    index: int
    field: str
    reason: str


class _BadReport(ValueError):
    """A body that has no records, or is too long to be read."""

    def __init__(
        self, message: str, field: str = "", status: int = 400, code: str = "BAD_REQUEST"
    ) -> None:
        self.field, self.status, self.code = field, status, code
        super().__init__(message)


def build_call_records(metrics: RecordsMetrics, max_body_bytes: int) -> APIRouter:
    """The path, for the records role."""
    router = APIRouter()
    intake = RecordIntake()
    metrics.waiting.set_function(lambda: intake.events)

    @router.post(PATH)
    async def report(request: Request, node: AskingNode) -> JSONResponse:
        """Store the record, or the list of `records`, of the body."""
        try:
            body = await _read_body(request, max_body_bytes)
            found = _read_keys(body)
            events, refused = _read_report(found, body, node.name)
        except _BadReport as error:
            metrics.reports_refused.labels(error.code).inc()
            said = {"code": error.code, "field": error.field, "message": str(error)}
            return JSONResponse({"error": said}, error.status)
        async with asyncio.timeout(_STORE_TIMEOUT_S):
            stored = await intake.store(node.name, events)
        _count(metrics, stored, refused)
        if stored.conflicts:
            log.error("records contradict stored ones", node=node.name, count=stored.conflicts)
        if refused:
            first = refused[0]
            log.error("records refused", node=node.name, count=len(refused), field=first.field,
                      reason=first.reason)  # fmt: skip
        answer = {
            "stored": stored.stored,
            "duplicates": stored.duplicates,
            "conflicts": stored.conflicts,
            "refused": [msgspec.structs.asdict(each) for each in refused],
        }
        if is_simple(found):
            # What whoever sends these looks for.
            answer |= {"success": True, "cdr": msgspec.json.decode(body)}
        return JSONResponse(answer)

    return router


def _count(metrics: RecordsMetrics, stored: Stored, refused: list[RefusedRecord]) -> None:
    for result, count in (
        ("stored", stored.stored),
        ("duplicate", stored.duplicates),
        ("conflict", stored.conflicts),
        ("refused", len(refused)),
    ):
        metrics.events.labels(result).inc(count)
    metrics.orphans.inc(stored.orphans)


async def _read_body(request: Request, max_bytes: int) -> bytes:
    """Here, so that one that is too long is refused as all else is: the shipper tells the role's
    own answers from those of a proxy between them."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            raise _BadReport(f"send {max_bytes} bytes at most", "", 413, "TOO_LARGE")
    return bytes(body)


def _read_keys(body: bytes) -> dict[str, msgspec.Raw]:
    """The keys of a body, their values unread; none of what is no JSON object."""
    try:
        return _read_object(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}


def _read_report(
    found: dict[str, msgspec.Raw], body: bytes, node: str
) -> tuple[list[ReportedEvent], list[RefusedRecord]]:
    if not is_simple(found):
        return _read(_split(found, body), node)
    try:
        return read_simple(body, node), []
    except BadEvent as error:
        raise _BadReport(str(error), error.field) from None


def _split(found: dict[str, msgspec.Raw], body: bytes) -> list[bytes]:
    """The JSON of each record in a body with these keys."""
    records: list[bytes] | None = [body] if found else None
    if "records" in found and "kind" not in found:
        try:
            records = [bytes(raw) for raw in _read_list(found["records"])]
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            records = None
    if records is None:
        records = _split_by_value(body)
        if not records:
            raise _BadReport("send a record, or records in a list: this is no such JSON")
    if len(records) > MAX_RECORDS:
        raise _BadReport(f"send {MAX_RECORDS} records at most, these are {len(records)}", "records")
    return records


def _split_by_value(body: bytes) -> list[bytes]:
    """As `_split`, of a list in which a record has what msgspec takes for no JSON, such as half of
    a letter: that one is to be refused, and not those beside it. Empty of what is no list."""
    try:
        text = body.decode()
        place = _LIST_BEGINS.match(text)
        records: list[bytes] = []
        while place is not None:
            _, end = _read_value(text, place.end())
            records.append(text[place.end() : end].encode())
            if _LIST_ENDS.match(text, end):
                return records
            place = _LIST_GOES_ON.match(text, end)
    except (ValueError, RecursionError):
        pass
    return []


def _read(records: list[bytes], node: str) -> tuple[list[ReportedEvent], list[RefusedRecord]]:
    events, refused = [], []
    for index, record in enumerate(records):
        try:
            read = read_event(record)
            if read.event.node != node:
                raise BadEvent("node", f"it is of {read.event.node}, and the token of {node}")
        except BadEvent as error:
            refused.append(RefusedRecord(index, error.field, str(error)))
        else:
            events.append(read)
    return events, refused
