"""Webhooks in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.webhook_delivery import WebhookDelivery, WebhookDeliveryResult
from pointsman.models import DeliveryState, EventKind
from pointsman.services import webhook_deliveries, webhooks
from pointsman.services.rows import DEFAULT_PAGE, find_row
from pointsman.services.webhook_targets import MAX_URL

_NAME = "Unique among its owner's, 1 to 100 characters."
_URL = (
    f"Where events are posted: https, {MAX_URL} characters at most, without a user. All addresses "
    "of its host have to be public, now and at each delivery; POINTSMAN_WEBHOOK_PRIVATE_TARGETS "
    "allows others, and http to the machine itself."
)
_KINDS = (
    "What it is told of, one kind at least. PING needs not be asked for, and a tenant is not told "
    f"of {', '.join(sorted(webhooks.OF_PLATFORM))}."
)
_SECRET = (
    "What each message is signed with (HMAC-SHA256), {} to {} visible characters of ASCII. It is "
    "kept encrypted and never shown."
).format(*webhooks.SECRET_LENGTHS)
_ENABLED = (
    "Whether it is told. Of what happens while it is not it is never told; what waits for it then "
    "is sent once it is enabled again."
)


@strawberry.type(
    description="A URL of an operator that is told of events: one of a tenant of that tenant's, "
    f"one of the platform of all. An owner has {webhooks.MAX_WEBHOOKS} at most."
)
class Webhook:
    """models.Webhook."""

    id: strawberry.ID = strawberry.field(description="Names the webhook for good.")
    name: str = strawberry.field(description=_NAME)
    url: str = strawberry.field(description=_URL)
    kinds: list[EventKind] = strawberry.field(description=_KINDS)
    enabled: bool = strawberry.field(description=_ENABLED)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Its owner; null for a webhook of the platform.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description="The deliveries of events to it, the oldest first.")
    async def deliveries(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        state: Annotated[
            DeliveryState | None, strawberry.argument(description="Only those that stand so.")
        ] = None,
    ) -> Connection[WebhookDelivery]:
        """Many."""
        page = await webhook_deliveries.list_deliveries(
            info.context.principal, self.id, first=first, after=after, state=state
        )
        return Connection.of(page, WebhookDelivery.of)

    @classmethod
    def of(cls, row: models.Webhook) -> "Webhook":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            url=row.url,
            kinds=[EventKind(kind) for kind in row.kinds],
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


@strawberry.input(description="A webhook to make.")
class CreateWebhookInput:
    """webhooks.create_webhook."""

    name: str = strawberry.field(description=_NAME)
    url: str = strawberry.field(description=_URL)
    kinds: list[EventKind] = strawberry.field(description=_KINDS)
    secret: str = strawberry.field(description=_SECRET)
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Its owner; without it the webhook is the platform's."
    )
    enabled: bool = strawberry.field(default=True, description=_ENABLED)


@strawberry.input(description="What to change of a webhook; what is absent stays as it is.")
class UpdateWebhookInput:
    """webhooks.update_webhook."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    url: strawberry.Maybe[str | None] = strawberry.field(description=_URL)
    kinds: strawberry.Maybe[list[EventKind] | None] = strawberry.field(description=_KINDS)
    secret: strawberry.Maybe[str | None] = strawberry.field(description=_SECRET)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)


@strawberry.input(description="Which webhooks to list.")
class WebhookFilter:
    """webhooks.list_webhooks."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


WebhookResult = Annotated[
    Webhook | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("WebhookResult", description="The webhook, or why nothing was changed."),
]


@strawberry.type
class WebhookQuery:
    """Reading webhooks."""

    @strawberry.field(description="One webhook, null when there is none with this id.")
    async def webhook(self, info: Info, id: strawberry.ID) -> Webhook | None:
        """One."""
        row = await find_row(info.context.principal, models.Webhook, id)
        return Webhook.of(row) if row else None

    @strawberry.field(description="Webhooks by name.")
    async def webhooks(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: WebhookFilter | None = None,
    ) -> Connection[Webhook]:
        """Many."""
        page = await webhooks.list_webhooks(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or WebhookFilter()),
        )
        return Connection.of(page, Webhook.of)


@strawberry.type
class WebhookMutation:
    """Changing webhooks and having them told."""

    @strawberry.mutation(description="Make a webhook.")
    async def create_webhook(self, info: Info, input: CreateWebhookInput) -> WebhookResult:
        """Create."""
        context = info.context
        given = {**created_fields(input), "secrets": context.secrets, "targets": context.targets}
        return Webhook.of(await webhooks.create_webhook(context.principal, **given))

    @strawberry.mutation(description="Change a webhook.")
    async def update_webhook(
        self, info: Info, id: strawberry.ID, input: UpdateWebhookInput
    ) -> WebhookResult:
        """Update."""
        context = info.context
        given = {**updated_fields(input), "secrets": context.secrets, "targets": context.targets}
        return Webhook.of(await webhooks.update_webhook(context.principal, id, **given))

    @strawberry.mutation(description="Delete a webhook with its deliveries; the events stay.")
    async def delete_webhook(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await webhooks.delete_webhook(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))

    @strawberry.mutation(
        description="Send an enabled webhook an event of kind PING, one at a time; its deliveries "
        "tell what came of it."
    )
    async def test_webhook(self, info: Info, id: strawberry.ID) -> WebhookDeliveryResult:
        """Test."""
        row = await webhook_deliveries.ping_webhook(info.context.principal, id)
        return WebhookDelivery.of(row)

    @strawberry.mutation(
        description="Send an event to an enabled webhook (again), whatever kinds it wants: one "
        "that was given up, lost there, or older than the webhook."
    )
    async def redeliver_event(
        self, info: Info, event_id: strawberry.ID, webhook_id: strawberry.ID
    ) -> WebhookDeliveryResult:
        """Redeliver."""
        row = await webhook_deliveries.redeliver_event(info.context.principal, event_id, webhook_id)
        return WebhookDelivery.of(row)
