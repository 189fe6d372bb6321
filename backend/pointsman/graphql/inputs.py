"""From Strawberry's inputs to the services' keyword arguments."""

from dataclasses import fields
from typing import Any

from strawberry import Some


def created_fields(given: Any) -> dict[str, Any]:
    """All fields of a create input."""
    return {field.name: getattr(given, field.name) for field in fields(given)}


def updated_fields(given: Any) -> dict[str, Any]:
    """The fields of an update input that were written, null ones too."""
    values = ((field.name, getattr(given, field.name)) for field in fields(given))
    return {name: value.value for name, value in values if isinstance(value, Some)}
