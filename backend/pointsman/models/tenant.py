"""A customer whose calls are routed; owns domains, PBX trunks, DIDs, groups and rules."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model


class Tenant(Model):
    """Its name is unique on the platform. `allowed_classes` and `allowed_countries` are sorted
    lists of texts."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    enabled = fields.BooleanField(default=True)
    allowed_classes: list[str] = fields.JSONField(default=list)
    allowed_countries: list[str] = fields.JSONField(default=list)
    # A plain column, since a policy refers to its tenant: Tortoise takes no circle.
    reroute_policy_id: UUID | None = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "tenant"
