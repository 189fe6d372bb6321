"""Lists: bounded, forward, by keyset."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, Protocol, TypeVar

import strawberry

from pointsman.services.rows import DEFAULT_PAGE, MAX_PAGE

T = TypeVar("T")


class Listed(Protocol):
    """A page of a service's list: services.rows.Page, of what is stored."""

    @property
    def rows(self) -> Sequence[Any]:
        """The objects."""

    @property
    def cursors(self) -> list[str]:
        """The cursor of each."""

    @property
    def has_next(self) -> bool:
        """Whether more follow."""

    async def total(self) -> int:
        """How many the whole list has."""


First = Annotated[
    int,
    strawberry.argument(
        description=f"How many to return, {MAX_PAGE} at most; {DEFAULT_PAGE} when not said."
    ),
]
After = Annotated[
    str | None,
    strawberry.argument(description="Return what follows this cursor: the former endCursor."),
]


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Relay's, forward only."""

    has_next_page: bool = strawberry.field(description="Whether more follows.")
    end_cursor: str | None = strawberry.field(
        description="The last cursor of this page, null when it is empty; give it as `after`."
    )


@strawberry.type(description="An object's place in a list.")
class Edge(Generic[T]):
    """An object and its cursor."""

    cursor: str = strawberry.field(description="Names this place; valid while the list exists.")
    node: T = strawberry.field(description="The object.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page of a service's list."""

    edges: list[Edge[T]] = strawberry.field(description="The objects with their cursors.")
    nodes: list[T] = strawberry.field(description="The objects.")
    page_info: PageInfo = strawberry.field(description="Where this page ends.")
    page: strawberry.Private[Listed]

    @strawberry.field(description="How many objects the whole list has; counted when asked for.")
    async def total_count(self) -> int:
        """Counted in the database."""
        return await self.page.total()

    @classmethod
    def of(cls, page: Listed, wrap: Callable[[Any], T]) -> "Connection[T]":
        """A service's page, each row wrapped."""
        nodes = [wrap(row) for row in page.rows]
        return cls(
            edges=[
                Edge(cursor=cursor, node=node)
                for cursor, node in zip(page.cursors, nodes, strict=True)
            ],
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=page.has_next,
                end_cursor=page.cursors[-1] if page.cursors else None,
            ),
            page=page,
        )
