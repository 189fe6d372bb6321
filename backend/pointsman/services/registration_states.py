"""How the registrations of trunks stand, as Kamailio nodes report them.

It is no configuration: it has no revision and no change record, and nothing is decided by it.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from pointsman.database import transaction
from pointsman.routing.registration import RegistrationStatus
from pointsman.services.registration_events import tell_registrations

_ERROR = 200

# What is not a trunk any more is left out: an agent follows the configuration a little later.
_STORE = """
    INSERT INTO registration_state (id, node_id, trunk_id, state, since, expires_at, last_error,
                                    confirmed_at)
    SELECT gen_random_uuid(), $1, told.id, told.state, to_timestamp(told.since),
           to_timestamp(nullif(told.expires_at, 0)), told.last_error, now()
    FROM jsonb_to_recordset($2::jsonb) AS told(
        id uuid, state text, since float, expires_at float, last_error text)
    JOIN trunk ON trunk.id = told.id
    ON CONFLICT (trunk_id, node_id) DO UPDATE SET
        state = excluded.state, since = excluded.since, expires_at = excluded.expires_at,
        last_error = excluded.last_error, confirmed_at = excluded.confirmed_at
"""
_FORGET = """
    DELETE FROM registration_state WHERE node_id = $1 AND trunk_id NOT IN (
        SELECT told.id FROM jsonb_to_recordset($2::jsonb) AS told(id uuid))
"""


class ReportedRegistration(Struct, frozen=True):
    """What a node tells of a trunk's registration, by the trunk's id. Times are Unix time in
    seconds, `expires_at` 0 for none. `last_error` says why it is not registered."""

    id: str
    state: RegistrationStatus
    since: float
    expires_at: float = 0.0
    last_error: str = ""


async def store_registration_states(node_id: str, states: Sequence[ReportedRegistration]) -> None:
    """Make these all that the node tells of registrations."""
    rows = [
        {**msgspec.to_builtins(state), "last_error": state.last_error[:_ERROR]}
        for state in sorted({state.id: state for state in states}.values(), key=lambda s: s.id)
    ]
    text = msgspec.json.encode(rows).decode()
    async with transaction() as connection:
        await connection.execute_query(_FORGET, [node_id, text])
        await connection.execute_query(_STORE, [node_id, text])
        await tell_registrations(connection, node_id)
