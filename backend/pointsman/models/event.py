"""Something that happened on the platform and that an operator wants to be told of."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class EventKind(StrEnum):
    """What happened."""

    TRUNK_DOWN = "TRUNK_DOWN"
    TRUNK_UP = "TRUNK_UP"
    REGISTRATION_LOST = "REGISTRATION_LOST"
    REGISTRATION_RESTORED = "REGISTRATION_RESTORED"
    RECORDS_CONFLICT = "RECORDS_CONFLICT"
    SNAPSHOT_FAILED = "SNAPSHOT_FAILED"
    SNAPSHOT_RECOVERED = "SNAPSHOT_RECOVERED"
    PING = "PING"


class Event(Model):
    """It outlives what it tells of, so no foreign key holds its tenant (null: the platform) and its
    trunk. `data` is an object without a secret."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    at: datetime = fields.DatetimeField()
    kind = fields.CharEnumField(EventKind, max_length=30)
    tenant_id: UUID | None = fields.UUIDField(null=True)
    trunk_id: UUID | None = fields.UUIDField(null=True)
    data: Any = fields.JSONField()

    class Meta:
        table = "event"
        indexes = (
            Index(fields=("at",), name="event_at"),
            Index(fields=("tenant_id", "at"), name="event_tenant"),
        )
