"""What an outbound call must look like to use a routing group."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.routing_group import RoutingGroup
from pointsman.models.tenant import Tenant


class RoutingRule(Model):
    """Its name is unique within the tenant; its group is the tenant's own."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="routing_rules", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    routing_group: fields.ForeignKeyRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup",
        related_name="routing_rules",
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    routing_group_id: UUID
    called_prefix = fields.CharField(max_length=32, default="")
    called_regex = fields.CharField(max_length=256, default="")
    priority: int = fields.IntField(default=0)
    enabled = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "routing_rule"
