"""How numbers are dialled at the far end of a trunk."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant


class NormalizationProfile(Model):
    """Of one tenant, or of the platform (no tenant) and used by all. Its name is unique within
    its owner's. `rules` and `examples` are lists of objects in their order."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="normalization_profiles", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    country = fields.CharField(max_length=2)
    area_code = fields.CharField(max_length=8, default="")
    international_prefix = fields.CharField(max_length=8)
    national_prefix = fields.CharField(max_length=8, default="")
    min_length: int = fields.IntField()
    max_length: int = fields.IntField()
    rules: list[dict[str, Any]] = fields.JSONField(default=list)
    examples: list[dict[str, Any]] = fields.JSONField(default=list)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "normalization_profile"
