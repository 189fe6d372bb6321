"""The configuration's number: it grows with every change, in the order of the commits."""

from tortoise import fields
from tortoise.models import Model


class ConfigRevision(Model):
    """One committed change of the configuration."""

    id: int = fields.BigIntField(primary_key=True)
    actor = fields.CharField(max_length=200)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "config_revision"
