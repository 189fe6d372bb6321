"""Exported calls as text: what a stranger writes into a call is no formula of anybody's."""

import csv
import io
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from pointsman.call_sheet import NAMES, SheetFormat, defused, head_of, write_calls
from pointsman.calls.call import CallOutcome
from pointsman.services.call_export import COLUMNS


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("sip:alice@example.com;user=phone", "sip:alice@example.com;user=phone"),
        ("Q.850;cause=16", "Q.850;cause=16"),
        ("+390401234567", "+390401234567"),
        ("+", "'+"),
        ("+39 040", "'+39 040"),
        ("+39+1", "'+39+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("+390401234567\n", "'+390401234567\n"),
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("\tx", "'\tx"),
        (" =1", "' =1"),
        ("\u3000=1", "'\u3000=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"),
        ("a; -1;b", "a;' -1;b"),
        ("a\n@x", "a\n'@x"),
        ("a=1", "a=1"),
        ("a;b=1", "a;b=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    assert defused(text) == cell


def _row(**values: object) -> tuple[object, ...]:
    given: dict[str, object] = {
        "id": UUID(int=1),
        "started_at": datetime(2026, 11, 18, 1, 2, 3, 4, UTC),
        "duration_ms": 60_500,
        "clock_went_back": False,
        "outcome": CallOutcome.ANSWERED,
        "called_number": "+390612345678",
        **values,
    }
    return tuple(given.get(column) for column in COLUMNS)


def test_a_line_of_csv_is_read_back_as_it_was() -> None:
    odd = 'sip:"a, b"@x;\r\n ü'
    text = head_of(SheetFormat.CSV) + write_calls(SheetFormat.CSV, [_row(from_uri=odd)])
    head, line = csv.reader(io.StringIO(text.decode(), newline=""))
    assert tuple(head) == NAMES
    read = dict(zip(head, line, strict=True))
    assert (read["fromUri"], read["calledNumber"]) == (odd, "+390612345678")
    assert (read["startedAt"], read["durationMs"]) == ("2026-11-18T01:02:03.000004Z", "60500")
    assert (read["outcome"], read["clockWentBack"], read["endedAt"]) == ("ANSWERED", "false", "")


def test_a_line_of_json_says_what_was_said() -> None:
    text = write_calls(SheetFormat.JSONL, [_row(from_uri="=1+1"), _row()])
    assert head_of(SheetFormat.JSONL) == b""
    first, second = map(json.loads, text.splitlines())
    assert tuple(first) == NAMES
    assert (first["fromUri"], first["durationMs"], first["endedAt"]) == ("=1+1", 60_500, None)
    assert second["clockWentBack"] is False


def test_names_are_those_of_graphql() -> None:
    assert {"tenantId", "sourceTrunkId", "revisionId", "sipCallId", "pddMs"} <= set(NAMES)
