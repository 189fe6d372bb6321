"""Trunks that are down or up again, by what nodes tell of their endpoints.

A trunk is down when each of its enabled endpoints is down at every node that tells of it, and at
one at least. It is up when one of them is up at some node. In between, as when a node that has just
started knows nothing yet, it stays what it was. A trunk that is not probed any more (disabled, or
without endpoints) is neither, and nothing is told of it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.models import EventKind
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.node_reports import TOLD_FOR
from pointsman.services.troubles import Subject, begin_troubles, end_troubles

# Of the endpoints that a node tells of; and what is down, since of it nobody may tell any more.
_JUDGE = """
    SELECT trunk.id, trunk.name, coalesce(trunk.tenant_id, carrier.tenant_id) AS tenant_id,
           bool_and(coalesce(said.down, false)) AS down, bool_or(coalesce(said.up, false)) AS up,
           jsonb_agg(jsonb_build_object('host', endpoint.host, 'port', endpoint.port, 'transport',
                     endpoint.transport) ORDER BY endpoint.priority, endpoint.host, endpoint.port)
               AS endpoints
    FROM trunk LEFT JOIN carrier ON carrier.id = trunk.carrier_id
    JOIN trunk_endpoint AS endpoint ON endpoint.trunk_id = trunk.id AND endpoint.enabled
    LEFT JOIN LATERAL (
        SELECT bool_and(state = 'DOWN') AS down, bool_or(state = 'UP') AS up FROM endpoint_state
        WHERE endpoint_id = endpoint.id AND confirmed_at > now() - make_interval(secs => $2)
    ) AS said ON true
    WHERE trunk.enabled AND trunk.probing AND trunk.id IN (
        SELECT trunk_id FROM trunk_endpoint WHERE id = ANY($1::uuid[])
        UNION SELECT trunk_id FROM trouble WHERE kind = 'TRUNK_DOWN')
    GROUP BY trunk.id, carrier.id ORDER BY trunk.id
"""
_LEAVE = """
    DELETE FROM trouble WHERE kind = 'TRUNK_DOWN' AND NOT EXISTS (
        SELECT FROM trunk JOIN trunk_endpoint AS endpoint ON endpoint.trunk_id = trunk.id
        WHERE trunk.id = trouble.trunk_id AND trunk.enabled AND trunk.probing AND endpoint.enabled)
"""


async def tell_trunks(connection: BaseDBAsyncClient, endpoint_ids: Sequence[str]) -> None:
    """Raise the events of the trunks that these endpoints are of."""
    await connection.execute_query(_LEAVE)
    rows = await connection.execute_query_dict(
        _JUDGE, [list(endpoint_ids), TOLD_FOR.total_seconds()]
    )
    down = {Subject(row["id"]): row for row in rows if row["down"]}
    begun = await begin_troubles(connection, EventKind.TRUNK_DOWN, list(down))
    up = {Subject(row["id"]): row for row in rows if row["up"]}
    ended = await end_troubles(connection, EventKind.TRUNK_DOWN, list(up))
    await raise_events(connection, EventKind.TRUNK_DOWN, [_event(down[each]) for each in begun])
    await raise_events(connection, EventKind.TRUNK_UP, [_event(up[each]) for each in ended])


def _event(row: dict[str, Any]) -> NewEvent:
    data = {
        "trunk": {"id": str(row["id"]), "name": row["name"]},
        "endpoints": msgspec.json.decode(row["endpoints"]),
    }
    return NewEvent(data, row["tenant_id"], row["id"])
