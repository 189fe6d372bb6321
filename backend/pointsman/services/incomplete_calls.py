"""Calls whose end never came."""

from pointsman.database import transaction

# A few at a time; what is being stored at this moment is left to the next time.
_AT_ONCE = 1_000
_MARK = (
    "UPDATE call_record SET state = 'INCOMPLETE', updated_at = now() WHERE id IN ("
    "SELECT id FROM call_record WHERE state IN ('STARTED', 'ANSWERED') "
    "AND started_at < now() - make_interval(secs => $1) "
    "ORDER BY started_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"
)


async def mark_incomplete_calls(longest_call_s: float) -> int:
    """Mark what started longer ago than calls last and has no end; how many that were. An end that
    comes all the same makes a call an ended one."""
    marked = 0
    while True:
        async with transaction() as connection:
            rows = await connection.execute_query_dict(_MARK, [longest_call_s, _AT_ONCE])
        marked += len(rows)
        if len(rows) < _AT_ONCE:
            return marked
