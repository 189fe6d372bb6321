"""Writing many rows of a table of calls at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.fields import (
    BigIntField,
    BinaryField,
    BooleanField,
    DatetimeField,
    IntField,
    UUIDField,
)
from tortoise.models import Model

from pointsman.services.call_rows import Row, columns_of

_TYPES = (
    (UUIDField, "uuid"),
    (DatetimeField, "timestamptz"),
    (BigIntField, "bigint"),
    (IntField, "int"),
    (BooleanField, "bool"),
    (BinaryField, "bytea"),
)


async def upsert(connection: BaseDBAsyncClient, model: type[Model], rows: Sequence[Row]) -> None:
    """Insert the rows, or put them in the place of those with their ids."""
    if rows:
        await connection.execute_query(_upsert_statement(model), _columnwise(rows))


def _columnwise(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


@cache
def _upsert_statement(model: type[Model]) -> str:
    columns = columns_of(model)
    names = ", ".join(f'"{name}"' for name in columns)
    given = ", ".join(f"${at}::{_type_of(model, name)}[]" for at, name in enumerate(columns, 1))
    # What a row's place is found by never changes.
    changed = ", ".join(
        f'"{name}" = EXCLUDED."{name}"' for name in columns if name not in ("id", "started_at")
    )
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608 -- the code's own names
        f"SELECT * FROM unnest({given}) ON CONFLICT (id, started_at) DO UPDATE SET {changed}"
    )


def _type_of(model: type[Model], column: str) -> str:
    field = model._meta.fields_map[column]
    return next((name for kind, name in _TYPES if isinstance(field, kind)), "text")
