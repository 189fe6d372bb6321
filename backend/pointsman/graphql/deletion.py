"""What a delete mutation returns."""

from typing import Annotated

import strawberry

from pointsman.graphql.errors import Conflict, Forbidden, NotFound


@strawberry.type(description="The object is gone.")
class Deleted:
    """Names what was deleted."""

    id: strawberry.ID = strawberry.field(description="The id that the object had.")


DeleteResult = Annotated[
    Deleted | NotFound | Conflict | Forbidden,
    strawberry.union("DeleteResult", description="The object is gone, or why it is not."),
]
