"""Errors that callers are expected to meet.

    PointsmanError
    ├── InvalidInput      what was given cannot be: every problem, with its path and fix
    ├── NotFound          no such object, or none that the caller may see
    ├── Conflict          the database already holds what forbids it
    ├── Forbidden         the caller may not do this
    ├── Unauthenticated   no token, or one that is not known
    ├── BadSettings       a setting is missing or wrong
    └── BadEnvironment    something on this machine is missing or in the way

The GraphQL delivery maps the first four to types of the schema in one file; a test fails for
one that is not mapped.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class PointsmanError(Exception):
    """The root of all expected errors; `code` is stable, the text is for people."""

    code = "ERROR"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: `path` as in `endpoints[0].port`, what, and the fix."""

    path: str
    message: str
    fix: str


class InvalidInput(PointsmanError):
    """Carries every problem of an input at once."""

    code = "INVALID_INPUT"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.path}: {p.message}, {p.fix}" for p in self.problems))


class NotFound(PointsmanError):
    """There is no such object within the caller's reach."""

    code = "NOT_FOUND"

    def __init__(self, noun: str, object_id: object, path: str = "id") -> None:
        self.path = path
        super().__init__(f"there is no {noun} with the id {object_id}")


class Conflict(PointsmanError):
    """A uniqueness or reference of the database stands against it."""

    code = "CONFLICT"

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        super().__init__(message)


class Forbidden(PointsmanError):
    """The caller is known and may not do this."""

    code = "FORBIDDEN"


class Unauthenticated(PointsmanError):
    """The caller is not known."""

    code = "UNAUTHENTICATED"


class BadSettings(PointsmanError):
    """Names the settings that are wrong and why."""

    code = "BAD_SETTINGS"


class BadEnvironment(PointsmanError):
    """Names what is missing on this machine and how to get it."""

    code = "BAD_ENVIRONMENT"
