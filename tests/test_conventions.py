"""Conventions of CONTRIBUTING that no linter knows: each has its check here."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

import pointsman
from pointsman import errors
from pointsman.graphql.errors import HANDLERS
from pointsman.graphql.schema import build_schema

_PACKAGE = Path(pointsman.__file__).parent
_ROOT = Path(__file__).parents[1]
# What asks a database, or writes to it, of Tortoise's models and rows.
_QUERIES = frozenset(
    {"filter", "all", "exclude", "get_or_none", "get_or_create", "create", "bulk_create", "save",
     "delete", "exists", "first", "raw", "update_from_dict", "annotate", "fetch_related"}
)  # fmt: skip


def _modules(folder: str = "") -> Iterator[Path]:
    for file in (_PACKAGE / folder).rglob("*.py"):
        if "migrations" not in file.parts:
            yield file


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def test_modules_are_small_and_named_for_what_they_hold() -> None:
    for file in _modules():
        assert len(file.read_text().splitlines()) <= 300, f"{file}: which noun is missing?"
        assert not re.search(r"util|helper|common|manager|misc", file.stem), file


def test_functions_are_small() -> None:
    for file in _modules():
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 45, f"{file}: {node.name} has {length} lines"


def test_a_tenants_scope_has_one_door() -> None:
    """Only auth.py reads a principal's tenant: whoever queries goes through scope()."""
    for file in _modules():
        if file.name == "auth.py":
            continue
        for node in ast.walk(_tree(file)):
            is_door = (
                isinstance(node, ast.Attribute)
                and node.attr in ("tenant_id", "of_platform")
                and isinstance(node.value, ast.Name | ast.Attribute)
                and ast.unparse(node.value).endswith("principal")
            )
            assert not is_door, f"{file}:{getattr(node, 'lineno', 0)}"


def test_resolvers_hold_no_queries_and_catch_nothing() -> None:
    for file in _modules("graphql"):
        tree = _tree(file)
        imported = {
            node.module or ""
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level == 0
        }
        if file.name != "loaders.py":
            assert not any(name.startswith("tortoise") for name in imported), file
            for node in ast.walk(tree):
                is_query = isinstance(node, ast.Attribute) and node.attr in _QUERIES
                assert not is_query, f"{file}: {ast.unparse(node)}"
        if file.name not in ("endpoint.py", "operation_count.py"):
            assert not any(isinstance(node, ast.Try) for node in ast.walk(tree)), file


def test_no_text_of_a_client_is_ever_a_column() -> None:
    """Filter keys and orders are written in the code: no ** of what came in, no f-string order."""
    for file in _modules("services"):
        for node in ast.walk(_tree(file)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("filter", "exclude", "get", "get_or_none", "order_by"):
                assert not any(word.arg is None for word in node.keywords), file
                assert not any(isinstance(argument, ast.JoinedStr) for argument in node.args), file


def test_every_expected_error_of_a_caller_is_a_type_of_the_schema() -> None:
    handled = {
        name.split(".")[-1]
        for handler in HANDLERS
        for name in re.findall(r"errors\.\w+", str(vars(type(handler))["__orig_bases__"]))
    }
    not_for_mutations = {"Unauthenticated", "BadSettings", "BadEnvironment", "PointsmanError"}
    expected = {
        name
        for name, member in inspect.getmembers(errors, inspect.isclass)
        if issubclass(member, errors.PointsmanError)
    }
    assert handled == expected - not_for_mutations


def test_every_mutation_returns_its_object_or_typed_errors() -> None:
    schema = build_schema()._schema
    mutation = schema.mutation_type
    assert mutation is not None
    error = schema.type_map["Error"]
    assert isinstance(error, GraphQLInterfaceType)
    for name, field in mutation.fields.items():
        members = [str(member) for member in field.type.of_type.types]
        needed = {"NotFound", "Forbidden", "Conflict"}
        if not name.startswith("delete"):
            needed.add("InvalidInput")
        assert needed <= set(members), name
        assert len(set(members) - {str(t) for t in schema.get_possible_types(error)}) == 1, name


def test_everything_in_the_schema_is_described() -> None:
    schema = build_schema()._schema
    for name, definition in schema.type_map.items():
        if name.startswith("__") or name in ("Query", "Mutation"):
            continue
        assert definition.description, name
        if isinstance(
            definition, GraphQLObjectType | GraphQLInputObjectType | GraphQLInterfaceType
        ):
            for field_name, field in definition.fields.items():
                assert field.description, f"{name}.{field_name}"
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        assert all(field.description for field in root.fields.values())


def test_enums_of_the_schema_are_upper_case() -> None:
    for name, definition in build_schema()._schema.type_map.items():
        if isinstance(definition, GraphQLEnumType) and not name.startswith("__"):
            assert all(value == value.upper() for value in definition.values)


@pytest.mark.parametrize("file", ["run.txt", "dev.txt"])
def test_every_dependency_is_pinned_by_hash_without_an_address(file: str) -> None:
    text = (_ROOT / "deploy" / "requirements" / file).read_text()
    assert "://" not in text
    requirements = re.split(r"\n(?=[a-z])", text.strip())
    assert len(requirements) > 30
    for requirement in requirements:
        assert "==" in requirement
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]
