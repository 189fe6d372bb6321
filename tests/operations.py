"""The operations of operations.graphql, by name."""

from functools import cache
from pathlib import Path

from graphql import parse, print_ast, separate_operations

_FILE = Path(__file__).parent / "operations.graphql"


@cache
def operation_text(name: str) -> str:
    """One operation with the fragments that it uses."""
    return print_ast(separate_operations(parse(_FILE.read_text()))[name])


def plural(noun: str) -> str:
    """Of a noun or of its field: a ReroutePolicy is listed by ReroutePolicies."""
    return f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"
