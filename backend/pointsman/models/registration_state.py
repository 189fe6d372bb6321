"""How a trunk's registration stands, as a Kamailio node reports it."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from pointsman.models.kamailio_node import KamailioNode
from pointsman.models.trunk import Trunk
from pointsman.routing.registration import RegistrationStatus


class RegistrationState(Model):
    """One of a trunk for each node that registers it; `since` is when the node first said so."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    trunk: fields.ForeignKeyRelation[Trunk] = fields.ForeignKeyField(
        "models.Trunk", related_name="registration_states", on_delete=fields.CASCADE
    )
    trunk_id: UUID
    node: fields.ForeignKeyRelation[KamailioNode] = fields.ForeignKeyField(
        "models.KamailioNode", related_name="registration_states", on_delete=fields.CASCADE
    )
    node_id: UUID
    state = fields.CharEnumField(RegistrationStatus, max_length=10)
    expires_at: datetime | None = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=200, default="")
    since: datetime = fields.DatetimeField()
    confirmed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "registration_state"
