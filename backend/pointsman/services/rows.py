"""Reading rows within the caller's scope: one, or a page of a list."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.fields import BigIntField, CharField, IntField
from tortoise.fields.base import Field
from tortoise.models import Model
from tortoise.queryset import QuerySet

from pointsman.auth import Principal, scope
from pointsman.errors import InvalidInput, NotFound, Problem
from pointsman.models import NormalizationProfile, ReroutePolicy

M = TypeVar("M", bound=Model)
# What the platform has for all, and a tenant for itself.
S = TypeVar("S", NormalizationProfile, ReroutePolicy)

DEFAULT_PAGE = 50
MAX_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[M]):
    """A page of a list in its order, the cursor of each row, and whether more follow."""

    rows: list[M]
    cursors: list[str]
    has_next: bool
    query: QuerySet[M]

    async def total(self) -> int:
        """How many rows the whole list has."""
        return await self.query.count()


async def find_row(principal: Principal, model: type[M], object_id: object) -> M | None:
    """The row, or None when there is none within the caller's scope."""
    key = read_id(object_id)
    if key is None:
        return None
    return await model.filter(scope(principal, model), id=key).first()


async def get_row(principal: Principal, model: type[M], object_id: object, path: str = "id") -> M:
    """The row; raises NotFound when there is none within the caller's scope."""
    row = await find_row(principal, model, object_id)
    if row is None:
        raise NotFound(noun_of(model), object_id, path)
    return row


async def get_usable(
    principal: Principal,
    model: type[S],
    object_id: object | None,
    owner_id: UUID | None,
    path: str,
) -> UUID | None:
    """The id of a row of `owner_id` or of the platform (no tenant), to be used by an object of
    that owner, the platform for None; raises NotFound for any other, as if it were not there."""
    if object_id is None:
        return None
    row = await get_row(principal, model, object_id, path)
    if row.tenant_id is not None and row.tenant_id != owner_id:
        raise NotFound(noun_of(model), object_id, path)
    return row.id


async def save_fields(row: Model, fields: dict[str, Any]) -> None:
    """Write these fields of a row where they differ, and no others; `updated_at` is written
    with the audit record, since a change may be of the row's parts alone."""
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if changed:
        row.update_from_dict(changed)
        await row.save(update_fields=list(changed))


async def list_rows(
    principal: Principal,
    model: type[M],
    where: Q,
    *,
    order: tuple[str, ...],
    first: int,
    after: str | None,
) -> Page[M]:
    """A page by keyset: `order` names columns that are never null; the id breaks ties."""
    check_first(first)
    keys = (*order, "id")
    query = model.filter(scope(principal, model), where)
    page = query if after is None else query.filter(_behind(keys, read_cursor(after, keys, model)))
    rows = await page.order_by(*keys).limit(first + 1)
    shown = rows[:first]
    return Page(
        rows=shown,
        cursors=[cursor_of(row, keys) for row in shown],
        has_next=len(rows) > first,
        query=query,
    )


def check_first(first: int) -> None:
    """Raise InvalidInput for a page of more rows than there may be."""
    if not 0 <= first <= MAX_PAGE:
        raise InvalidInput(
            [Problem("first", f"a page of {first}", f"ask for 0 to {MAX_PAGE} at a time")]
        )


def read_id(object_id: object) -> UUID | None:
    """The id, or None for a text that is none."""
    try:
        return object_id if isinstance(object_id, UUID) else UUID(str(object_id))
    except ValueError:
        return None


def get_reference(noun: str, object_id: object, path: str) -> UUID:
    """The id of an object that a field refers to, whose existence the database checks; raises
    NotFound for a text that is no id."""
    key = read_id(object_id)
    if key is None:
        raise NotFound(noun, object_id, path)
    return key


def noun_of(model: type[Model]) -> str:
    """A model's name as it is said: RoutingGroup is a routing group."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in model.__name__).strip()


def _behind(keys: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after the given one in the order of `keys`: (a, b) > (x, y), column by column."""
    condition = Q(**{f"{keys[-1]}__gt": values[-1]})
    for key, value in zip(reversed(keys[:-1]), reversed(values[:-1]), strict=True):
        condition = Q(**{f"{key}__gt": value}) | (Q(**{key: value}) & condition)
    return condition


def cursor_of(row: Model, keys: tuple[str, ...]) -> str:
    """The list's noun and the row's keys: a cursor of another list is none of this one."""
    values = [getattr(row, key) for key in keys]
    plain = [value if isinstance(value, int) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps([noun_of(type(row)), *plain]).encode()).decode()


def read_cursor(cursor: str, keys: tuple[str, ...], model: type[Model]) -> list[Any]:
    """The values of the keys; raises InvalidInput for what is no cursor of the model's list."""
    try:
        plain = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        if not isinstance(plain, list) or plain[:1] != [noun_of(model)]:
            raise ValueError(cursor)
        return [
            _read_key(model._meta.fields_map[key], value)
            for key, value in zip(keys, plain[1:], strict=True)
        ]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise InvalidInput(
            [Problem("after", "this is no cursor of this list", "use endCursor of a page of it")]
        ) from None


def _read_key(field: Field[Any], value: object) -> Any:
    """A key as its column takes it; raises ValueError for what no cursor of ours has."""
    if isinstance(field, IntField):
        bits = 63 if isinstance(field, BigIntField) else 31
        if type(value) is not int or not -(2**bits) <= value < 2**bits:
            raise ValueError(value)
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    if isinstance(field, CharField) and len(value) > field.max_length:
        raise ValueError(value)
    value.encode()  # a lone surrogate is no text
    return field.to_python_value(value)
