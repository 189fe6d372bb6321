"""What is stored changes with FORMAT alone: no version reads another's files for its own."""

import hashlib
import typing
from collections.abc import Iterator
from enum import Enum
from ipaddress import ip_network
from types import GenericAlias, UnionType

import msgspec

from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.packed_table import pack_bucket
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.rule_table import shelf_key
from pointsman.routing.sources import SourceRef, md5_user_key, user_key
from pointsman.snapshots.catalog import FORMAT, Catalog
from pointsman.snapshots.networks import PackedSource, network_key
from pointsman.snapshots.part import Part
from pointsman.snapshots.status import Status

# What is encoded as a whole; what it consists of is found from here. Status is JSON, which may get
# fields.
_STORED = (Catalog, Part, Did, Domain, RoutingRule, SourceRef, PackedSource)
# By format: the newest one's is added, the others are left as they are.
_HASHES = {1: "7e99966a5fe0da12", 2: "504ba7fe979eee74"}


def _structs_of(kind: object, seen: dict[str, object]) -> Iterator[type]:
    """The structs and enums that a type consists of, each once."""
    if isinstance(kind, type) and not isinstance(kind, GenericAlias):
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name in seen:
            return
        seen[name] = kind
        if issubclass(kind, Enum):
            yield kind
        elif issubclass(kind, msgspec.Struct):
            yield kind
            for field in typing.get_type_hints(kind).values():
                yield from _structs_of(field, seen)
        return
    for inner in typing.get_args(kind):
        yield from _structs_of(inner, seen)


def _describe(kind: type) -> str:
    if issubclass(kind, Enum):
        return f"{kind.__qualname__} is one of {[member.value for member in kind]}"
    assert issubclass(kind, msgspec.Struct)
    config = kind.__struct_config__
    hints = typing.get_type_hints(kind)
    fields = [f"{field.encode_name}: {_spell(hints[field.name])} = {_default(field)}"
              for field in msgspec.structs.fields(kind)]  # fmt: skip
    form = "array" if config.array_like else "map"
    return f"{kind.__qualname__} as {form}, tag {config.tag}: {', '.join(fields)}"


def _spell(kind: object) -> str:
    """The same in every version of Python, wherever the type is from."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, UnionType):
        return " | ".join(sorted(map(_spell, arguments)))
    if origin is not None:
        return f"{_spell(origin)}[{', '.join(map(_spell, arguments))}]"
    return kind.__qualname__ if isinstance(kind, type) else repr(kind)


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is not msgspec.NODEFAULT:
        return repr(field.default)
    return "empty" if field.default_factory is not msgspec.NODEFAULT else "none"


def describe_format() -> str:
    """A line for each struct and enum that is stored; keys, and a bucket as it is packed."""
    seen: dict[str, object] = {}
    lines = [_describe(kind) for stored in _STORED for kind in _structs_of(stored, seen)]
    bucket = pack_bucket([("", b"all"), ("1", b""), ("12", b"x"), ("é\n2", b"yz")])
    networks = map(ip_network, ("192.0.2.1", "192.0.2.0/24", "2001:db8::/32"))
    keys = [shelf_key("1", "2"), user_key("r", "u"), md5_user_key("r", "u")]
    keys += map(network_key, networks)
    packed = hashlib.sha256(bucket).hexdigest()
    return "\n".join([*sorted(lines), f"keys as {keys}", f"a bucket as {packed}"])


def test_what_is_stored_changes_with_the_format_alone() -> None:
    described = describe_format()
    found = hashlib.sha256(described.encode()).hexdigest()[:16]
    assert _HASHES.get(FORMAT) == found, (
        f"What snapshots store is not what format {FORMAT} was: routers that are updated before "
        "their compiler, or after it, would misread its files. Raise FORMAT in "
        f"snapshots/catalog.py, and add its hash here: {FORMAT + 1}: {found!r} (as long as format "
        f"{FORMAT} has never been released, its own hash may be replaced).\n{described}"
    )


def test_no_former_format_is_read() -> None:
    assert max(_HASHES) == FORMAT


def test_all_of_a_stored_struct_is_looked_at() -> None:
    seen: dict[str, object] = {}
    names = {kind.__qualname__ for stored in _STORED for kind in _structs_of(stored, seen)}
    # From the catalog, its parts, and deep within them.
    assert {"BlobRef", "Merged", "SealedTrunk", "Endpoint", "Transport", "RerouteRule"} <= names


def test_a_status_may_have_fields_that_a_router_does_not_know() -> None:
    written = msgspec.json.encode({"newest_revision": 7, "of_a_later_version": [1]})
    assert msgspec.json.decode(written, type=Status) == Status(newest_revision=7)
