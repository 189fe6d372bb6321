"""Storing what nodes report of calls, once each, and the calls that they tell of.

An event is kept as it came. Its call is then read anew from all the events that it has, so that
they may come in any order, and late: what a call is depends on the set of them alone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.calls.call import Call, call_of, read_moment
from pointsman.calls.event import EndEvent, Event, ReportedEvent, key_of, read_event
from pointsman.database import transaction
from pointsman.models import CallAttempt, CallEventConflict, CallRecord, EventKind, Tenant
from pointsman.services.call_rows import attempt_rows, record_row
from pointsman.services.call_tables import upsert
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.statistics_due import note_due

# Events of one node are stored one report after the other: two of a call's that were stored at the
# same time would each be read without the other. In the order of the numbers, so that two that
# store events of several nodes do not wait for each other.
_LOCK = (
    "SELECT pg_advisory_xact_lock(number), CASE current_setting('synchronous_commit') WHEN 'off' "
    # What is not on the disk is not stored.
    "THEN set_config('synchronous_commit', 'on', true) END "
    "FROM (SELECT number FROM unnest($1::bigint[]) AS number ORDER BY number) AS locks"
)
_INSERT = (
    "INSERT INTO call_event (id, call_record_id, node, kind, started_at, at, received_at, content, "
    "content_sha256) SELECT id, call_record_id, node, kind, started_at, at, now(), content, "
    "content_sha256 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], "
    "$6::timestamptz[], $7::text[], $8::bytea[]) AS given "
    "(id, call_record_id, node, kind, started_at, at, content, content_sha256) "
    "ON CONFLICT DO NOTHING RETURNING id"
)
# Of calls in one event.
_MOST_NAMED = 10
# The times keep a look at a day's events from being one at all days'.
_STORED = (
    "SELECT id, content_sha256 FROM call_event WHERE id = ANY($1) AND started_at BETWEEN $2 AND $3"
)
_OF_CALLS = (
    "SELECT call_record_id, content FROM call_event "
    "WHERE call_record_id = ANY($1) AND started_at BETWEEN $2 AND $3 AND NOT id = ANY($4)"
)
_FEWER_ATTEMPTS = (
    "DELETE FROM call_attempt USING unnest($1::uuid[], $2::int[]) AS call (id, attempts) "
    "WHERE call_record_id = call.id AND position >= call.attempts "
    "AND started_at BETWEEN $3 AND $4"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many events were new, were there already, and contradict what is there; and how many of
    the calls that changed name a tenant that does not exist."""

    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a node reports at once."""

    node: str
    events: Sequence[ReportedEvent]


async def store_events(node: str, reported: Sequence[ReportedEvent]) -> Stored:
    """Store what a node reports, all of it or, when this raises, none; it is committed when this
    returns."""
    return (await store_reports([Report(node, reported)]))[0]


async def store_reports(reports: Sequence[Report]) -> list[Stored]:
    """Store several reports in one transaction; what became of each."""
    events = [each for report in reports for each in report.events]
    if not events:
        return [Stored() for _ in reports]
    async with transaction() as connection:
        locks = sorted({_lock_of(report.node) for report in reports})
        await connection.execute_query(_LOCK, [locks])
        new = await _insert_new(connection, events)
        known = await _known_contents(connection, events, new)
        conflicts = [await _keep_conflicts(connection, report, known) for report in reports]
        calls = await _read_calls(connection, [new[key] for key in new])
        orphans = await _write_calls(connection, calls)
    return _tell(reports, new, conflicts, orphans)


async def _insert_new(
    connection: BaseDBAsyncClient, reported: Sequence[ReportedEvent]
) -> dict[UUID, ReportedEvent]:
    """Those that were not there, by their keys; of two with the same key the first."""
    first = {each.key: each for each in reversed(reported)}
    events = [(each.event, each) for each in first.values()]
    rows = await connection.execute_query_dict(
        _INSERT,
        [
            [each.key for _, each in events],
            [each.call_key for _, each in events],
            [event.node for event, _ in events],
            [event.kind for event, _ in events],
            [read_moment(event.started) for event, _ in events],
            [read_moment(event.at) for event, _ in events],
            [each.content for _, each in events],
            [each.content_sha256 for _, each in events],
        ],
    )
    return {row["id"]: first[row["id"]] for row in rows}


async def _known_contents(
    connection: BaseDBAsyncClient,
    reported: Sequence[ReportedEvent],
    new: Mapping[UUID, ReportedEvent],
) -> dict[UUID, bytes]:
    """What is stored under the key of each: what it says, as a hash."""
    known = {key: each.content_sha256 for key, each in new.items()}
    before = [each for each in reported if each.key not in new]
    if before:
        keys = [each.key for each in before]
        span = _span_of(read_moment(each.event.started) for each in before)
        rows = await connection.execute_query_dict(_STORED, [keys, *span])
        known |= {row["id"]: bytes(row["content_sha256"]) for row in rows}
    return known


async def _keep_conflicts(
    connection: BaseDBAsyncClient, report: Report, known: Mapping[UUID, bytes]
) -> int:
    """Keep what came with the key of a stored event and says something else; how much of it was
    not kept before. An event tells of it.

    Not an end by a BYE. A party may send its BYE again for as long as the call's Route is valid,
    with any Reason: a node that has forgotten the end, as after a restart, writes it down once
    more. The first end counts, and no party can raise an alarm."""
    conflicting = {
        key_of(each.key.bytes, each.content_sha256): each
        for each in report.events
        if known[each.key] != each.content_sha256
        and not (isinstance(each.event, EndEvent) and each.event.is_by_bye)
    }
    if not conflicting:
        return 0
    kept = await CallEventConflict.filter(id__in=list(conflicting)).values_list("id", flat=True)
    new = [
        CallEventConflict(
            id=key,
            call_event_id=each.key,
            node=report.node,
            started_at=read_moment(each.event.started),
            content=each.content,
        )
        for key, each in conflicting.items()
        if key not in kept
    ]
    await CallEventConflict.bulk_create(new, ignore_conflicts=True)
    if new:
        calls = sorted({str(conflicting[row.id].call_key) for row in new})[:_MOST_NAMED]
        data = {"node": report.node, "conflicts": len(new), "calls": calls}
        await raise_events(connection, EventKind.RECORDS_CONFLICT, [NewEvent(data)])
    return len(new)


async def _read_calls(connection: BaseDBAsyncClient, new: Sequence[ReportedEvent]) -> list[Call]:
    """The calls that these are of, from all the events that are stored of them."""
    if not new:
        return []
    events: dict[UUID, list[Event]] = {}
    for each in new:
        events.setdefault(each.call_key, []).append(each.event)
    span = _span_of(read_moment(each.event.started) for each in new)
    keys = [each.key for each in new]
    rows = await connection.execute_query_dict(_OF_CALLS, [list(events), *span, keys])
    for row in rows:
        events[row["call_record_id"]].append(read_event(row["content"].encode()).event)
    return [call_of(events[key]) for key in sorted(events)]


async def _write_calls(connection: BaseDBAsyncClient, calls: Sequence[Call]) -> list[Call]:
    """Those of them that name a tenant that there is not."""
    if not calls:
        return []
    tenants = await _known_tenants(calls)
    now = datetime.now(UTC)
    await upsert(connection, CallRecord, [record_row(call, tenants, now) for call in calls])
    keys, counts = [call.key for call in calls], [len(call.attempts) for call in calls]
    span = _span_of(call.started_at for call in calls)
    await connection.execute_query(_FEWER_ATTEMPTS, [keys, counts, *span])
    await upsert(connection, CallAttempt, [row for call in calls for row in attempt_rows(call)])
    await note_due(connection, (call.started_at for call in calls))
    return [call for call in calls if call.start and call.start.tenant
            and call.start.tenant not in tenants]  # fmt: skip


async def _known_tenants(calls: Sequence[Call]) -> Mapping[str, UUID]:
    """The tenants of this platform among those that are named, by their names in records."""
    named = {call.start.tenant for call in calls if call.start is not None}
    ids = {text: found for text in named if (found := _read_uuid(text)) is not None}
    known = set(await Tenant.filter(id__in=list(ids.values())).values_list("id", flat=True))
    return {text: found for text, found in ids.items() if found in known}


def _tell(
    reports: Sequence[Report],
    new: Mapping[UUID, ReportedEvent],
    conflicts: Sequence[int],
    orphans: Sequence[Call],
) -> list[Stored]:
    """What became of each report."""
    ownerless = {call.key for call in orphans}
    left = dict(new)
    told = []
    for report, conflicting in zip(reports, conflicts, strict=True):
        own = [each for each in report.events
               if left.get(each.key) is each and left.pop(each.key)]  # fmt: skip
        changed = {each.call_key for each in own}
        told.append(
            Stored(
                len(own),
                len(report.events) - len(own) - conflicting,
                conflicting,
                len(changed & ownerless),
            )
        )
    return told


def _span_of(moments: Iterable[datetime]) -> tuple[datetime, datetime]:
    found = sorted(moments)
    return found[0], found[-1]


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _lock_of(node: str) -> int:
    """A number of the node's own among PostgreSQL's advisory locks."""
    digest = hashlib.blake2b(node.encode(), digest_size=8, person=b"call events").digest()
    return int.from_bytes(digest, signed=True)
