"""Looking calls up, the newest first: one, or a page."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import asyncpg
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from pointsman.auth import Principal, scope
from pointsman.calls.call_key import first_key, started_at
from pointsman.database import transaction
from pointsman.errors import InvalidInput, Problem
from pointsman.models import CallRecord
from pointsman.services.call_filter import CallFilter, condition_of
from pointsman.services.rows import (
    DEFAULT_PAGE,
    check_first,
    cursor_of,
    read_cursor,
    read_id,
)

# How far calls are counted.
MAX_COUNT = 10_000
_KEYS = ("id",)
# No index has calls by the beginning of a number and by time: they are looked for in the newest few
# minutes, then as often in a span that is so many times as long, and at last in all the time.
_FIRST_SPAN, _LONGER, _SPANS = timedelta(minutes=10), 8, 6
# Which index is the right one depends on what is asked for: how rare a number is, how wide a range.
_PLAN = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL statement_timeout = {longest_ms}"
# Conditions that hardly any call has together take long, and help nobody then.
LONGEST_MS = 10_000


@dataclass(frozen=True)
class CallPage:
    """A page of calls, the cursor of each, and whether more follow; how many the whole list has,
    None when they are more than MAX_COUNT or were not counted."""

    rows: list[CallRecord]
    cursors: list[str]
    has_next: bool
    total: int | None


async def find_call_record(principal: Principal, call_id: object) -> CallRecord | None:
    """The call, or None when there is none within the caller's reach."""
    key = read_id(call_id)
    if key is None:
        return None
    # The time leaves out all days but its own.
    of_day = CallRecord.filter(scope(principal, CallRecord), started_at=started_at(key))
    return await of_day.filter(id=key).first()


async def list_call_records(
    principal: Principal,
    asked: CallFilter,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    count: bool = False,
) -> CallPage:
    """A page of the calls that are asked for, the newest first."""
    check_first(first)
    behind = Q() if after is None else _behind(after)
    query = CallRecord.filter(condition_of(principal, asked))
    page = query.filter(behind)
    loose = replace(asked, calling_number_prefix=None, called_number_prefix=None)
    async with planned_anew():
        if loose == asked:
            rows = await page.order_by("-id").limit(first + 1)
        else:
            others = CallRecord.filter(condition_of(principal, loose), behind)
            rows = await _newest_by_prefix(page, others, first + 1)
        total = await _count(query) if count else None
    shown = rows[:first]
    return CallPage(shown, [cursor_of(row, _KEYS) for row in shown], len(rows) > first, total)


async def _count(query: QuerySet[CallRecord]) -> int | None:
    counted = await query.limit(MAX_COUNT + 1).values_list("id", flat=True)
    return len(counted) if len(counted) <= MAX_COUNT else None


async def _newest_by_prefix(
    page: QuerySet[CallRecord], without_prefix: QuerySet[CallRecord], limit: int
) -> list[CallRecord]:
    """The newest of the page. Their order is the same as that of the ids, but none that an index
    has: each span is searched by the number, and sorted, rather than read through for what may not
    be there."""
    newest = await without_prefix.order_by("-id").first()
    for begin in _beginnings(newest.started_at) if newest else ():
        span = page.filter(started_at__gte=begin, id__gte=first_key(begin))
        rows = await span.order_by("-started_at", "-id").limit(limit)
        if len(rows) == limit:
            return rows
    return await page.order_by("-started_at", "-id").limit(limit) if newest else []


def _beginnings(latest: datetime) -> Iterator[datetime]:
    span = _FIRST_SPAN
    for _ in range(_SPANS):
        yield latest - span
        span *= _LONGER


@asynccontextmanager
async def planned_anew() -> AsyncIterator[None]:
    """Statements of the block are planned for the values that they are given; raises InvalidInput
    when one takes too long."""
    try:
        async with transaction() as connection:
            await connection.execute_script(_PLAN.format(longest_ms=LONGEST_MS))
            yield
    except asyncpg.QueryCanceledError:
        fix = "give a shorter range by startedFrom and startedTo"
        problem = Problem("filter", "there are too many calls to look through", fix)
        raise InvalidInput([problem]) from None


def _behind(cursor: str) -> Q:
    """Calls older than that of the cursor; the time leaves the days before out."""
    (key,) = read_cursor(cursor, _KEYS, CallRecord)
    return Q(id__lt=key, started_at__lte=started_at(key))
