"""Deliveries of events to webhooks, as operators see them and ask for them."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner
from pointsman.database import transaction
from pointsman.errors import Conflict, NotFound
from pointsman.models import DeliveryState, Event, EventKind, Webhook, WebhookDelivery
from pointsman.services.events import GIVE_UP_AFTER_H
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows


async def list_deliveries(
    principal: Principal,
    webhook_id: object,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    state: DeliveryState | None = None,
) -> Page[WebhookDelivery]:
    """Of a webhook, the oldest first."""
    where = Q(webhook_id=(await get_row(principal, Webhook, webhook_id)).id)
    if state is not None:
        where &= Q(state=state)
    return await list_rows(
        principal, WebhookDelivery, where, order=("created_at",), first=first, after=after
    )


async def ping_webhook(principal: Principal, webhook_id: object) -> WebhookDelivery:
    """Send it a PING; raises Conflict while the last one is under way."""
    async with transaction() as connection:
        webhook = await _get_enabled(principal, webhook_id, "id")
        under_way = WebhookDelivery.filter(
            webhook_id=webhook.id, state=DeliveryState.PENDING, event__kind=EventKind.PING
        )
        if await under_way.exists():
            raise Conflict("id", "a PING is under way already: look at its deliveries")
        now = await _now(connection)
        event = await Event.create(
            at=now,
            kind=EventKind.PING,
            tenant_id=webhook.tenant_id,
            data={"webhook": {"id": str(webhook.id), "name": webhook.name}},
        )
        return await WebhookDelivery.create(webhook=webhook, event=event, **_new_round(now))


async def redeliver_event(
    principal: Principal, event_id: object, webhook_id: object
) -> WebhookDelivery:
    """Send an event to a webhook (again), whatever kinds it wants; raises Conflict while it is
    under way there."""
    async with transaction() as connection:
        webhook = await _get_enabled(principal, webhook_id, "webhookId")
        event = await get_row(principal, Event, event_id, "eventId")
        if webhook.tenant_id not in (None, event.tenant_id):
            raise NotFound("event", event_id, "eventId")
        row = await WebhookDelivery.get_or_none(webhook_id=webhook.id, event_id=event.id)
        new = _new_round(await _now(connection))
        if row is None:
            return await WebhookDelivery.create(webhook=webhook, event=event, **new)
        if row.state is DeliveryState.PENDING:
            raise Conflict("eventId", "the event is on its way there already")
        del new["created_at"]
        row.update_from_dict({**new, "attempts": 0, "ended_at": None})
        await row.save()
        return row


async def _get_enabled(principal: Principal, webhook_id: object, path: str) -> Webhook:
    """The webhook, locked, so that of two who ask for the same one is second."""
    row = await get_row(principal, Webhook, webhook_id, path)
    require_owner(principal, row.tenant_id, "have a webhook of the platform told")
    locked = await Webhook.filter(id=row.id).select_for_update().get_or_none()
    if locked is None:
        raise NotFound("webhook", webhook_id, path)
    if not locked.enabled:
        raise Conflict(path, "the webhook is disabled: enable it first")
    return locked


async def _now(connection: BaseDBAsyncClient) -> datetime:
    """By the clock that says what is due."""
    (row,) = await connection.execute_query_dict("SELECT now() AS now")
    found: datetime = row["now"]
    return found


def _new_round(now: datetime) -> dict[str, Any]:
    return {
        "state": DeliveryState.PENDING,
        "created_at": now,
        "due_at": now,
        "give_up_at": now + timedelta(hours=GIVE_UP_AFTER_H),
    }
