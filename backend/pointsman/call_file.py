"""Calls from a file, a line each: JSON objects, or CSV with the names of the fields at its head."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct

from pointsman.errors import BadEnvironment, InvalidInput, Problem
from pointsman.kamailio.question import read_question
from pointsman.services.explanation import Question

MAX_LINE = 65_536


class CallLine(Struct, frozen=True):
    """A line of the file by its number (1 is the first), with the call on it, or what is wrong
    with it; `read` is how many characters of the file there were up to its end."""

    number: int
    read: int
    question: Question | InvalidInput


def read_calls(file: Path) -> Iterator[CallLine]:
    """The calls of a file that is CSV by its name, else a JSON object a line; empty lines are
    left out. Raises BadEnvironment for a file that cannot be read."""
    try:
        # What is no UTF-8 is a fault of its line, not of the file.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield from _read_csv(text) if file.suffix.lower() == ".csv" else _read_json(text)
    except OSError as error:
        raise BadEnvironment(f"{file} cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise BadEnvironment(f"{file} is no CSV: {error}") from error


def _read_json(text: TextIO) -> Iterator[CallLine]:
    read = 0
    for number, line in enumerate(text, 1):
        read += len(line)
        if line.strip():
            yield CallLine(number, read, _read_line(line))


def _read_line(line: str) -> Question | InvalidInput:
    if len(line) > MAX_LINE:
        return _invalid(f"is longer than {MAX_LINE} characters", "write one call a line")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return _invalid("is no JSON object", 'write {"source_ip": "192.0.2.10", ...}')
    return _read_fields(fields)


def _read_csv(text: TextIO) -> Iterator[CallLine]:
    rows = csv.reader(text, strict=True)
    names = next(rows, [])
    if names:
        read_question(dict.fromkeys(names))  # a name that is none is wrong for all lines
    read = 0
    for row in rows:
        read += sum(map(len, row)) + len(row) + 1
        if not row:
            continue
        if len(row) == len(names):
            question = _read_fields(dict(zip(names, row, strict=True)))
        else:
            question = _invalid(
                f"has {len(row)} fields", f"write {len(names)}, as there are at the head"
            )
        yield CallLine(rows.line_num, read, question)


def _read_fields(fields: dict[str, Any]) -> Question | InvalidInput:
    try:
        return read_question(fields)
    except InvalidInput as error:
        return error


def _invalid(message: str, fix: str) -> InvalidInput:
    return InvalidInput([Problem("line", message, fix)])
