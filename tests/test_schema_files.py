"""The committed schema is the served one, and a breaking change is named."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from pointsman.errors import BadEnvironment
from pointsman.routing.outcome import Reject, RejectCode
from pointsman.schema_files import (
    ANSWER,
    GRAPHQL,
    REQUEST,
    breaking_changes,
    drifted,
    generate,
    invalid_operations,
)

_ROOT = Path(__file__).parents[1]
_README = _ROOT / "schema" / "README.md"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name, text in generate().items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_committed_files_are_what_is_served() -> None:
    assert drifted(_ROOT / "schema") == []


def test_a_file_that_was_edited_or_is_missing_is_named(directory: Path) -> None:
    assert drifted(directory) == []
    (directory / GRAPHQL).write_text((directory / GRAPHQL).read_text() + "# edited\n")
    (directory / ANSWER).unlink()
    assert drifted(directory) == [GRAPHQL, ANSWER]


def test_the_same_schema_breaks_nobody(directory: Path) -> None:
    for name in (GRAPHQL, REQUEST, ANSWER):
        assert breaking_changes(str(directory / name), directory) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            GRAPHQL,
            "type Tenant {",
            "type Tenant {\n  phone: String",
            "Field Tenant.phone was removed",
        ),
        (
            GRAPHQL,
            "input CreateTenantInput {",
            "input CreateTenantInput {\n  note: String",
            "Field CreateTenantInput.note was removed",
        ),
        (
            GRAPHQL,
            "enum TrunkKind {",
            "enum TrunkKind {\n  PEER",
            "Enum value TrunkKind.PEER was removed",
        ),
        (REQUEST, '"call_id": {', '"callid": {', f"{REQUEST}: callid was removed"),
        (
            REQUEST,
            '      "required": [',
            '      "required_once": [',
            f"{REQUEST}: source_ip became required",
        ),
        (
            ANSWER,
            '200 with routes",\n          "type": "integer"',
            '200 with routes",\n          "type": "string"',
            f"{ANSWER}: rtjson.sip_code changed type from string to integer",
        ),
        (ANSWER, '"trunk": {', '"trunk_id": {', f"{ANSWER}: rtjson.routes[].trunk_id was removed"),
    ],
)
def test_a_breaking_change_is_named(
    directory: Path, name: str, old: str, new: str, expected: str
) -> None:
    text = (directory / name).read_text()
    assert old in text
    (directory / name).write_text(text.replace(old, new, 1))
    changes = breaking_changes(str(directory / name), directory)
    assert any(expected in change for change in changes), changes


def test_it_compares_with_a_git_revision(directory: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
        subprocess.run(
            ["git", *identity, *arguments], cwd=directory, check=True, capture_output=True
        )

    text = (directory / GRAPHQL).read_text()
    git("init")
    (directory / GRAPHQL).write_text(text.replace("type Did {", "type Did {\n  old: Int"))
    git("add", ".")
    git("commit", "-m", "before")
    (directory / GRAPHQL).write_text(text)
    assert breaking_changes("HEAD", directory) == ["schema.graphql: Field Did.old was removed."]
    with pytest.raises(BadEnvironment, match="neither a file nor a git revision"):
        breaking_changes("no-such-revision", directory)


def test_a_file_may_have_another_name(directory: Path) -> None:
    renamed = (directory / ANSWER).rename(directory / "former.json")
    renamed.write_text(renamed.read_text().replace('"trunk": {', '"trunk_id": {'))
    expected = f"{ANSWER}: rtjson.routes[].trunk_id was removed"
    assert breaking_changes(str(renamed), directory) == [expected]
    for text in ("{", '{"title": "Something else"}'):
        renamed.write_text(text)
        with pytest.raises(BadEnvironment, match=r"former\.json is n"):
            breaking_changes(str(renamed), directory)


def test_a_schema_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / "old.graphql"
    file.write_text("type {")
    (change,) = breaking_changes(str(file), tmp_path)
    assert "cannot be read" in change


def test_the_operations_of_a_client_are_checked(tmp_path: Path) -> None:
    assert list(invalid_operations([_ROOT / "tests" / "operations.graphql"])) == []
    bad = tmp_path / "bad.graphql"
    bad.write_text("query Q {\n  tenants { nodes { phone } }\n}\n")
    broken = tmp_path / "broken.graphql"
    broken.write_text("query {")
    faults = list(invalid_operations([bad, broken, tmp_path / "missing.graphql"]))
    assert faults[0] == f"{bad}:2: Cannot query field 'phone' on type 'Tenant'."
    assert faults[1].startswith(f"{broken}:1: Syntax Error")
    assert "missing.graphql" in faults[2]


def test_every_reject_is_documented() -> None:
    rows = re.findall(r"^\| ([A-Z_]+) \| (\d+) (.+?) \| ", _README.read_text(), re.MULTILINE)
    rejects = [Reject(code, "") for code in RejectCode]
    assert rows == [(row.code, str(row.sip_code), row.sip_reason) for row in rejects]


def test_every_required_key_of_a_request_is_documented() -> None:
    (sentence,) = re.findall(
        r"\*\*The request\*\*: (.+?) are required", _README.read_text(), re.DOTALL
    )
    documented = re.findall(r"`(\w+)`", sentence)
    schema = json.loads(generate()[REQUEST])
    assert documented == schema["$defs"]["RtjsonRequest"]["required"]
