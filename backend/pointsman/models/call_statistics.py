"""Counts of calls, and what is to be counted anew."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from pointsman.calls.call_statistics import StatisticsLevel, StatisticsResolution


class CallStatistics(Model):
    """The counts (calls/call_statistics.py) of a minute, an hour or a day that have all of these in
    common: a tenant (none of orphans), a carrier and a trunk ("" of a call that nobody answered),
    a country calling code ("" of what is not in E.164) and a SIP code (0 of none). `pdd_counts` are
    those of `pdd_buckets`."""

    id: int = fields.BigIntField(primary_key=True)
    resolution = fields.CharEnumField(StatisticsResolution, max_length=6)
    level = fields.CharEnumField(StatisticsLevel, max_length=8)
    begins_at: datetime = fields.DatetimeField()
    tenant_id: UUID | None = fields.UUIDField(null=True)
    carrier = fields.CharField(max_length=64)
    trunk = fields.CharField(max_length=64)
    prefix = fields.CharField(max_length=4)
    sip_code: int = fields.IntField()
    attempts: int = fields.IntField()
    answered: int = fields.IntField()
    effective: int = fields.IntField()
    timed: int = fields.IntField()
    duration_ms: int = fields.BigIntField()
    pdd_buckets: list[int] = ArrayField("int")
    pdd_counts: list[int] = ArrayField("int")

    class Meta:
        table = "call_statistics"
        indexes = (
            Index(fields=("resolution", "begins_at"), name="call_statistics_time"),
            Index(fields=("tenant_id", "resolution", "begins_at"), name="call_statistics_tenant"),
        )


class CallStatisticsDue(Model):
    """A minute of which a transaction changed calls: a row for each, since two transactions that
    shared one would wait for each other, or lose the later one's change."""

    id: int = fields.BigIntField(primary_key=True)
    minute: datetime = fields.DatetimeField()
    noted_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "call_statistics_due"
        indexes = (Index(fields=("minute",), name="call_statistics_due_minute"),)


class CallStatisticsMark(Model):
    """Before when something is not kept any more: calls (`RECORDS`), or the counts of a
    resolution."""

    name = fields.CharField(max_length=10, primary_key=True)
    before: datetime = fields.DatetimeField()

    class Meta:
        table = "call_statistics_mark"
