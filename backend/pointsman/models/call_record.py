"""A call, as its events tell it."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from pointsman.calls.call import CallOutcome, CallState


class CallRecord(Model):
    """`tenant` is what the node said, `tenant_id` the tenant of this platform that it names: a
    record with the one and without the other is an orphan, which no tenant sees. Texts are cut to
    fit; CallEvent has all of them. `duration_ms` is from the answer to the end: 0 of a call without
    an answer, null without an end and where the node's clock was set (`clock_went_back`). `pdd_ms`,
    the post-dial delay, is from the start until it rang or was answered. Rows are kept by the day
    of `started_at`, and their ids are in the order of time (calls/event.py)."""

    id: UUID = fields.UUIDField(primary_key=True)
    state = fields.CharEnumField(CallState, max_length=10)
    outcome = fields.CharEnumField(CallOutcome, max_length=11)
    node = fields.CharField(max_length=100)
    sip_call_id = fields.CharField(max_length=512)
    from_tag = fields.CharField(max_length=256)
    to_tag = fields.CharField(max_length=256)
    tenant = fields.CharField(max_length=64)
    tenant_id: UUID | None = fields.UUIDField(null=True)
    source_trunk = fields.CharField(max_length=64)
    calling_number = fields.CharField(max_length=64)
    called_number = fields.CharField(max_length=64)
    decision = fields.CharField(max_length=64)
    revision: int | None = fields.BigIntField(null=True)
    code = fields.CharField(max_length=64)
    match = fields.CharField(max_length=64)
    source_ip = fields.CharField(max_length=45)
    source_port: int = fields.IntField()
    transport = fields.CharField(max_length=10)
    received_ip = fields.CharField(max_length=45)
    received_port: int = fields.IntField()
    request_uri = fields.CharField(max_length=1024)
    from_uri = fields.CharField(max_length=1024)
    to_uri = fields.CharField(max_length=1024)
    trunk = fields.CharField(max_length=64)
    endpoint = fields.CharField(max_length=64)
    carrier = fields.CharField(max_length=64)
    started_at: datetime = fields.DatetimeField()
    answered_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    duration_ms: int | None = fields.BigIntField(null=True)
    pdd_ms: int | None = fields.BigIntField(null=True)
    clock_went_back = fields.BooleanField()
    sip_code: int = fields.IntField()
    sip_reason = fields.CharField(max_length=256)
    q850 = fields.CharField(max_length=256)
    cause = fields.CharField(max_length=20)
    updated_at: datetime = fields.DatetimeField()

    class Meta:
        table = "call_record"
        # What a page of calls can be asked for by: each with the id, which is the order of pages.
        # In the database those of numbers find prefixes too (varchar_pattern_ops).
        indexes = (
            Index(fields=("outcome", "id"), name="call_record_outcome"),
            Index(fields=("tenant_id", "id"), name="call_record_tenant"),
            Index(fields=("calling_number", "id"), name="call_record_calling"),
            Index(fields=("called_number", "id"), name="call_record_called"),
            Index(fields=("sip_call_id", "id"), name="call_record_call_id"),
            Index(fields=("source_trunk", "id"), name="call_record_source_trunk"),
            Index(fields=("trunk", "id"), name="call_record_trunk"),
            Index(fields=("carrier", "id"), name="call_record_carrier"),
            Index(fields=("sip_code", "id"), name="call_record_sip_code"),
        )
