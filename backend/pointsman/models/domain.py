"""A SIP domain of a tenant."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk


class Domain(Model):
    """Its name is lower case and unique on the platform; its PBX trunk is the tenant's own."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=253)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="domains", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    pbx_trunk: fields.ForeignKeyRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="domains", on_delete=fields.RESTRICT, db_constraint=False
    )
    pbx_trunk_id: UUID
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "domain"
