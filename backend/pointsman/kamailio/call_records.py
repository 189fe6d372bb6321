"""POST /kamailio/cdr: a node reports what happened to its calls.

What is answered with 200 is committed. A record that cannot be read is refused by its place, and
those beside it are stored; what is refused as a whole, and what is not answered, was not stored and
may be sent again as often as it takes.
"""

import asyncio

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


class RefusedRecord(Struct, frozen=True):
    """A record that is not stored: `field` is "" for the whole of it."""

    index: int
    field: str
    reason: str


def build_call_records(metrics: RecordsMetrics) -> APIRouter:
    """The path, for the records role."""
    router = APIRouter()
    intake = RecordIntake()
    metrics.waiting.set_function(lambda: intake.events)

    @router.post(PATH)
    async def report(request: Request, node: AskingNode) -> JSONResponse:
        """Store the record, or the list of `records`, of the body."""
        body = await request.body()
        try:
            found = _read_body(body)
            if is_simple(found):
                events, refused = read_simple(body, node.name), list[RefusedRecord]()
            else:
                events, refused = _read(_split(found, body), node.name)
        except BadEvent as error:
            metrics.reports_refused.labels("BAD_REQUEST").inc()
            said = {"code": "BAD_REQUEST", "field": error.field, "message": str(error)}
            return JSONResponse({"error": said}, 400)
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


def _read_body(body: bytes) -> dict[str, msgspec.Raw]:
    """The keys of a body, their values unread."""
    try:
        return _read_object(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadEvent("", f"send a record, or records in a list: {error}") from None


def _split(found: dict[str, msgspec.Raw], body: bytes) -> list[bytes]:
    """The JSON of each record in a body."""
    if "records" not in found or "kind" in found:
        return [body]
    try:
        records = [bytes(raw) for raw in _read_list(found["records"])]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadEvent("records", f"send records in a list: {error}") from None
    if len(records) > MAX_RECORDS:
        text = f"send {MAX_RECORDS} records at most, these are {len(records)}"
        raise BadEvent("records", text)
    return records


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
