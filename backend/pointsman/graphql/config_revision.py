"""The configuration's revision and change records in the schema."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.models import ChangeOperation
from pointsman.services import config_revisions
from pointsman.services.rows import DEFAULT_PAGE

strawberry.enum(ChangeOperation, description="What was done to an object.")


@strawberry.type(
    description="The configuration's number. It grows with every change, in the order of the "
    "commits; a router's /readyz tells which one it has."
)
class ConfigRevision:
    """models.ConfigRevision."""

    id: int = strawberry.field(description="The number.")
    actor: str = strawberry.field(description="Whose change made it.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, row: models.ConfigRevision) -> "ConfigRevision":
        """Wrap a row."""
        return cls(id=row.id, actor=row.actor, created_at=row.created_at)


async def load_config_revision(info: Info, number: int | None) -> ConfigRevision | None:
    """The revision that a row refers to, in one statement for a whole list."""
    row = await info.context.loaders.revision_by_number.load(number) if number else None
    return ConfigRevision.of(row) if row else None


@strawberry.type(description="One object changed by one revision.")
class ChangeRecord:
    """models.ChangeRecord."""

    id: strawberry.ID = strawberry.field(description="Names the record for good.")
    revision: int = strawberry.field(description="The revision that made the change.")
    actor: str = strawberry.field(description="Whose change it was.")
    created_at: datetime = strawberry.field(description="When it was made.")
    operation: ChangeOperation = strawberry.field(description="What was done.")
    noun: str = strawberry.field(description="The type of the object, such as Trunk.")
    object_id: strawberry.ID = strawberry.field(description="The object's id.")
    before: JSON | None = strawberry.field(description="The object before; null for CREATE.")
    after: JSON | None = strawberry.field(description="The object after; null for DELETE.")

    @classmethod
    def of(cls, row: models.ChangeRecord) -> "ChangeRecord":
        """Wrap a row that was read with its revision."""
        return cls(
            id=strawberry.ID(str(row.id)),
            revision=row.revision_id,
            actor=row.revision.actor,
            created_at=row.revision.created_at,
            operation=row.operation,
            noun=row.noun,
            object_id=strawberry.ID(str(row.object_id)),
            before=row.before,
            after=row.after,
        )


@strawberry.input(description="Which change records to list.")
class ChangeRecordFilter:
    """config_revisions.list_change_records."""

    revision: int | None = strawberry.field(
        default=None, description="Only those of this revision."
    )
    object_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this object."
    )


@strawberry.type
class ConfigRevisionQuery:
    """Reading what changed."""

    @strawberry.field(
        description="The newest revision that changed something within the caller's reach; "
        "when nothing ever did, the first."
    )
    async def config_revision(self, info: Info) -> ConfigRevision:
        """The newest."""
        return ConfigRevision.of(await config_revisions.get_revision(info.context.principal))

    @strawberry.field(description="Who changed what, the oldest first.")
    async def change_records(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: ChangeRecordFilter | None = None,
    ) -> Connection[ChangeRecord]:
        """Many."""
        chosen = filter or ChangeRecordFilter()
        page = await config_revisions.list_change_records(
            info.context.principal,
            first=first,
            after=after,
            revision=chosen.revision,
            object_id=chosen.object_id,
        )
        return Connection.of(page, ChangeRecord.of)
