"""A Kamailio router that may ask where calls go."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model


class KamailioNode(Model):
    """Its token is hashed at rest. `sockets` are its own SIP addresses as host:port;
    `trusted_cidrs` the addresses from which it needs no token."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=100)
    token_sha256: bytes = fields.BinaryField()
    sockets: list[str] = fields.JSONField(default=list)
    trusted_cidrs: list[str] = fields.JSONField(default=list)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "kamailio_node"
