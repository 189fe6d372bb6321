"""Lists: bounded, forward, by keyset."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, Protocol, TypeVar

import strawberry
from strawberry.types.nodes import SelectedField

from pointsman.graphql.context import Info
from pointsman.services.rows import DEFAULT_PAGE, MAX_PAGE

T = TypeVar("T")


class Placed(Protocol):
    """Where a page of a service's list is."""

    @property
    def cursors(self) -> list[str]:
        """The cursor of each object."""

    @property
    def has_next(self) -> bool:
        """Whether more follow."""


class Listed(Placed, Protocol):
    """A page of a service's list: services.rows.Page, of what is stored."""

    @property
    def rows(self) -> Sequence[Any]:
        """The objects."""

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

    @classmethod
    def of(cls, page: Placed) -> "PageInfo":
        """The end of a service's page."""
        return cls(
            has_next_page=page.has_next, end_cursor=page.cursors[-1] if page.cursors else None
        )


@strawberry.type(description="An object's place in a list.")
class Edge(Generic[T]):
    """An object and its cursor."""

    cursor: str = strawberry.field(description="Names this place; valid while the list exists.")
    node: T = strawberry.field(description="The object.")


def edges_of(cursors: list[str], nodes: list[T]) -> list[Edge[T]]:
    """Each object with its cursor."""
    return [Edge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]


def asks_for(info: Info, name: str) -> bool:
    """Whether the query asks for this field of what is resolved, itself or in a fragment."""
    left = [each for field in info.selected_fields for each in field.selections]
    while left:
        each = left.pop()
        if isinstance(each, SelectedField):
            if each.name == name:
                return True
        else:
            left += each.selections
    return False


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
            edges=edges_of(page.cursors, nodes),
            nodes=nodes,
            page_info=PageInfo.of(page),
            page=page,
        )
