"""Changes of a JSON Schema that break whoever goes by the former one."""

from collections.abc import Callable, Iterator
from typing import Any

_Json = dict[str, Any]


def breaking_json_changes(old: _Json, new: _Json, *, is_request: bool) -> Iterator[str]:
    """What breaks, by the dotted path of the property.

    A request must go on being taken: nothing narrower, nothing newly required. An answer must go
    on being understood: nothing wider, nothing left out.
    """
    before, after = dict(_properties(old)), dict(_properties(new))
    for path, (old_rule, was_required) in before.items():
        if path not in after:
            yield f"{path} was removed"
            continue
        new_rule, is_required = after[path]
        wide, narrow = (old_rule, new_rule) if is_request else (new_rule, old_rule)
        for keyword, may_refuse in _KEYWORDS.items():
            if may_refuse(wide.get(keyword), narrow.get(keyword)):
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
    document: _Json, node: _Json | None = None, path: str = ""
) -> Iterator[tuple[str, tuple[_Json, bool]]]:
    node = document if node is None else node
    if "$ref" in node:
        node = document["$defs"][node["$ref"].rpartition("/")[2]]
    if "items" in node:
        yield from _properties(document, node["items"], f"{path}[]")
    for name, child in node.get("properties", {}).items():
        child_path = f"{path}.{name}" if path else name
        yield child_path, (child, name in node.get("required", []))
        yield from _properties(document, child, child_path)


# Each tells whether a value that the keyword's first setting allows may be refused by its second;
# None is the keyword's absence.
def _types(allowed: Any, by: Any) -> bool:
    return by is not None and not _set(allowed or "anything") <= _set(by)


def _enum(allowed: Any, by: Any) -> bool:
    return by is not None and (allowed is None or not set(allowed) <= set(by))


def _same(allowed: Any, by: Any) -> bool:
    return by is not None and allowed != by


def _at_most(allowed: Any, by: Any) -> bool:
    return by is not None and (allowed is None or allowed > by)


def _at_least(allowed: Any, by: Any) -> bool:
    return by is not None and (allowed is None or allowed < by)


def _set(types: str | list[str]) -> set[str]:
    return {types} if isinstance(types, str) else set(types)


_KEYWORDS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _types,
    "enum": _enum,
    "const": _same,
    "pattern": _same,
    "maxLength": _at_most,
    "maximum": _at_most,
    "minLength": _at_least,
    "minimum": _at_least,
}
