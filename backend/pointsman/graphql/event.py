"""Events in the schema."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.inputs import created_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.models import EventKind
from pointsman.services import events
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    EventKind,
    description="What happened. TRUNK_DOWN: each enabled endpoint of a trunk is down at every node "
    "that tells of it; TRUNK_UP: one is up again. REGISTRATION_LOST: a trunk's registration failed "
    "at a node; REGISTRATION_RESTORED: it is registered there again. RECORDS_CONFLICT: a node "
    "reported something of a call that contradicts what it had reported. SNAPSHOT_FAILED: a "
    "compiler cannot make a snapshot of the newest configuration; SNAPSHOT_RECOVERED: it can "
    "again. PING: testWebhook was called.",
)


@strawberry.type(description="Something that happened on the platform.")
class Event:
    """models.Event."""

    id: strawberry.ID = strawberry.field(description="Names the event for good.")
    at: datetime = strawberry.field(description="When it was found.")
    kind: EventKind = strawberry.field(description="What happened.")
    trunk_id: strawberry.ID | None = strawberry.field(
        description="The trunk that it is of, which may be deleted since; null for another event."
    )
    data: JSON = strawberry.field(description="More of it, by its kind, as webhooks are told it.")
    tenant_id: strawberry.Private[UUID | None]

    @strawberry.field(
        description="Whose event it is; null for one of the platform, or of a tenant that is gone."
    )
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @classmethod
    def of(cls, row: models.Event) -> "Event":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            at=row.at,
            kind=row.kind,
            trunk_id=strawberry.ID(str(row.trunk_id)) if row.trunk_id else None,
            data=row.data,
            tenant_id=row.tenant_id,
        )


@strawberry.input(description="Which events to list.")
class EventFilter:
    """events.list_events."""

    kinds: list[EventKind] | None = strawberry.field(
        default=None, description="Only those of these kinds."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    since: datetime | None = strawberry.field(
        default=None, name="from", description="Only those from this moment on."
    )
    until: datetime | None = strawberry.field(
        default=None, name="to", description="Only those before this moment."
    )


@strawberry.type
class EventQuery:
    """Reading events."""

    @strawberry.field(description="One event, null when there is none with this id.")
    async def event(self, info: Info, id: strawberry.ID) -> Event | None:
        """One."""
        row = await find_row(info.context.principal, models.Event, id)
        return Event.of(row) if row else None

    @strawberry.field(
        description="What happened, the oldest first, for as long as events are kept "
        "(POINTSMAN_EVENTS_KEEP_DAYS). A tenant sees its own only."
    )
    async def events(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: EventFilter | None = None,
    ) -> Connection[Event]:
        """Many."""
        page = await events.list_events(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or EventFilter()),
        )
        return Connection.of(page, Event.of)
