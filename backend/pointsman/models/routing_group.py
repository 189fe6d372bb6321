"""Ordered, weighted trunks to choose among."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.carrier import Carrier
from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk
from pointsman.routing.routing_group import GroupMode, Strategy


class RoutingGroup(Model):
    """Its name is unique within the tenant."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="routing_groups", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    strategy = fields.CharEnumField(Strategy, max_length=20, default=Strategy.PRIORITY)
    mode = fields.CharEnumField(GroupMode, max_length=20, default=GroupMode.SERIAL)
    max_candidates: int = fields.IntField(default=11)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "routing_group"


class RoutingGroupTrunk(Model):
    """A trunk's place in a group.

    `tenant_id` repeats the group's tenant and `carrier_id` the trunk's carrier, so that
    foreign keys alone hold the tenant's scope: a PBX trunk is of that tenant, a carrier is
    granted to it.
    """

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    routing_group: fields.ForeignKeyRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup", related_name="trunks", on_delete=fields.CASCADE, db_constraint=False
    )
    routing_group_id: UUID
    trunk: fields.ForeignKeyNullableRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="group_places", null=True, on_delete=fields.RESTRICT
    )
    trunk_id: UUID | None
    member_group: fields.ForeignKeyNullableRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup",
        related_name="group_places",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    member_group_id: UUID | None
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="group_places", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    carrier: fields.ForeignKeyNullableRelation[Carrier] = fields.ForeignKeyField(
        "models.Carrier", related_name="group_places", null=True, on_delete=fields.RESTRICT
    )
    carrier_id: UUID | None
    priority: int = fields.IntField(default=0)
    weight: int = fields.IntField(default=1)
    enabled = fields.BooleanField(default=True)

    class Meta:
        table = "routing_group_trunk"
