"""Registrations that are lost or there again, by what a node tells of them.

One is lost when a node tells that it has failed, whether or not it ever was there, and restored
when that node tells that it is registered. What is tried meanwhile changes nothing; of what a node
does not register any more nothing is told.
"""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from pointsman.models import EventKind
from pointsman.routing.registration import RegistrationStatus
from pointsman.services.events import NewEvent, raise_events
from pointsman.services.troubles import Subject, begin_troubles, end_troubles

_TOLD = """
    SELECT trunk.id, trunk.name, coalesce(trunk.tenant_id, carrier.tenant_id) AS tenant_id,
           node.id AS node_id, node.name AS node, told.state, told.last_error
    FROM registration_state AS told JOIN kamailio_node AS node ON node.id = told.node_id
    JOIN trunk ON trunk.id = told.trunk_id LEFT JOIN carrier ON carrier.id = trunk.carrier_id
    WHERE told.node_id = $1 AND told.state IN ('FAILED', 'REGISTERED') ORDER BY trunk.id
"""
_LEAVE = """
    DELETE FROM trouble WHERE kind = 'REGISTRATION_LOST' AND node_id = $1 AND trunk_id NOT IN (
        SELECT trunk_id FROM registration_state WHERE node_id = $1 AND state <> 'DISABLED')
"""


async def tell_registrations(connection: BaseDBAsyncClient, node_id: str) -> None:
    """Raise the events of what a node tells."""
    await connection.execute_query(_LEAVE, [node_id])
    rows = await connection.execute_query_dict(_TOLD, [node_id])
    told = {Subject(row["id"], row["node_id"]): row for row in rows}
    failed = [each for each, row in told.items() if row["state"] == RegistrationStatus.FAILED]
    lost = await begin_troubles(connection, EventKind.REGISTRATION_LOST, failed)
    there = [each for each, row in told.items() if row["state"] == RegistrationStatus.REGISTERED]
    restored = await end_troubles(connection, EventKind.REGISTRATION_LOST, there)
    for kind, subjects in (
        (EventKind.REGISTRATION_LOST, lost),
        (EventKind.REGISTRATION_RESTORED, restored),
    ):
        await raise_events(connection, kind, [_event(told[each]) for each in subjects])


def _event(row: dict[str, Any]) -> NewEvent:
    data = {
        "trunk": {"id": str(row["id"]), "name": row["name"]},
        "node": row["node"],
        "error": row["last_error"],
    }
    return NewEvent(data, row["tenant_id"], row["id"])
