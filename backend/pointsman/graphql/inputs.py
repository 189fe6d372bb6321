"""From Strawberry's inputs to the services' keyword arguments."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from strawberry import Some
from strawberry.utils.str_converters import to_camel_case

from pointsman.errors import InvalidInput, Problem


def created_fields(given: Any) -> dict[str, Any]:
    """All fields of a create input."""
    return {field.name: getattr(given, field.name) for field in fields(given)}


def updated_fields(given: Any, nullable: Collection[str] = ()) -> dict[str, Any]:
    """The fields of an update input that were written; raises InvalidInput for a null where a
    field must have a value. GraphQL itself cannot tell absent from null and refuse the latter.
    """
    values = ((field.name, getattr(given, field.name)) for field in fields(given))
    written = {name: value.value for name, value in values if isinstance(value, Some)}
    problems = [
        Problem(to_camel_case(name), "null is no value for it", "leave it out, or give a value")
        for name, value in written.items()
        if value is None and name not in nullable
    ]
    if problems:
        raise InvalidInput(problems)
    return written
