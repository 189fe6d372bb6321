"""Deliveries of events to webhooks in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.context import Info
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.event import Event
from pointsman.models import DeliveryState
from pointsman.services.events import GIVE_UP_AFTER_H

strawberry.enum(
    DeliveryState,
    description="How a delivery stands. PENDING: it is to be tried (again). DELIVERED: the far end "
    f"answered 2xx. FAILED: it was tried for {GIVE_UP_AFTER_H} hours and is given up.",
)


@strawberry.type(description="One try to deliver an event.")
class WebhookAttempt:
    """models.WebhookAttempt."""

    at: datetime = strawberry.field(description="When it began.")
    status: int | None = strawberry.field(
        description="The HTTP status of the answer; null where none came."
    )
    error: str = strawberry.field(description="Why no answer came; empty where one did.")
    duration_ms: int = strawberry.field(description="How long it took.")

    @classmethod
    def of(cls, row: models.WebhookAttempt) -> "WebhookAttempt":
        """Wrap a row."""
        return cls(at=row.at, status=row.status, error=row.error, duration_ms=row.duration_ms)


@strawberry.type(description="An event on its way to a webhook.")
class WebhookDelivery:
    """models.WebhookDelivery."""

    id: strawberry.ID = strawberry.field(description="Names the delivery for good.")
    state: DeliveryState = strawberry.field(description="How it stands.")
    created_at: datetime = strawberry.field(description="When it was first to be made.")
    due_at: datetime = strawberry.field(
        description="When it is tried next; when it was to be tried last, where it has ended."
    )
    ended_at: datetime | None = strawberry.field(
        description="When it was delivered or given up; null before that."
    )
    event_id: strawberry.Private[UUID]

    @strawberry.field(description="What is told.")
    async def event(self, info: Info) -> Event | None:
        """The event."""
        row = await info.context.loaders.event_by_id.load(self.event_id)
        return Event.of(row) if row else None

    @strawberry.field(description="Each try, the oldest first.")
    async def attempts(self, info: Info) -> list[WebhookAttempt]:
        """The log."""
        rows = await info.context.loaders.attempts_by_delivery_id.load(UUID(self.id))
        return [WebhookAttempt.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.WebhookDelivery) -> "WebhookDelivery":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            state=row.state,
            created_at=row.created_at,
            due_at=row.due_at,
            ended_at=row.ended_at,
            event_id=row.event_id,
        )


WebhookDeliveryResult = Annotated[
    WebhookDelivery | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("WebhookDeliveryResult", description="The delivery, or why there is none."),
]
