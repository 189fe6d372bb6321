"""A proxy before Kamailio whose word on where a call comes from is believed."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.network_field import NetworkField


class TrustedProxy(Model):
    """Of the platform. Its name and its network are unique."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    cidr = NetworkField()
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "trusted_proxy"
