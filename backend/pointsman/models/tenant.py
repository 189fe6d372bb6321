"""A customer whose calls are routed; owns domains, PBX trunks, DIDs, groups and rules."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model


class Tenant(Model):
    """Its name is unique on the platform."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    enabled = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "tenant"
