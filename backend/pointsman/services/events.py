"""Events: what happened, written in the transaction of what caused it, with its deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.database import transaction
from pointsman.models import Event, EventKind, Tenant
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows

# A delivery is not tried again after so long.
GIVE_UP_AFTER_H = 24
# Forgotten at once, so that nobody waits long for a row.
_AT_ONCE = 1_000

# A webhook that is deleted meanwhile gets none: its row is kept until this is committed.
_RAISE = """
    WITH made AS (
        INSERT INTO event (id, at, kind, tenant_id, trunk_id, data)
        SELECT gen_random_uuid(), now(), $1::text, given.tenant_id, given.trunk_id, given.data
        FROM jsonb_to_recordset($2::jsonb) AS given(tenant_id uuid, trunk_id uuid, data jsonb)
        RETURNING id, tenant_id)
    INSERT INTO webhook_delivery (id, webhook_id, event_id, state, attempts, created_at, due_at,
                                  give_up_at)
    SELECT gen_random_uuid(), webhook.id, made.id, 'PENDING', 0, now(), now(),
           now() + make_interval(hours => $3)
    FROM made JOIN webhook ON webhook.enabled AND webhook.kinds ? $1::text
        AND (webhook.tenant_id IS NULL OR webhook.tenant_id = made.tenant_id)
    FOR KEY SHARE OF webhook
"""
_FORGET = """
    DELETE FROM event WHERE id IN (
        SELECT id FROM event WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT $2)
    RETURNING id
"""


class NewEvent(Struct, frozen=True):
    """What happened: whose it is (None: the platform's), which trunk it is of, and more."""

    data: dict[str, Any]
    tenant_id: UUID | None = None
    trunk_id: UUID | None = None


async def raise_events(
    connection: BaseDBAsyncClient, kind: EventKind, events: Sequence[NewEvent]
) -> None:
    """Write events of a kind, and a delivery to each webhook that wants them."""
    if events:
        text = msgspec.json.encode(events).decode()
        await connection.execute_query(_RAISE, [str(kind), text, GIVE_UP_AFTER_H])


async def list_events(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    kinds: Sequence[EventKind] | None = None,
    tenant_id: object | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Event]:
    """Events, the oldest first; `until` is the first moment that is not asked for."""
    where = Q()
    if kinds is not None:
        where &= Q(kind__in=list(kinds))
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if since is not None:
        where &= Q(at__gte=since)
    if until is not None:
        where &= Q(at__lt=until)
    return await list_rows(principal, Event, where, order=("at",), first=first, after=after)


async def forget_events(keep_days: int) -> int:
    """Delete the events that are older, with their deliveries; how many that were."""
    forgotten = 0
    while True:
        async with transaction() as connection:
            rows = await connection.execute_query_dict(_FORGET, [keep_days, _AT_ONCE])
        forgotten += len(rows)
        if len(rows) < _AT_ONCE:
            return forgotten
