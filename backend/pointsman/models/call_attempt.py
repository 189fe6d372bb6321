"""One try at one endpoint, for a call."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from pointsman.calls.event import AttemptEnd


class CallAttempt(Model):
    """`position` counts the tries of a call from 0 in their order; `place` is the leg's in the
    router's answer. `id` is of the call and the position. `started_at` is the call's."""

    id: UUID = fields.UUIDField(primary_key=True)
    call_record_id: UUID = fields.UUIDField(db_index=True)
    started_at: datetime = fields.DatetimeField()
    position: int = fields.IntField()
    place: int = fields.IntField()
    trunk = fields.CharField(max_length=64)
    endpoint = fields.CharField(max_length=64)
    carrier = fields.CharField(max_length=64)
    sip_code: int = fields.IntField()
    sip_reason = fields.CharField(max_length=256)
    q850 = fields.CharField(max_length=256)
    sent_at: datetime | None = fields.DatetimeField(null=True)
    rang_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    end = fields.CharEnumField(AttemptEnd, max_length=10)

    class Meta:
        table = "call_attempt"
