"""What Kamailio nodes have found of the endpoints of trunks by probing them.

It is no configuration: it has no revision and no change record, and no call waits for it. Calls
are decided by what an agent tells the router beside it; this is what is shown of that.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pointsman.database import transaction
from pointsman.errors import InvalidInput, Problem
from pointsman.models import EndpointState, KamailioNode
from pointsman.routing.health import EndpointHealth, Health
from pointsman.services.node_reports import TOLD_FOR
from pointsman.services.trunk_events import tell_trunks

_REASON = 128
_NOTE = 200

_Id = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
# Up to the year 9999.
_UnixTime = Annotated[float, Meta(ge=0, le=253_370_764_800)]

# What nodes tell is stored one after the other: two that tell of the last endpoints of a trunk at
# the same time would each be stored without the other.
_LOCK = "SELECT pg_advisory_xact_lock($1)"
_LOCK_KEY = 0x656E64706F696E74
# What is not an endpoint any more is left out: an agent follows the configuration a little later.
_STORE = """
    INSERT INTO endpoint_state (id, node_id, endpoint_id, state, since, reply_code, reply_reason,
                                probed_at, note, confirmed_at)
    SELECT gen_random_uuid(), $1, told.id, told.state, to_timestamp(told.since), told.code,
           told.reason, to_timestamp(nullif(told.probed_at, 0)), told.note, now()
    FROM jsonb_to_recordset($2::jsonb) AS told(
        id uuid, state text, since float, code int, reason text, probed_at float, note text)
    JOIN trunk_endpoint ON trunk_endpoint.id = told.id
    ON CONFLICT (endpoint_id, node_id) DO UPDATE SET
        state = excluded.state, since = excluded.since, reply_code = excluded.reply_code,
        reply_reason = excluded.reply_reason, probed_at = excluded.probed_at,
        note = excluded.note, confirmed_at = excluded.confirmed_at
"""
_FORGET = """
    DELETE FROM endpoint_state WHERE node_id = $1 AND endpoint_id NOT IN (
        SELECT told.id FROM jsonb_to_recordset($2::jsonb) AS told(id uuid))
"""


class ReportedState(Struct, frozen=True):
    """What a node tells of an endpoint, by its id. `code` and `reason` are those of the last reply
    to a probe, 0 and "" for none yet; a probe that nobody answers has Kamailio's own 408. Times are
    Unix time in seconds, `probed_at` 0 for never. `note` says why a state is not what the probes
    alone would make of it."""

    id: _Id
    state: EndpointHealth
    since: _UnixTime
    code: Annotated[int, Meta(ge=0, le=999)] = 0
    reason: str = ""
    probed_at: _UnixTime = 0.0
    note: str = ""


async def store_endpoint_states(node_id: str, states: Sequence[ReportedState]) -> None:
    """Make these all that the node tells of endpoints."""
    rows = [
        {
            **msgspec.to_builtins(state),
            "reason": _shorten(state.reason, _REASON),
            "note": _shorten(state.note, _NOTE),
        }
        for state in sorted({state.id: state for state in states}.values(), key=lambda s: s.id)
    ]
    text = msgspec.json.encode(rows).decode()
    async with transaction() as connection:
        await connection.execute_query(_LOCK, [_LOCK_KEY])
        await connection.execute_query(_FORGET, [node_id, text])
        await connection.execute_query(_STORE, [node_id, text])
        await tell_trunks(connection, [row["id"] for row in rows])


def _shorten(text: str, length: int) -> str:
    """As PostgreSQL takes it: it has no NUL."""
    return text.replace("\0", "")[:length]


async def load_health(node_name: str = "") -> Health:
    """The health that a node has told, by its name; of all nodes that tell, for "": an endpoint is
    down then where it is for each of them. Raises InvalidInput for a node that is none."""
    if node_name and not await KamailioNode.exists(name=node_name):
        message = f"no Kamailio node has the name {node_name}"
        raise InvalidInput([Problem("healthOf", message, "name one that there is, or leave it")])
    rows = EndpointState.filter(confirmed_at__gt=datetime.now(UTC) - TOLD_FOR)
    if node_name:
        rows = rows.filter(node__name=node_name)
    up: set[str] = set()
    down: set[str] = set()
    for row in await rows:
        (down if row.state is EndpointHealth.DOWN else up).add(str(row.endpoint_id))
    return dict.fromkeys(down - up, 1.0)
