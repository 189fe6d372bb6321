"""The files under schema/: generated, committed, and guarded against breaking changes."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLError, build_schema, parse, validate
from graphql.utilities import find_breaking_changes

from pointsman.errors import BadEnvironment
from pointsman.graphql.schema import build_schema as build_own_schema
from pointsman.kamailio.json_schema import answer_schema, request_schema

GRAPHQL = "schema.graphql"
REQUEST = "rtjson-request.schema.json"
ANSWER = "rtjson-answer.schema.json"

# Keywords of JSON Schema whose change refuses what was taken, or gives what was not awaited.
_KEYWORDS = ("type", "enum", "const", "pattern", "maxLength", "minLength", "minimum", "maximum")


def generate() -> dict[str, str]:
    """The files as they should be, by name."""
    return {
        GRAPHQL: build_own_schema().as_str() + "\n",
        REQUEST: request_schema(),
        ANSWER: answer_schema(),
    }


def drifted(directory: Path) -> list[str]:
    """The names of the files that are not what would be generated now."""
    return [
        name
        for name, text in generate().items()
        if not (directory / name).is_file() or (directory / name).read_text() != text
    ]


def breaking_changes(against: str, directory: Path) -> list[str]:
    """What would break a client of `against`: a file, or a git revision with the files of
    `directory`; raises BadEnvironment when it is neither."""
    old = _read_file(Path(against)) if Path(against).is_file() else _read_git(against, directory)
    new = generate()
    return [
        f"{name}: {change}" for name, text in old.items() for change in _compare(name, text, new)
    ]


def invalid_operations(files: list[Path]) -> Iterator[str]:
    """What is wrong with the GraphQL operations in files, each with file and line."""
    schema = build_schema(generate()[GRAPHQL])
    for file in files:
        try:
            faults = validate(schema, parse(file.read_text()))
        except GraphQLError as error:
            faults = [error]
        except (OSError, UnicodeDecodeError) as error:
            faults = [GraphQLError(str(error))]
        for fault in faults:
            line = f":{fault.locations[0].line}" if fault.locations else ""
            yield f"{file}{line}: {fault.message}"


def _read_file(file: Path) -> dict[str, str]:
    if file.name in (REQUEST, ANSWER):
        return {file.name: file.read_text()}
    return {GRAPHQL: file.read_text()}


def _read_git(revision: str, directory: Path) -> dict[str, str]:
    found = {}
    for name in generate():
        done = subprocess.run(
            ["git", "-C", str(directory), "show", f"{revision}:./{name}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            found[name] = done.stdout
    if not found:
        raise BadEnvironment(
            f"{revision!r} is neither a file nor a git revision that has {directory}/{GRAPHQL}"
        )
    return found


def _compare(name: str, old: str, new: dict[str, str]) -> list[str]:
    if name == GRAPHQL:
        try:
            changes = find_breaking_changes(build_schema(old), build_schema(new[GRAPHQL]))
        except (GraphQLError, TypeError) as error:
            return [f"the schema compared with cannot be read: {error}"]
        return [change.description for change in changes]
    return list(_compare_json(json.loads(old), json.loads(new[name]), is_request=name == REQUEST))


def _compare_json(old: dict[str, Any], new: dict[str, Any], *, is_request: bool) -> Iterator[str]:
    """Properties by their dotted paths: removed, changed, and newly required of a client."""
    before, after = dict(_properties(old)), dict(_properties(new))
    for path, (old_rule, was_required) in before.items():
        if path not in after:
            yield f"{path} was removed"
            continue
        new_rule, is_required = after[path]
        for keyword in _KEYWORDS:
            if old_rule.get(keyword) != new_rule.get(keyword):
                yield (
                    f"{path} changed {keyword} from {old_rule.get(keyword)} "
                    f"to {new_rule.get(keyword)}"
                )
        if is_request and is_required and not was_required:
            yield f"{path} became required"
        if not is_request and was_required and not is_required:
            yield f"{path} is no longer always there"
    if is_request:
        for path, (_, is_required) in after.items():
            if is_required and path not in before:
                yield f"{path} was added and is required"


def _properties(
    document: dict[str, Any], node: dict[str, Any] | None = None, path: str = ""
) -> Iterator[tuple[str, tuple[dict[str, Any], bool]]]:
    node = document if node is None else node
    if "$ref" in node:
        node = document["$defs"][node["$ref"].rpartition("/")[2]]
    if "items" in node:
        yield from _properties(document, node["items"], f"{path}[]")
    for name, child in node.get("properties", {}).items():
        child_path = f"{path}.{name}" if path else name
        yield child_path, (child, name in node.get("required", []))
        yield from _properties(document, child, child_path)
