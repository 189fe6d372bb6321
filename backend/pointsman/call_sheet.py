"""Exported calls as text: CSV for spreadsheets, JSON Lines for programs.

What a stranger writes into a call is no formula in anybody's spreadsheet: a text that would begin
one gets an apostrophe before it, also behind a semicolon, which divides cells where a comma is a
decimal point. A plus with digits alone is a number to every spreadsheet, and stays as it is.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from pointsman.services.call_export import COLUMNS, Row

_NUMBER = re.compile(r"\+[0-9]+")
# The last four are how some spreadsheets read the full-width forms of the first.
_FORMULA = re.compile("(^(?=[\t\r])|(?:^|[;\t\r\n])(?=\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]))")
_DIVIDES = re.compile("[;\t\r\n]")
_MAY_BEGIN = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")


class SheetFormat(StrEnum):
    """How calls are written."""

    CSV = "csv"
    JSONL = "jsonl"


# By the names that GraphQL has for them; those of other objects are their ids.
_IDS = frozenset({"tenant", "source_trunk", "trunk", "carrier", "endpoint", "revision"})


def _name_of(column: str) -> str:
    first, *rest = (f"{column}_id" if column in _IDS else column).split("_")
    return first + "".join(map(str.capitalize, rest))


NAMES = tuple(map(_name_of, COLUMNS))
MEDIA_TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8; header=present",
    SheetFormat.JSONL: "application/jsonl",
}


def head_of(form: SheetFormat) -> bytes:
    """What comes before the calls."""
    return _lines([NAMES]) if form is SheetFormat.CSV else b""


def write_calls(form: SheetFormat, rows: Sequence[Row]) -> bytes:
    """A line for each call."""
    if form is SheetFormat.CSV:
        return _lines([[_cell(value) for value in row] for row in rows])
    return b"".join(
        msgspec.json.encode(dict(zip(NAMES, map(_plain, row), strict=True))) + b"\n" for row in rows
    )


def defused(text: str) -> str:
    """The text as a cell that no spreadsheet reckons with."""
    if text[:1] not in _MAY_BEGIN and not text[:1].isspace() and _DIVIDES.search(text) is None:
        return text  # as nearly all are, which is found out sooner so
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    """RFC 4180."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, str):
        return defused(plain)
    if isinstance(plain, bool):
        return str(plain).lower()
    return "" if plain is None else str(plain)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(value)
