"""A number, or a range of numbers, of a tenant."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.routing_group import RoutingGroup
from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk


class Did(Model):
    """An E.164 prefix, unique on the platform; no tenant's overlaps with another's. It leads
    to a PBX trunk or to a routing group of the same tenant."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    prefix = fields.CharField(max_length=16)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="dids", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    pbx_trunk: fields.ForeignKeyNullableRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk",
        related_name="dids",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    pbx_trunk_id: UUID | None
    routing_group: fields.ForeignKeyNullableRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup",
        related_name="dids",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    routing_group_id: UUID | None
    enabled = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "did"
