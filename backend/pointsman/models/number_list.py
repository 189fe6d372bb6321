"""Numbers that calls may, or may not, have to do with."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind


class NumberList(Model):
    """Of one tenant, or of the platform (no tenant) for trunks of its carriers. Its name is
    unique within its owner's. `prefixes` is a sorted list of texts."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="number_lists", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    kind = fields.CharEnumField(ListKind, max_length=10)
    field = fields.CharEnumField(NumberField, max_length=10)
    prefixes: list[str] = fields.JSONField(default=list)
    anonymous = fields.BooleanField(default=False)
    enabled = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "number_list"


class NumberListTrunk(Model):
    """The list is for calls that come from this trunk."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    number_list: fields.ForeignKeyRelation[NumberList] = fields.ForeignKeyField(
        "models.NumberList", related_name="trunks", on_delete=fields.CASCADE
    )
    number_list_id: UUID
    trunk: fields.ForeignKeyRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="number_lists", on_delete=fields.RESTRICT
    )
    trunk_id: UUID

    class Meta:
        table = "number_list_trunk"
