"""The files under schema/: generated, committed, and guarded against breaking changes."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLError, build_schema, parse, validate
from graphql.utilities import find_breaking_changes

from pointsman.errors import BadEnvironment
from pointsman.graphql.schema import build_schema as build_own_schema
from pointsman.kamailio.json_schema import answer_schema, request_schema
from pointsman.schema_changes import breaking_json_changes

GRAPHQL = "schema.graphql"
REQUEST = "rtjson-request.schema.json"
ANSWER = "rtjson-answer.schema.json"


def generate() -> dict[str, str]:
    """The files as they should be, by name."""
    return {
        GRAPHQL: build_own_schema().as_str() + "\n",
        REQUEST: request_schema(),
        ANSWER: answer_schema(),
    }


def export(directory: Path) -> Iterator[Path]:
    """Write the files; raises BadEnvironment where they cannot be written."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in generate().items():
            (directory / name).write_text(text)
            yield directory / name
    except OSError as error:
        raise BadEnvironment(f"{directory} cannot be written to: {error.strerror}") from error


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
    """The file under the name of the schema that it holds, which its own name need not be."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if not text.lstrip().startswith("{"):
            return {GRAPHQL: text}
        title = json.loads(text).get("title")
    except (OSError, ValueError, RecursionError) as error:
        raise BadEnvironment(f"{file} is no schema: {error}") from error
    for name in (REQUEST, ANSWER):
        if json.loads(generate()[name])["title"] == title:
            return {name: text}
    raise BadEnvironment(f"{file} is neither {REQUEST} nor {ANSWER} of any version")


def _read_git(revision: str, directory: Path) -> dict[str, str]:
    found = {}
    for name in generate() if revision else ():  # without one, git shows its index
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
    is_request = name == REQUEST
    return list(
        breaking_json_changes(json.loads(old), json.loads(new[name]), is_request=is_request)
    )
