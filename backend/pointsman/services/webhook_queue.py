"""The deliveries that are due, as who sends them takes them and says what became of them.

Of several processes each takes others: the rows that one is taking are skipped by the rest, and
what it has taken is its own until a moment that no attempt lasts to. One that is killed meanwhile
leaves it to the next from then on: an event is delivered at least once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from pointsman.database import transaction
from pointsman.models import DeliveryState

# How long after each attempt that failed there is the next, in seconds.
DELAYS_S: Sequence[float] = (
    10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800,
)  # fmt: skip
# No attempt lasts half as long.
LEASE_S = 60.0
# At a time of one webhook, so that one that does not answer holds up nobody else.
_MOST_OF_ONE = 4
_ERROR = 200

_TAKE = """
    WITH due AS (
        SELECT each.id, row_number() OVER (PARTITION BY webhook_id ORDER BY due_at, each.id) + (
            SELECT count(*) FROM webhook_delivery AS taken
            WHERE taken.webhook_id = each.webhook_id AND taken.state = 'PENDING'
                AND taken.claimed_until > now()) AS place
        FROM webhook_delivery AS each JOIN webhook ON webhook.id = webhook_id AND webhook.enabled
        WHERE state = 'PENDING' AND due_at <= now() AND coalesce(claimed_until, now()) <= now()
    ), taken AS (
        SELECT each.id FROM webhook_delivery AS each JOIN due ON due.id = each.id AND place <= $2
        WHERE state = 'PENDING' AND due_at <= now() AND coalesce(claimed_until, now()) <= now()
        ORDER BY due_at LIMIT $1 FOR UPDATE OF each SKIP LOCKED
    )
    UPDATE webhook_delivery AS each
    SET claimed_until = now() + make_interval(secs => $3), attempts = attempts + 1
    FROM taken, event, webhook
    WHERE each.id = taken.id AND event.id = each.event_id AND webhook.id = each.webhook_id
    RETURNING each.id, each.attempts, each.claimed_until, webhook.id AS webhook_id, webhook.url,
        webhook.secret, event.id AS event_id, event.kind, event.at, event.tenant_id, event.data
"""
# Whose time is over, or what was asked for anew, is not changed by who had it.
_END = """
    UPDATE webhook_delivery SET claimed_until = NULL,
        state = CASE WHEN $3 THEN 'DELIVERED' WHEN now() + make_interval(secs => $4) <= give_up_at
            THEN 'PENDING' ELSE 'FAILED' END,
        due_at = CASE WHEN $3 THEN due_at
            ELSE now() + coalesce(make_interval(secs => $4), interval '0') END,
        ended_at = CASE WHEN $3 OR (now() + make_interval(secs => $4) <= give_up_at) IS NOT TRUE
            THEN now() END
    WHERE id = $1 AND claimed_until = $2 RETURNING state
"""
_LOG = """
    INSERT INTO webhook_attempt (id, delivery_id, at, status, error, duration_ms)
    SELECT gen_random_uuid(), id, $2, $3, $4, $5 FROM webhook_delivery WHERE id = $1 FOR KEY SHARE
"""
_WAITING = """
    SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(due_at) FILTER (
        WHERE coalesce(claimed_until, now()) <= now())), 0)::float AS overdue_s
    FROM webhook_delivery JOIN webhook ON webhook.id = webhook_id AND webhook.enabled
    WHERE state = 'PENDING'
"""


class Taken(Struct, frozen=True):
    """A delivery that is to be tried now, with its event and where it goes; `attempts` counts this
    try."""

    id: UUID
    attempts: int
    claimed_until: datetime
    webhook_id: UUID
    url: str
    secret: bytes
    event_id: UUID
    kind: str
    at: datetime
    tenant_id: UUID | None
    data: Any


class Attempt(Struct, frozen=True):
    """What a try came to: the status that was answered, or why there was none."""

    at: datetime
    duration_ms: int
    status: int | None = None
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        """Whether it was taken over there."""
        return self.status is not None and 200 <= self.status < 300


async def take_due(most: int, lease_s: float = LEASE_S) -> list[Taken]:
    """Deliveries that are due, `most` at most, for the caller alone to try."""
    async with transaction() as connection:
        rows = await connection.execute_query_dict(_TAKE, [most, _MOST_OF_ONE, lease_s])
    return [Taken(**{**row, "data": msgspec.json.decode(row["data"])}) for row in rows]


async def store_attempt(
    taken: Taken,
    attempt: Attempt,
    jitter: Callable[[], float],
    delays_s: Sequence[float] = DELAYS_S,
) -> DeliveryState | None:
    """Log an attempt; how the delivery stands then, None where it is not the caller's any more.
    `jitter` is the part of a delay that is waited, 0 to 1."""
    left = delays_s[taken.attempts - 1 :]
    delay_s = left[0] * jitter() if left else None
    logged = [attempt.at, attempt.status, attempt.error[:_ERROR], attempt.duration_ms]
    ended = [taken.claimed_until, attempt.is_delivered, delay_s]
    async with transaction() as connection:
        await connection.execute_query(_LOG, [taken.id, *logged])
        rows = await connection.execute_query_dict(_END, [taken.id, *ended])
    return DeliveryState(rows[0]["state"]) if rows else None


async def count_waiting() -> tuple[int, float]:
    """How many deliveries are to be made, and for how long the first of them is due and not tried,
    in seconds; without those of disabled webhooks."""
    async with transaction() as connection:
        (row,) = await connection.execute_query_dict(_WAITING)
    return row["pending"], max(0.0, row["overdue_s"])
