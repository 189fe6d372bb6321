"""A token that may call the API."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant


class ApiToken(Model):
    """Hashed at rest. Without a tenant it is an administrator's, of the whole platform."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    token_sha256: bytes = fields.BinaryField()
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="api_tokens", null=True, on_delete=fields.CASCADE
    )
    tenant_id: UUID | None
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "api_token"
