"""What is wrong now: it was told when it began, and is told when it ends."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.event import EventKind
from pointsman.models.kamailio_node import KamailioNode
from pointsman.models.trunk import Trunk


class Trouble(Model):
    """One of a kind for each trunk, node and host, whichever of them it is of: a key of the
    database, so that of many who find it one tells it. `kind` is that of the event that told it."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    kind = fields.CharEnumField(EventKind, max_length=30)
    trunk: fields.ForeignKeyNullableRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="troubles", null=True, on_delete=fields.CASCADE
    )
    trunk_id: UUID | None
    node: fields.ForeignKeyNullableRelation[KamailioNode] = fields.ForeignKeyField(
        "models.KamailioNode", related_name="troubles", null=True, on_delete=fields.CASCADE
    )
    node_id: UUID | None
    host = fields.CharField(max_length=253, default="")
    since: datetime = fields.DatetimeField()

    class Meta:
        table = "trouble"
