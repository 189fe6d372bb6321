"""A wholesale or PSTN provider, and the tenants that may use it."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.reroute_policy import ReroutePolicy
from pointsman.models.tenant import Tenant


class Carrier(Model):
    """Of one tenant, or of the platform (no tenant) and used by those it is granted to."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    enabled = fields.BooleanField(default=True)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="carriers", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    reroute_policy: fields.ForeignKeyNullableRelation[ReroutePolicy] = fields.ForeignKeyField(
        "models.ReroutePolicy", related_name="carriers", null=True, on_delete=fields.RESTRICT
    )
    reroute_policy_id: UUID | None
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "carrier"


class CarrierGrant(Model):
    """A tenant may send calls to the carrier's trunks. A carrier's own tenant has one too, so
    that one foreign key holds for both."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    carrier: fields.ForeignKeyRelation[Carrier] = fields.ForeignKeyField(
        "models.Carrier", related_name="grants", on_delete=fields.CASCADE
    )
    carrier_id: UUID
    tenant: fields.ForeignKeyRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="carrier_grants", on_delete=fields.RESTRICT
    )
    tenant_id: UUID
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "carrier_grant"
