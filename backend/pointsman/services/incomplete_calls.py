"""Calls whose end never came."""

from pointsman.database import transaction
from pointsman.services.statistics_due import note_due

# A few at a time; what is being stored at this moment is left to the next time.
_AT_ONCE = 1_000
_MARK = (
    "UPDATE call_record SET state = 'INCOMPLETE', outcome = 'INCOMPLETE', updated_at = now() "
    "WHERE id IN (SELECT id FROM call_record WHERE outcome = 'IN_PROGRESS' AND ("
    "(state = 'STARTED' AND started_at < now() - make_interval(secs => $1)) OR "
    "(state = 'ANSWERED' AND started_at < now() - make_interval(secs => $2))) "
    "ORDER BY started_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING started_at"
)


async def mark_incomplete_calls(longest_ringing_s: float, longest_call_s: float) -> int:
    """Mark what has no end and started longer ago than calls ring, when nobody has answered it, or
    than calls last; how many that were. An answer or an end that comes all the same makes a call an
    answered or an ended one."""
    limits = [longest_ringing_s, longest_call_s]
    marked = 0
    while True:
        async with transaction() as connection:
            rows = await connection.execute_query_dict(_MARK, [*limits, _AT_ONCE])
            await note_due(connection, (row["started_at"] for row in rows))
        marked += len(rows)
        if len(rows) < _AT_ONCE:
            return marked
