"""Calls to be counted, and their counts in Python, apart from the SQL that is tested by them."""

import json
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import phonenumbers

from pointsman.calls.call import CallState
from pointsman.calls.delay_histogram import BOUNDS_MS
from pointsman.calls.event import AttemptEnd, ReportedEvent, read_event
from pointsman.models import CallAttempt, CallRecord, CallStatistics
from tests.calls import reported

Counts = dict[tuple[Any, ...], tuple[Any, ...]]


def read(said: Iterable[dict[str, Any]]) -> list[ReportedEvent]:
    """As a node reports it."""
    return [read_event(json.dumps(each).encode()) for each in said]


def call(  # a call's events, all of them that there will be
    name: str,
    started: float,
    *,
    answered: bool = True,
    code: int = 200,
    tenant: str = "",
    called: str = "+390612345678",
    rang_after: float | None = 1.0,
    lasted: float = 60.5,
    tries: Sequence[tuple[str, int]] = (),
) -> list[dict[str, Any]]:
    """A call that tries these trunks, each of which replies so, and then trunk-1."""
    at = f"{started:.6f}"
    over = started + (rang_after or 0) + 2 + (lasted if answered else 0)
    attempts = [
        _attempt(place, trunk, reply, started, rang_after=None, end="REPLY")
        for place, (trunk, reply) in enumerate(tries)
    ]
    last = "ANSWERED" if answered else "TIMEOUT" if code == 408 else "REPLY"
    attempts.append(_attempt(len(tries), "trunk-1", code, started, rang_after=rang_after, end=last))
    said = [reported.start(name, tenant=tenant, called_number=called)]
    if answered:
        moment = f"{started + (rang_after or 0) + 2:.6f}"
        said.append(reported.answer(name, attempts=attempts) | {"at": moment})
    cause = "bye_caller" if answered else "failed"
    ended = reported.end(name, sip_code=code, cause=cause, attempts=[] if answered else attempts)
    said.append(ended | {"at": f"{over:.6f}"})
    return [each | {"started": at} | ({"at": at} if each["kind"] == "start" else {})
            for each in said]  # fmt: skip


def _attempt(
    place: int, trunk: str, code: int, started: float, *, rang_after: float | None, end: str
) -> dict[str, Any]:
    rang = "" if rang_after is None else f"{started + 0.25 + rang_after:.6f}"
    return reported.attempt(
        place,
        trunk=trunk,
        carrier=f"carrier of {trunk}",
        sip_code=code,
        sent=f"{started + 0.25:.6f}",
        rang=rang,
        ended=f"{started + 2 + (rang_after or 0):.6f}",
        end=end,
    )


async def stored_counts() -> Counts:
    """What the platform has counted, by resolution, level, time, and all that is told apart."""
    return {
        (
            row.resolution.value, row.level.value, row.begins_at, row.tenant_id, row.carrier,
            row.trunk, row.prefix, row.sip_code,
        ): (
            row.attempts, row.answered, row.effective, row.timed, row.duration_ms,
            dict(zip(row.pdd_buckets, row.pdd_counts, strict=True)),
        )
        for row in await CallStatistics.all()
    }  # fmt: skip


async def recounted() -> Counts:
    """The same, from the calls that are stored."""
    units: list[tuple[Any, ...]] = []
    calls = {row.id: row for row in await CallRecord.all()}
    for row in calls.values():
        if row.state is not CallState.STARTED:
            is_answered = row.answered_at is not None
            units.append(("CALLS", row, row, is_answered, row.duration_ms, row.pdd_ms))
    for attempt in await CallAttempt.all():
        of = calls[attempt.call_record_id]
        is_answered = attempt.end is AttemptEnd.ANSWERED
        duration = of.duration_ms if of.answered_at else None
        units.append(("ATTEMPTS", of, attempt, is_answered, duration, _pdd_of(attempt)))
    counts: dict[Any, list[Any]] = defaultdict(lambda: [0, 0, 0, 0, 0, Counter()])
    for level, of, by, is_answered, duration, pdd in units:
        for resolution, begin in _begins_of(of.started_at):
            _count(
                counts[
                    resolution, level, begin, of.tenant_id, by.carrier, by.trunk,
                    _prefix_of(of.called_number), by.sip_code,
                ],
                is_answered, duration, pdd, by.sip_code,
            )  # fmt: skip
    return {key: (*numbers, dict(delays)) for key, (*numbers, delays) in counts.items()}


def _count(
    counts: list[Any], is_answered: bool, duration: int | None, pdd: int | None, code: int
) -> None:
    rang_out = code == 408 and pdd is not None
    counts[0] += 1
    counts[1] += is_answered
    counts[2] += is_answered or rang_out or code in (480, 486, 487, 600, 603, 607)
    if is_answered and duration is not None:
        counts[3] += 1
        counts[4] += duration
    if pdd is not None:
        counts[5][bisect_right(BOUNDS_MS, pdd)] += 1


def _begins_of(at: datetime) -> list[tuple[str, datetime]]:
    minute = at.replace(second=0, microsecond=0)
    hour = minute.replace(minute=0)
    return [("MINUTE", minute), ("HOUR", hour), ("DAY", hour.replace(hour=0))]


def _pdd_of(attempt: CallAttempt) -> int | None:
    heard = attempt.rang_at
    if heard is None and attempt.end is AttemptEnd.ANSWERED:
        heard = attempt.ended_at
    if heard is None or attempt.sent_at is None or heard < attempt.sent_at:
        return None
    return math.floor((heard - attempt.sent_at).total_seconds() * 1_000 + 1e-6)


def _prefix_of(number: str) -> str:
    if not number.startswith("+"):
        return ""
    for length in (1, 2, 3):
        code = number[1 : 1 + length]
        if code.isdigit() and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return f"+{code}"
    return ""
