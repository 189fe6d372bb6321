"""A SIP interconnect with a carrier or with a tenant's PBX."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.carrier import Carrier
from pointsman.models.network_field import NetworkField
from pointsman.models.normalization_profile import NormalizationProfile
from pointsman.models.reroute_policy import ReroutePolicy
from pointsman.models.tenant import Tenant
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import (
    DEFAULT_FR_INV_TIMER_MS,
    DEFAULT_FR_TIMER_MS,
    CallerIdPolicy,
    DiversionPolicy,
    Transport,
    TrunkKind,
)


class Trunk(Model):
    """Kind PBX has a tenant, kind CARRIER a carrier: a check of the database. `extra_headers` is
    a list of objects, `registration` an object; `outbound_password`, `digest_ha1` and
    `digest_ha1_sha256` are encrypted (services/secrets.py); the last one lacks where the password
    was set before it was kept."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    kind = fields.CharEnumField(TrunkKind, max_length=20)
    tenant: fields.ForeignKeyNullableRelation[Tenant] = fields.ForeignKeyField(
        "models.Tenant", related_name="pbx_trunks", null=True, on_delete=fields.RESTRICT
    )
    tenant_id: UUID | None
    carrier: fields.ForeignKeyNullableRelation[Carrier] = fields.ForeignKeyField(
        "models.Carrier", related_name="trunks", null=True, on_delete=fields.RESTRICT
    )
    carrier_id: UUID | None
    enabled = fields.BooleanField(default=True)
    number_format = fields.CharEnumField(
        NumberFormat, max_length=20, default=NumberFormat.PLUS_E164
    )
    from_host = fields.CharField(max_length=253, default="")
    send_asserted_identity = fields.BooleanField(default=True)
    fr_timer_ms: int = fields.IntField(default=DEFAULT_FR_TIMER_MS)
    fr_inv_timer_ms: int = fields.IntField(default=DEFAULT_FR_INV_TIMER_MS)
    draining = fields.BooleanField(default=False)
    probing = fields.BooleanField(default=True)
    normalization_profile: fields.ForeignKeyNullableRelation[NormalizationProfile] = (
        fields.ForeignKeyField(
            "models.NormalizationProfile",
            related_name="trunks",
            null=True,
            on_delete=fields.RESTRICT,
        )
    )
    normalization_profile_id: UUID | None
    tech_prefix = fields.CharField(max_length=16, default="")
    caller_id_policy = fields.CharEnumField(
        CallerIdPolicy, max_length=20, default=CallerIdPolicy.PASS
    )
    caller_id_number = fields.CharField(max_length=16, default="")
    send_preferred_identity = fields.BooleanField(default=False)
    send_remote_party_id = fields.BooleanField(default=False)
    trusted = fields.BooleanField(default=True)
    diversion_policy = fields.CharEnumField(
        DiversionPolicy, max_length=20, default=DiversionPolicy.NONE
    )
    extra_headers: list[dict[str, Any]] = fields.JSONField(default=list)
    socket = fields.CharField(max_length=80, default="")
    reroute_policy: fields.ForeignKeyNullableRelation[ReroutePolicy] = fields.ForeignKeyField(
        "models.ReroutePolicy", related_name="trunks", null=True, on_delete=fields.RESTRICT
    )
    reroute_policy_id: UUID | None
    outbound_username = fields.CharField(max_length=128, default="")
    outbound_realm = fields.CharField(max_length=253, default="")
    outbound_password: bytes | None = fields.BinaryField(null=True)
    digest_username = fields.CharField(max_length=128, default="")
    digest_realm = fields.CharField(max_length=253, default="")
    digest_ha1: bytes | None = fields.BinaryField(null=True)
    registration: dict[str, Any] | None = fields.JSONField(null=True)
    digest_ha1_sha256: bytes | None = fields.BinaryField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "trunk"


class TrunkSource(Model):
    """Who may send as this trunk. A network with all that narrows it belongs to one trunk of
    the platform."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    trunk: fields.ForeignKeyRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="sources", on_delete=fields.CASCADE
    )
    trunk_id: UUID
    cidr = NetworkField()
    transport = fields.CharEnumField(Transport, max_length=10, null=True)
    port: int | None = fields.IntField(null=True)
    tech_prefix = fields.CharField(max_length=16, default="")
    called_prefix = fields.CharField(max_length=32, default="")
    calling_prefix = fields.CharField(max_length=32, default="")

    class Meta:
        table = "trunk_source"


class TrunkEndpoint(Model):
    """Where the trunk's calls are sent."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    trunk: fields.ForeignKeyRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="endpoints", on_delete=fields.CASCADE
    )
    trunk_id: UUID
    host = fields.CharField(max_length=253)
    port: int | None = fields.IntField(null=True)
    transport = fields.CharEnumField(Transport, max_length=10, default=Transport.UDP)
    priority: int = fields.IntField(default=0)
    weight: int = fields.IntField(default=1)
    enabled = fields.BooleanField(default=True)

    class Meta:
        table = "trunk_endpoint"
