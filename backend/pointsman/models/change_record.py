"""Who changed what, when, from what to what."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from pointsman.models.config_revision import ConfigRevision


class ChangeOperation(StrEnum):
    """What was done to the object."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


class ChangeRecord(Model):
    """One object changed by one revision. `before` is null for CREATE, `after` for DELETE;
    neither ever holds a secret."""

    id: int = fields.BigIntField(primary_key=True)
    revision: fields.ForeignKeyRelation[ConfigRevision] = fields.ForeignKeyField(
        "models.ConfigRevision", related_name="changes", on_delete=fields.RESTRICT
    )
    revision_id: int
    operation = fields.CharEnumField(ChangeOperation, max_length=10)
    noun = fields.CharField(max_length=40)
    object_id: UUID = fields.UUIDField(db_index=True)
    tenant_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)

    class Meta:
        table = "change_record"
