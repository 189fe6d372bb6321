"""Number lists in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.normalization_field import FIELD
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.services import number_lists
from pointsman.services.number_lists import MAX_PREFIXES, MAX_TRUNKS
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    ListKind,
    description="BLOCK: no call with a number on it. ALLOW: no call but with a number on it.",
)

_NAME = "Unique among its owner's lists, 1 to 100 characters."
_TENANT = "Whose list it is; null for one of the platform, which is for trunks of its carriers."
_KIND = "Whether calls with a number on it are refused, or all others."
_FIELD = (
    f"{FIELD} It is looked at as it is after normalization. Who is blocked by the CALLING "
    "number is so by that in From and by that in P-Asserted-Identity; who is allowed, by that in "
    "From, and by the asserted one where From is anonymous."
)
_PREFIXES = (
    f"Leading digits, {MAX_PREFIXES} at most: +39 for E.164 numbers, anything else for what is "
    "dialled as it is (118, *72); an empty text for all numbers. Kept sorted, each once."
)
_ANONYMOUS = (
    "Whether callers without a number are on it: those whose From is at anonymous.invalid or "
    "names nobody (anonymous, restricted, unknown ...). For CALLING only."
)
_TRUNKS = (
    "The list is for calls that come from these trunks (of a tenant's list: for those of them "
    f"that are the tenant's), {MAX_TRUNKS} at most; without any for all calls of the tenant, from "
    "its PBXs and to its numbers."
)
_ENABLED = "Whether it is looked at."


@strawberry.type(
    description="Numbers that calls may, or may not, have to do with. A number on any BLOCK list "
    "is refused, whatever allows it. Then, if there are ALLOW lists, the number has to be on one "
    "of them, at each level that has some: the platform's for the source trunk, the tenant's for "
    "the source trunk, the tenant's for all its calls. A number that a rule sends a call on to is "
    "looked at again. Emergency calls are not."
)
class NumberList:
    """models.NumberList."""

    id: strawberry.ID = strawberry.field(description="Names the list for good.")
    name: str = strawberry.field(description=_NAME)
    kind: ListKind = strawberry.field(description=_KIND)
    field: NumberField = strawberry.field(description=_FIELD)
    prefixes: list[str] = strawberry.field(description=_PREFIXES)
    anonymous: bool = strawberry.field(description=_ANONYMOUS)
    enabled: bool = strawberry.field(description=_ENABLED)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]

    @strawberry.field(description=_TENANT)
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_TRUNKS)
    async def trunks(self, info: Info) -> list[Trunk]:
        """By name."""
        parts = await info.context.loaders.trunks_by_number_list_id.load(UUID(self.id))
        keys = [part.trunk_id for part in parts]
        rows = await info.context.loaders.trunk_by_id.load_many(keys)
        return [Trunk.of(row) for row in rows if row]

    @classmethod
    def of(cls, row: models.NumberList) -> "NumberList":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            kind=row.kind,
            field=row.field,
            prefixes=row.prefixes,
            anonymous=row.anonymous,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


@strawberry.input(description="A number list to make.")
class CreateNumberListInput:
    """number_lists.create_number_list."""

    name: str = strawberry.field(description=_NAME)
    kind: ListKind = strawberry.field(description=_KIND)
    field: NumberField = strawberry.field(description=_FIELD)
    tenant_id: strawberry.ID | None = strawberry.field(default=None, description=_TENANT)
    prefixes: list[str] = strawberry.field(default_factory=list, description=_PREFIXES)
    anonymous: bool = strawberry.field(default=False, description=_ANONYMOUS)
    trunk_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=_TRUNKS)
    enabled: bool = strawberry.field(default=True, description=_ENABLED)


@strawberry.input(
    description="What to change of a number list; what is absent stays as it is, and prefixes or "
    "trunks that are given replace all that there are."
)
class UpdateNumberListInput:
    """number_lists.update_number_list."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    kind: strawberry.Maybe[ListKind | None] = strawberry.field(description=_KIND)
    field: strawberry.Maybe[NumberField | None] = strawberry.field(description=_FIELD)
    prefixes: strawberry.Maybe[list[str] | None] = strawberry.field(description=_PREFIXES)
    anonymous: strawberry.Maybe[bool | None] = strawberry.field(description=_ANONYMOUS)
    trunk_ids: strawberry.Maybe[list[strawberry.ID] | None] = strawberry.field(description=_TRUNKS)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)


@strawberry.input(description="Which number lists to list.")
class NumberListFilter:
    """number_lists.list_number_lists."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that are for calls from this trunk by name."
    )
    kind: ListKind | None = strawberry.field(default=None, description="Only those of this kind.")
    field: NumberField | None = strawberry.field(
        default=None, description="Only those that look at this number."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


NumberListResult = Annotated[
    NumberList | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("NumberListResult", description="The list, or why nothing was changed."),
]


@strawberry.type
class NumberListQuery:
    """Reading number lists."""

    @strawberry.field(description="One number list, null when there is none with this id.")
    async def number_list(self, info: Info, id: strawberry.ID) -> NumberList | None:
        """One."""
        row = await find_row(info.context.principal, models.NumberList, id)
        return NumberList.of(row) if row else None

    @strawberry.field(description="Number lists by name.")
    async def number_lists(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: NumberListFilter | None = None,
    ) -> Connection[NumberList]:
        """Many."""
        page = await number_lists.list_number_lists(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or NumberListFilter()),
        )
        return Connection.of(page, NumberList.of)


@strawberry.type
class NumberListMutation:
    """Changing number lists."""

    @strawberry.mutation(description="Make a number list.")
    async def create_number_list(
        self, info: Info, input: CreateNumberListInput
    ) -> NumberListResult:
        """Create."""
        row = await number_lists.create_number_list(info.context.principal, **created_fields(input))
        return NumberList.of(row)

    @strawberry.mutation(description="Change a number list.")
    async def update_number_list(
        self, info: Info, id: strawberry.ID, input: UpdateNumberListInput
    ) -> NumberListResult:
        """Update."""
        row = await number_lists.update_number_list(
            info.context.principal, id, **updated_fields(input)
        )
        return NumberList.of(row)

    @strawberry.mutation(description="Delete a number list.")
    async def delete_number_list(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await number_lists.delete_number_list(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
