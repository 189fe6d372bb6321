"""What nodes report of calls, kept as it came."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class CallEvent(Model):
    """`id` is its key (calls/event.py), `call_record_id` its call's, which no foreign key holds: a
    day's calls are to go with its events. `content` is JSON as it was received."""

    id: UUID = fields.UUIDField(primary_key=True)
    call_record_id: UUID = fields.UUIDField()
    node = fields.CharField(max_length=100)
    kind = fields.CharField(max_length=10)
    started_at: datetime = fields.DatetimeField()
    at: datetime = fields.DatetimeField()
    received_at = fields.DatetimeField(auto_now_add=True)
    content = fields.TextField()
    content_sha256: bytes = fields.BinaryField()

    class Meta:
        table = "call_event"
        indexes = (Index(fields=("call_record_id",), name="call_event_call_record"),)


class CallEventConflict(Model):
    """What came with the key of an event and says something else: nobody's truth, kept to look at.
    `id` is of both the event and the content, so that it is kept once."""

    id: UUID = fields.UUIDField(primary_key=True)
    call_event_id: UUID = fields.UUIDField(db_index=True)
    node = fields.CharField(max_length=100)
    started_at: datetime = fields.DatetimeField()
    received_at = fields.DatetimeField(auto_now_add=True)
    content = fields.TextField()

    class Meta:
        table = "call_event_conflict"
