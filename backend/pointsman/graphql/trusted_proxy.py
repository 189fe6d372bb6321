"""Trusted proxies in the schema."""

from datetime import datetime
from typing import Annotated

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.services import trusted_proxies
from pointsman.services.rows import DEFAULT_PAGE, find_row

_NAME = "Unique on the platform, 1 to 100 characters."
_CIDR = (
    "The address or network of the proxies, such as 192.0.2.0/28; IPv4 from /8 and IPv6 from /16 "
    "on. Unique on the platform."
)


@strawberry.type(
    description="Proxies between callers and Kamailio whose word on where a call comes from is "
    "believed. A call of theirs that says nothing of it is refused; what anybody else says is "
    "ignored. Only an administrator of the platform sees and changes them."
)
class TrustedProxy:
    """models.TrustedProxy."""

    id: strawberry.ID = strawberry.field(description="Names the trusted proxy for good.")
    name: str = strawberry.field(description=_NAME)
    cidr: str = strawberry.field(description=_CIDR)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def of(cls, row: models.TrustedProxy) -> "TrustedProxy":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            cidr=str(row.cidr),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


@strawberry.input(description="A trusted proxy to make.")
class CreateTrustedProxyInput:
    """trusted_proxies.create_trusted_proxy."""

    name: str = strawberry.field(description=_NAME)
    cidr: str = strawberry.field(description=_CIDR)


@strawberry.input(description="What to change of a trusted proxy; what is absent stays as it is.")
class UpdateTrustedProxyInput:
    """trusted_proxies.update_trusted_proxy."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    cidr: strawberry.Maybe[str | None] = strawberry.field(description=_CIDR)


@strawberry.input(description="Which trusted proxies to list.")
class TrustedProxyFilter:
    """trusted_proxies.list_trusted_proxies."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )


TrustedProxyResult = Annotated[
    TrustedProxy | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union(
        "TrustedProxyResult", description="The trusted proxy, or why nothing was changed."
    ),
]


@strawberry.type
class TrustedProxyQuery:
    """Reading trusted proxies."""

    @strawberry.field(description="One trusted proxy, null when there is none with this id.")
    async def trusted_proxy(self, info: Info, id: strawberry.ID) -> TrustedProxy | None:
        """One."""
        row = await find_row(info.context.principal, models.TrustedProxy, id)
        return TrustedProxy.of(row) if row else None

    @strawberry.field(description="Trusted proxies by name.")
    async def trusted_proxies(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: TrustedProxyFilter | None = None,
    ) -> Connection[TrustedProxy]:
        """Many."""
        page = await trusted_proxies.list_trusted_proxies(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or TrustedProxyFilter()),
        )
        return Connection.of(page, TrustedProxy.of)


@strawberry.type
class TrustedProxyMutation:
    """Changing trusted proxies."""

    @strawberry.mutation(description="Make a trusted proxy.")
    async def create_trusted_proxy(
        self, info: Info, input: CreateTrustedProxyInput
    ) -> TrustedProxyResult:
        """Create."""
        row = await trusted_proxies.create_trusted_proxy(
            info.context.principal, **created_fields(input)
        )
        return TrustedProxy.of(row)

    @strawberry.mutation(description="Change a trusted proxy.")
    async def update_trusted_proxy(
        self, info: Info, id: strawberry.ID, input: UpdateTrustedProxyInput
    ) -> TrustedProxyResult:
        """Update."""
        row = await trusted_proxies.update_trusted_proxy(
            info.context.principal, id, **updated_fields(input)
        )
        return TrustedProxy.of(row)

    @strawberry.mutation(description="Delete a trusted proxy.")
    async def delete_trusted_proxy(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await trusted_proxies.delete_trusted_proxy(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
