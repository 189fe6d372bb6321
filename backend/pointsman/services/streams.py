"""Tables that are too long to be read at once, as rows that the core can take as they are."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

Row = tuple[Any, ...]

_ROWS_AT_ONCE = 10_000
# The fields of a RoutingRule in their order, but for the tenant, which stands before them: what is
# of one tenant does not repeat it. In the order in which a call looks at them.
_RULES = """
    SELECT tenant_id::text, id::text, name, '', coalesce(routing_group_id::text, ''),
        called_prefix, called_regex, priority, enabled, calling_prefix, calling_regex,
        coalesce(source_trunk_id::text, ''), coalesce(schedule_id::text, ''), schedule_open,
        action, coalesce(reject_sip_code, 0), reject_sip_reason, forward_number
    FROM routing_rule {where}
    ORDER BY {first} called_prefix COLLATE "C", calling_prefix COLLATE "C",
        (source_trunk_id IS NULL), (schedule_id IS NULL), priority, name COLLATE "C"
"""
# The fields of a Did in their order.
_DIDS = """
    SELECT id::text, prefix, tenant_id::text, coalesce(pbx_trunk_id::text, ''),
        coalesce(routing_group_id::text, ''), enabled
    FROM did {where} ORDER BY prefix COLLATE "C"
"""


async def stream_rules(connection: BaseDBAsyncClient) -> AsyncIterator[list[Row]]:
    """All rules by tenant."""
    sql = _RULES.format(where="", first='tenant_id::text COLLATE "C",')
    async for rows in _stream(connection, "rules", sql):
        yield rows


async def stream_dids(connection: BaseDBAsyncClient) -> AsyncIterator[list[Row]]:
    """All DIDs by prefix."""
    async for rows in _stream(connection, "dids", _DIDS.format(where="")):
        yield rows


async def fetch_rules(
    connection: BaseDBAsyncClient, tenant_id: UUID, called_prefixes: Sequence[str]
) -> list[Row]:
    """The rules of a tenant for these called prefixes."""
    sql = _RULES.format(where="WHERE tenant_id = $1 AND called_prefix = ANY($2)", first="")
    _, rows = await connection.execute_query(sql, [tenant_id, list(called_prefixes)])
    return [tuple(row) for row in rows]


async def fetch_dids(connection: BaseDBAsyncClient, prefixes: Sequence[str]) -> list[Row]:
    """The DIDs of these prefixes."""
    sql = _DIDS.format(where="WHERE prefix = ANY($1)")
    _, rows = await connection.execute_query(sql, [list(prefixes)])
    return [tuple(row) for row in rows]


async def _stream(connection: BaseDBAsyncClient, name: str, sql: str) -> AsyncIterator[list[Row]]:
    await connection.execute_script(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}")
    while True:
        _, rows = await connection.execute_query(f"FETCH {_ROWS_AT_ONCE} FROM {name}")
        if not rows:
            break
        yield [tuple(row) for row in rows]
    await connection.execute_script(f"CLOSE {name}")
