"""What is wrong now, so that it is told once, and told when it ends."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.models import EventKind

_GIVEN = "unnest($2::uuid[], $3::uuid[], $4::text[]) AS given(trunk_id, node_id, host)"
_BEGIN = f"""
    INSERT INTO trouble (id, kind, trunk_id, node_id, host, since)
    SELECT gen_random_uuid(), $1::text, given.trunk_id, given.node_id, given.host, now()
    FROM {_GIVEN}
    ON CONFLICT DO NOTHING RETURNING trunk_id, node_id, host
"""  # noqa: S608 -- of our own texts
_END = f"""
    DELETE FROM trouble USING {_GIVEN}
    WHERE trouble.kind = $1 AND trouble.trunk_id IS NOT DISTINCT FROM given.trunk_id
        AND trouble.node_id IS NOT DISTINCT FROM given.node_id AND trouble.host = given.host
    RETURNING trouble.trunk_id, trouble.node_id, trouble.host
"""  # noqa: S608 -- of our own texts


class Subject(Struct, frozen=True):
    """What it is wrong with."""

    trunk_id: UUID | None = None
    node_id: UUID | None = None
    host: str = ""


async def begin_troubles(
    connection: BaseDBAsyncClient, kind: EventKind, subjects: Sequence[Subject]
) -> set[Subject]:
    """Note that it is wrong with these; those with which it was not before."""
    return await _change(connection, _BEGIN, kind, subjects)


async def end_troubles(
    connection: BaseDBAsyncClient, kind: EventKind, subjects: Sequence[Subject]
) -> set[Subject]:
    """Note that it is right with these again; those with which it was wrong."""
    return await _change(connection, _END, kind, subjects)


async def _change(
    connection: BaseDBAsyncClient, sql: str, kind: EventKind, subjects: Sequence[Subject]
) -> set[Subject]:
    if not subjects:
        return set()
    columns = [
        [subject.trunk_id for subject in subjects],
        [subject.node_id for subject in subjects],
        [subject.host for subject in subjects],
    ]
    rows = await connection.execute_query_dict(sql, [str(kind), *columns])
    return {Subject(row["trunk_id"], row["node_id"], row["host"]) for row in rows}
