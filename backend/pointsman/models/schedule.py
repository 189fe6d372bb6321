"""Weekly windows and holidays in a time zone."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant


class Schedule(Model):
    """Its name is unique within the tenant. `windows` and `holidays` are lists of objects."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="schedules", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    time_zone = fields.CharField(max_length=64)
    windows: list[dict[str, Any]] = fields.JSONField(default=list)
    holidays: list[dict[str, Any]] = fields.JSONField(default=list)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "schedule"
