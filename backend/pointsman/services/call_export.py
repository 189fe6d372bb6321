"""All calls of a range of time, in batches: however many they are, one batch is in memory, and
between two of them no connection to the database is held."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from pointsman.auth import Principal
from pointsman.calls.call_key import started_at
from pointsman.models import CallRecord
from pointsman.services.call_filter import CallFilter, condition_of, in_utc
from pointsman.services.call_lookup import planned_anew
from pointsman.services.validation import Problems

MAX_DAYS = 31
BATCH = 500
COLUMNS = (
    "id", "started_at", "answered_at", "ended_at", "duration_ms", "pdd_ms", "clock_went_back",
    "state", "outcome", "cause", "sip_code", "sip_reason", "q850", "calling_number",
    "called_number", "tenant", "source_trunk", "trunk", "carrier", "endpoint", "code", "match",
    "decision", "revision", "node", "sip_call_id", "from_tag", "to_tag", "source_ip",
    "source_port", "transport", "received_ip", "received_port", "request_uri", "from_uri",
    "to_uri",
)  # fmt: skip
Row = tuple[Any, ...]


def export_calls(principal: Principal, asked: CallFilter) -> AsyncIterator[list[Row]]:
    """The COLUMNS of the calls that are asked for, the newest first; raises InvalidInput and
    NotFound at once. A call that is told of meanwhile is there as it was or as it is."""
    _check_range(asked)
    return _batches(CallRecord.filter(condition_of(principal, asked)))


def _check_range(asked: CallFilter) -> None:
    problems = Problems()
    begin, end = in_utc(asked.started_from), in_utc(asked.started_to)
    fix = f"give a range of {MAX_DAYS} days at most"
    for path, at in (("startedFrom", begin), ("startedTo", end)):
        if at is None:
            problems.add(path, "is missing", fix)
    if begin is not None and end is not None and end - begin > timedelta(days=MAX_DAYS):
        problems.add("startedTo", f"a range of {(end - begin).days} days", fix)
    problems.raise_if_any()


async def _batches(query: QuerySet[CallRecord]) -> AsyncIterator[list[Row]]:
    behind = Q()
    while True:
        async with planned_anew():
            page = query.filter(behind).order_by("-id").limit(BATCH)
            rows = await page.values_list(*COLUMNS)
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]
        behind = Q(id__lt=last, started_at__lte=started_at(last))
