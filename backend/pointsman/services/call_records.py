"""Storing what nodes report of calls, once each, and the calls that they tell of.

An event is kept as it came. Its call is then read anew from all the events that it has, so that
they may come in any order, and late: what a call is depends on the set of them alone.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.calls.call import Call, call_of, read_moment
from pointsman.calls.event import EndEvent, Event, ReportedEvent, read_event
from pointsman.database import transaction
from pointsman.models import CallAttempt, CallEvent, CallEventConflict, CallRecord, Tenant
from pointsman.services.call_rows import attempt_rows, record_row

# Events of one node are stored one report after the other: two of a call's that were stored at the
# same time would each be read without the other.
_LOCK = (
    "SELECT pg_advisory_xact_lock($1), CASE current_setting('synchronous_commit') WHEN 'off' "
    # What is not on the disk is not stored.
    "THEN set_config('synchronous_commit', 'on', true) END"
)
_INSERT = (
    "INSERT INTO call_event (id, call_record_id, node, kind, started_at, at, received_at, content, "
    "content_sha256) SELECT id, call_record_id, $2, kind, started_at, at, now(), content, "
    "content_sha256 FROM unnest($1::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], "
    "$6::timestamptz[], $7::text[], $8::bytea[]) AS given "
    "(id, call_record_id, kind, started_at, at, content, content_sha256) "
    "ON CONFLICT DO NOTHING RETURNING id"
)
_FEWER_ATTEMPTS = (
    "DELETE FROM call_attempt USING unnest($1::uuid[], $2::int[]) AS call (id, attempts) "
    "WHERE call_record_id = call.id AND position >= call.attempts"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """How many events were new, were there already, and contradict what is there; and how many of
    the calls that changed name a tenant that does not exist."""

    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    orphans: int = 0


async def store_events(node: str, reported: Sequence[ReportedEvent]) -> Stored:
    """Store what a node reports, all of it or, when this raises, none; it is committed when this
    returns."""
    if not reported:
        return Stored()
    async with transaction() as connection:
        await connection.execute_query(_LOCK, [_lock_of(node)])
        new = await _insert_new(connection, node, reported)
        conflicting = await _conflicting(reported)
        conflicts = await _keep_conflicts(node, conflicting)
        calls = await _read_calls({each.event.call_key for each in reported
                                   if each.event.key in new})  # fmt: skip
        orphans = await _write_calls(connection, calls)
    return Stored(len(new), len(reported) - len(new) - conflicts, conflicts, orphans)


async def _insert_new(
    connection: BaseDBAsyncClient, node: str, reported: Sequence[ReportedEvent]
) -> set[UUID]:
    """The keys of those that were not there."""
    events = [each.event for each in reported]
    rows = await connection.execute_query_dict(
        _INSERT,
        [
            [event.key for event in events],
            node,
            [event.call_key for event in events],
            [event.kind for event in events],
            [read_moment(event.started) for event in events],
            [read_moment(event.at) for event in events],
            [each.content for each in reported],
            [each.content_sha256 for each in reported],
        ],
    )
    return {row["id"] for row in rows}


async def _conflicting(reported: Sequence[ReportedEvent]) -> dict[UUID, ReportedEvent]:
    """What came with the key of a stored event and says something else, by its own key.

    Not an end by a BYE. A party may send its BYE again for as long as the call's Route is valid,
    with any Reason: a node that has forgotten the end, as after a restart, writes it down once
    more. The first end counts, and no party can raise an alarm."""
    stored = {
        row.id: bytes(row.content_sha256)
        for row in await CallEvent.filter(id__in=[each.event.key for each in reported]).only(
            "id", "content_sha256"
        )
    }
    return {
        _conflict_key(each): each
        for each in reported
        if stored[each.event.key] != each.content_sha256
        and not (isinstance(each.event, EndEvent) and each.event.is_by_bye)
    }


async def _keep_conflicts(node: str, conflicting: Mapping[UUID, ReportedEvent]) -> int:
    """How many of them were not kept before."""
    if not conflicting:
        return 0
    kept = await CallEventConflict.filter(id__in=list(conflicting)).values_list("id", flat=True)
    new = [
        CallEventConflict(
            id=key,
            call_event_id=each.event.key,
            node=node,
            started_at=read_moment(each.event.started),
            content=each.content,
        )
        for key, each in conflicting.items()
        if key not in kept
    ]
    await CallEventConflict.bulk_create(new, ignore_conflicts=True)
    return len(new)


async def _read_calls(keys: Iterable[UUID]) -> list[Call]:
    """The calls, from all the events that are stored of them."""
    events: dict[UUID, list[Event]] = {}
    for row in await CallEvent.filter(call_record_id__in=list(keys)).only(
        "id", "call_record_id", "content"
    ):
        found = read_event(row.content.encode()).event
        events.setdefault(row.call_record_id, []).append(found)
    return [call_of(events[key]) for key in sorted(events)]


async def _write_calls(connection: BaseDBAsyncClient, calls: Sequence[Call]) -> int:
    """How many of them name a tenant that there is not."""
    if not calls:
        return 0
    tenants = await _known_tenants(calls)
    records = [record_row(call, tenants) for call in calls]
    await _upsert(CallRecord, records)
    counts: list[Any] = [[call.key for call in calls], [len(call.attempts) for call in calls]]
    await connection.execute_query(_FEWER_ATTEMPTS, counts)
    await _upsert(CallAttempt, [row for call in calls for row in attempt_rows(call)])
    return sum(1 for record in records if record.tenant and record.tenant_id is None)


async def _upsert(model: type[Any], rows: Sequence[Any]) -> None:
    columns = [name for name in model._meta.fields_db_projection if name != "id"]
    await model.bulk_create(rows, on_conflict=["id"], update_fields=columns)


async def _known_tenants(calls: Sequence[Call]) -> Mapping[str, UUID]:
    """The tenants of this platform among those that are named, by their names in records."""
    named = {call.start.tenant for call in calls if call.start is not None}
    ids = {text: found for text in named if (found := _read_uuid(text)) is not None}
    known = set(await Tenant.filter(id__in=list(ids.values())).values_list("id", flat=True))
    return {text: found for text, found in ids.items() if found in known}


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _conflict_key(reported: ReportedEvent) -> UUID:
    whole = reported.event.key.bytes + reported.content_sha256
    return UUID(bytes=hashlib.blake2b(whole, digest_size=16).digest())


def _lock_of(node: str) -> int:
    """A number of the node's own among PostgreSQL's advisory locks."""
    digest = hashlib.blake2b(node.encode(), digest_size=8, person=b"call events").digest()
    return int.from_bytes(digest, signed=True)
