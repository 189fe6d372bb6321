"""What happens when a leg fails."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant


class ReroutePolicy(Model):
    """Of one tenant, or of the platform (no tenant) and used by all. Its name is unique within
    its owner's. `rules` is a list of objects."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="reroute_policies", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    rules: list[dict[str, Any]] = fields.JSONField(default=list)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "reroute_policy"
