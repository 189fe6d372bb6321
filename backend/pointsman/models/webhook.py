"""Where an operator is told of events, and how far that has come."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.event import Event
from pointsman.models.tenant import Tenant


class DeliveryState(StrEnum):
    """How the delivery of an event stands."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Webhook(Model):
    """Of one tenant, which it tells of that tenant's events, or of the platform (no tenant), which
    it tells of all. `kinds` is a sorted list of texts; `secret` is encrypted
    (services/secrets.py)."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="webhooks", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    url = fields.CharField(max_length=2_000)
    kinds: list[str] = fields.JSONField()
    enabled = fields.BooleanField(default=True)
    secret: bytes = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "webhook"


class WebhookDelivery(Model):
    """One of an event to a webhook. `attempts` counts those since it was asked for; the next one is
    at `due_at`, none is after `give_up_at`. A process that sends it has it until
    `claimed_until`."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    webhook: fields.ForeignKeyRelation[Webhook] = fields.ForeignKeyField(
        "models.Webhook", related_name="deliveries", on_delete=fields.CASCADE
    )
    webhook_id: UUID
    event: fields.ForeignKeyRelation[Event] = fields.ForeignKeyField(
        "models.Event", related_name="deliveries", on_delete=fields.CASCADE
    )
    event_id: UUID
    state = fields.CharEnumField(DeliveryState, max_length=10, default=DeliveryState.PENDING)
    attempts: int = fields.IntField(default=0)
    created_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    give_up_at: datetime = fields.DatetimeField()
    claimed_until: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "webhook_delivery"


class WebhookAttempt(Model):
    """One try of a delivery: the status that was answered, or why there was none."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    delivery: fields.ForeignKeyRelation[WebhookDelivery] = fields.ForeignKeyField(
        "models.WebhookDelivery", related_name="log", on_delete=fields.CASCADE
    )
    delivery_id: UUID
    at: datetime = fields.DatetimeField()
    status: int | None = fields.IntField(null=True)
    error = fields.CharField(max_length=200, default="")
    duration_ms: int = fields.IntField()

    class Meta:
        table = "webhook_attempt"
