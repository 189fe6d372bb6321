"""What a Kamailio node has found of an endpoint by probing it."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.kamailio_node import KamailioNode
from pointsman.models.trunk import TrunkEndpoint
from pointsman.routing.health import EndpointHealth


class EndpointState(Model):
    """One for each node and endpoint: a key of the database. It is no configuration: it has no
    revision and no change record. `confirmed_at` is when the node last said so."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    node: fields.ForeignKeyRelation[KamailioNode] = fields.ForeignKeyField(
        "models.KamailioNode", related_name="endpoint_states", on_delete=fields.CASCADE
    )
    node_id: UUID
    endpoint: fields.ForeignKeyRelation[TrunkEndpoint] = fields.ForeignKeyField(
        "models.TrunkEndpoint", related_name="states", on_delete=fields.CASCADE
    )
    endpoint_id: UUID
    state = fields.CharEnumField(EndpointHealth, max_length=10)
    since: datetime = fields.DatetimeField()
    reply_code: int = fields.IntField(default=0)
    reply_reason = fields.CharField(max_length=128, default="")
    probed_at: datetime | None = fields.DatetimeField(null=True)
    note = fields.CharField(max_length=200, default="")
    confirmed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "endpoint_state"
