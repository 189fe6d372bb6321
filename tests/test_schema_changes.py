"""What breaks a client of a JSON Schema, and what does not."""

from typing import Any

import pytest

from pointsman.schema_changes import breaking_json_changes


def _schema(rule: dict[str, Any] | None, *, required: bool = False) -> dict[str, Any]:
    """With one property two levels down, reached through $ref and items as ours are."""
    route: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    if rule is not None:
        route["properties"]["field"] = rule
    if required:
        route["required"].append("field")
    routes = {"type": "array", "items": {"$ref": "#/$defs/Route"}}
    return {
        "$ref": "#/$defs/Document",
        "$defs": {"Document": {"properties": {"routes": routes}}, "Route": route},
    }


_WIDER = [
    ({"type": "string", "maxLength": 45}, {"type": "string", "maxLength": 64}),
    ({"type": "string", "maxLength": 45}, {"type": "string"}),
    ({"type": "string", "minLength": 1}, {"type": "string", "minLength": 0}),
    ({"type": "integer", "maximum": 1}, {"type": "integer", "maximum": 2}),
    ({"type": "integer", "minimum": 1}, {"type": "integer"}),
    ({"type": "string"}, {"type": ["string", "null"]}),
    ({"type": "string"}, {}),
    ({"enum": ["udp"]}, {"enum": ["udp", "tcp"]}),
    ({"enum": ["udp"]}, {}),
    ({"type": "string", "pattern": "^a$"}, {"type": "string"}),
    ({"const": 1}, {}),
]
_EITHER = [
    ({"type": "string"}, {"type": "integer"}),
    ({"pattern": "^a$"}, {"pattern": "^b$"}),
    ({"const": 1}, {"const": 2}),
    ({"enum": ["udp"]}, {"enum": ["tcp"]}),
]


@pytest.mark.parametrize(("narrow", "wide"), _WIDER)
def test_a_request_may_become_wider_and_an_answer_narrower(
    narrow: dict[str, Any], wide: dict[str, Any]
) -> None:
    narrow, wide = _schema(narrow), _schema(wide)
    assert list(breaking_json_changes(narrow, wide, is_request=True)) == []
    assert list(breaking_json_changes(wide, narrow, is_request=False)) == []
    for is_request, old, new in ((True, wide, narrow), (False, narrow, wide)):
        (change,) = breaking_json_changes(old, new, is_request=is_request)
        assert change.startswith("routes[].field changed ")


@pytest.mark.parametrize(("old", "new"), _EITHER)
@pytest.mark.parametrize("is_request", [True, False])
def test_another_value_breaks_both(
    old: dict[str, Any], new: dict[str, Any], is_request: bool
) -> None:
    (change,) = breaking_json_changes(_schema(old), _schema(new), is_request=is_request)
    (keyword,) = old
    expected = f"routes[].field changed {keyword} from {old[keyword]} to {new[keyword]}"
    assert change == expected


def test_what_is_newly_required_breaks_a_request() -> None:
    rule = {"type": "string"}
    for old, new, expected in (
        (_schema(rule), _schema(rule, required=True), ["routes[].field became required"]),
        (_schema(None), _schema(rule, required=True), ["routes[].field was added and is required"]),
        (_schema(None), _schema(rule), []),
        (_schema(rule, required=True), _schema(rule), []),
    ):
        assert list(breaking_json_changes(old, new, is_request=True)) == expected


def test_what_is_left_out_breaks_an_answer() -> None:
    rule = {"type": "string"}
    for old, new, expected in (
        (_schema(rule, required=True), _schema(rule), ["routes[].field is no longer always there"]),
        (_schema(rule), _schema(None), ["routes[].field was removed"]),
        (_schema(None), _schema(rule, required=True), []),
        (_schema(rule), _schema(rule, required=True), []),
    ):
        assert list(breaking_json_changes(old, new, is_request=False)) == expected
