"""What an outbound call must look like to use a routing group."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from pointsman.models.routing_group import RoutingGroup
from pointsman.models.schedule import Schedule
from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk
from pointsman.routing.routing_rule import RuleAction

# The order of lists of rules; what is equal in all of these goes by its id.
LISTED_BY = ("called_prefix", "priority", "name")


class RoutingRule(Model):
    """Its name is unique within the tenant; its group, source trunk and schedule are the
    tenant's own. What its action needs is set: a check of the database."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="routing_rules", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    routing_group: fields.ForeignKeyNullableRelation[RoutingGroup] = fields.ForeignKeyField(
        "models.RoutingGroup",
        related_name="routing_rules",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    routing_group_id: UUID | None
    called_prefix = fields.CharField(max_length=32, default="")
    called_regex = fields.CharField(max_length=256, default="")
    priority: int = fields.IntField(default=0)
    enabled = fields.BooleanField(default=True)
    calling_prefix = fields.CharField(max_length=32, default="")
    calling_regex = fields.CharField(max_length=256, default="")
    source_trunk: fields.ForeignKeyNullableRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk",
        related_name="routing_rules",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    source_trunk_id: UUID | None
    schedule: fields.ForeignKeyNullableRelation[Schedule] = fields.ForeignKeyField(
        "models.Schedule",
        related_name="routing_rules",
        null=True,
        on_delete=fields.RESTRICT,
        db_constraint=False,
    )
    schedule_id: UUID | None
    schedule_open = fields.BooleanField(default=True)
    action = fields.CharEnumField(RuleAction, max_length=20, default=RuleAction.GROUP)
    reject_sip_code: int | None = fields.IntField(null=True)
    reject_sip_reason = fields.CharField(max_length=100, default="")
    forward_number = fields.CharField(max_length=32, default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "routing_rule"
        # A page of a million rules is read in its order, not sorted out of all of them.
        indexes = (Index(fields=(*LISTED_BY, "id"), name="routing_rule_order"),)
