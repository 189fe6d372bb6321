"""Errors in the schema: the one place where the platform's errors become GraphQL's.

A mutation returns a union of its object and these. A query raises them as GraphQL errors with
`extensions.code`. Anything else that goes wrong inside is logged and masked; what is wrong in
the client's own document is told.
"""

from enum import Enum

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.extensions import MaskErrors
from strawberry.types import Info as StrawberryInfo
from strawberry.types.field import StrawberryField

from pointsman import errors
from pointsman.database import DATABASE_GONE, error_text

log = structlog.get_logger()


@strawberry.enum(description="What kind of error it is; stable, for programs.")
class ErrorCode(Enum):
    """The codes of the types that implement Error."""

    INVALID_INPUT = errors.InvalidInput.code
    NOT_FOUND = errors.NotFound.code
    CONFLICT = errors.Conflict.code
    FORBIDDEN = errors.Forbidden.code


@strawberry.interface(description="Why a mutation changed nothing.")
class Error:
    """What all errors have."""

    code: ErrorCode = strawberry.field(description="What kind of error it is.")
    message: str = strawberry.field(description="The error in words.")


@strawberry.type(description="One thing wrong with an input.")
class FieldProblem:
    """A field, what is wrong with it, and the fix."""

    path: str = strawberry.field(
        description="The input field, such as `name` or `endpoints[0].port`."
    )
    message: str = strawberry.field(description="What is wrong with it.")
    fix: str = strawberry.field(description="What to write instead.")


@strawberry.type(description="Values that cannot be. Every problem of the input is listed.")
class InvalidInput(Error):
    """errors.InvalidInput."""

    problems: list[FieldProblem] = strawberry.field(description="All problems, by field.")

    @classmethod
    def of(cls, error: errors.InvalidInput) -> "InvalidInput":
        """The type of the schema."""
        return cls(
            code=ErrorCode.INVALID_INPUT,
            message=str(error),
            problems=[
                FieldProblem(path=problem.path, message=problem.message, fix=problem.fix)
                for problem in error.problems
            ],
        )


@strawberry.type(description="There is no such object within the caller's reach.")
class NotFound(Error):
    """errors.NotFound."""

    path: str = strawberry.field(description="The input field that names the object.")


@strawberry.type(description="Another object stands against it: a name is taken, a range "
                 "overlaps, or the object is still used.")  # fmt: skip
class Conflict(Error):
    """errors.Conflict."""

    path: str = strawberry.field(description="The input field at fault.")


@strawberry.type(description="The caller may not do this.")
class Forbidden(Error):
    """errors.Forbidden."""

    @classmethod
    def of(cls, error: errors.Forbidden) -> "Forbidden":
        """The type of the schema."""
        return cls(code=ErrorCode.FORBIDDEN, message=str(error))


class InvalidInputHandler(strawberry.ExceptionHandler[errors.InvalidInput, InvalidInput]):
    """Maps errors.InvalidInput."""

    def handle(
        self, exception: errors.InvalidInput, *, field: StrawberryField, info: StrawberryInfo
    ) -> InvalidInput:
        """The type of the schema."""
        return InvalidInput.of(exception)


class NotFoundHandler(strawberry.ExceptionHandler[errors.NotFound, NotFound]):
    """Maps errors.NotFound."""

    def handle(
        self, exception: errors.NotFound, *, field: StrawberryField, info: StrawberryInfo
    ) -> NotFound:
        """The type of the schema."""
        return NotFound(code=ErrorCode.NOT_FOUND, message=str(exception), path=exception.path)


class ConflictHandler(strawberry.ExceptionHandler[errors.Conflict, Conflict]):
    """Maps errors.Conflict."""

    def handle(
        self, exception: errors.Conflict, *, field: StrawberryField, info: StrawberryInfo
    ) -> Conflict:
        """The type of the schema."""
        return Conflict(code=ErrorCode.CONFLICT, message=str(exception), path=exception.path)


class ForbiddenHandler(strawberry.ExceptionHandler[errors.Forbidden, Forbidden]):
    """Maps errors.Forbidden."""

    def handle(
        self, exception: errors.Forbidden, *, field: StrawberryField, info: StrawberryInfo
    ) -> Forbidden:
        """The type of the schema."""
        return Forbidden.of(exception)


HANDLERS = (InvalidInputHandler(), NotFoundHandler(), ConflictHandler(), ForbiddenHandler())


class TellExpectedErrors(MaskErrors):
    """Tells the client of its own mistakes and of expected errors; logs and masks the rest."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=_is_unexpected)

    def _process_errors(self, errors_: list[GraphQLError]) -> list[GraphQLError]:
        return super()._process_errors([_with_code(error) for error in errors_])


def _is_unexpected(error: GraphQLError) -> bool:
    cause = error.original_error
    if cause is None or isinstance(cause, errors.PointsmanError | GraphQLError):
        return False
    if isinstance(cause, DATABASE_GONE):
        log.error("the database does not answer", path=error.path, error=error_text(cause))
        return False
    log.error("unexpected error in a resolver", path=error.path, exc_info=cause)
    return True


def _with_code(error: GraphQLError) -> GraphQLError:
    if isinstance(error.original_error, errors.PointsmanError):
        error.extensions = {**(error.extensions or {}), "code": error.original_error.code}
    if isinstance(error.original_error, DATABASE_GONE):
        error.message = "the database does not answer: try again"
        error.extensions = {**(error.extensions or {}), "code": "UNAVAILABLE"}
    return error
