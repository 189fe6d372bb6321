"""Emergency calls of a tenant in a country."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.routing_group import RoutingGroup
from pointsman.models.tenant import Tenant


class EmergencyPlan(Model):
    """One for each country of a tenant. `numbers` is a list of texts as they are dialled."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="emergency_plans", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    country = fields.CharField(max_length=2)
    numbers: list[str] = fields.JSONField(default=list)
    calling_number = fields.CharField(max_length=16)
    location = fields.CharField(max_length=200, default="")
    geolocation_uri = fields.CharField(max_length=500, default="")
    enabled = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "emergency_plan"


class EmergencyPlanGroup(Model):
    """A group of the plan's tenant, lower `position` first."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    emergency_plan: fields.ForeignKeyRelation[EmergencyPlan] = fields.ForeignKeyField(
        "models.EmergencyPlan", related_name="groups", on_delete=fields.CASCADE, db_constraint=False
    )
    emergency_plan_id: UUID
    routing_group: fields.ForeignKeyRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup",
        related_name="emergency_plans",
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    routing_group_id: UUID
    tenant_id: UUID = fields.UUIDField()
    position: int = fields.IntField(default=0)

    class Meta:
        table = "emergency_plan_group"
