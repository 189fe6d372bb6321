"""Shelves of routing rules as records of a table.

A record is an array of the shelf's lengths and its rules (see rule_table.Shelf). Where the first
rule is one that all calls use which get there, its id and that of its group stand before it, so
that a call need not read what it does not use: a byte that is no array, the lengths of both ids,
the ids.
"""

import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from pointsman.routing.packed_table import Record
from pointsman.routing.routing_rule import RoutingRule, RuleAction
from pointsman.routing.rule_table import PlainRule

_PLAIN = 1
_HEADER = struct.Struct("BBB")
_IDS = _HEADER.size
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[tuple[int, ...], tuple[RoutingRule, ...]])
_PLACE = {name: place for place, name in enumerate(RoutingRule.__struct_fields__)}
_CONDITIONS = tuple(
    _PLACE[name] for name in ("called_regex", "calling_regex", "source_trunk_id", "schedule_id")
)


def write_shelf(lengths: Sequence[int], rules: Sequence[tuple[Any, ...]]) -> bytes:
    """The record of a shelf, of its rules in their order, as tuples of their fields."""
    whole = _ENCODER.encode((lengths, rules))
    if lengths or not rules or not _is_plain(rules[0]):
        return whole
    rule_id, group_id = rules[0][_PLACE["id"]], rules[0][_PLACE["routing_group_id"]]
    ids = f"{rule_id}{group_id}".encode()
    return _HEADER.pack(_PLAIN, len(rule_id), len(ids)) + ids + whole


def read_plain(record: Record) -> PlainRule | None:
    """The rule that all calls use which get to a shelf, if there is one."""
    is_plain, first, both = _HEADER.unpack_from(record)
    if is_plain != _PLAIN:
        return None
    ids = str(record[_IDS : _IDS + both], "ascii")
    return PlainRule(ids[:first], ids[first:])


def read_shelf(record: Record) -> tuple[tuple[int, ...], tuple[RoutingRule, ...]]:
    """The lengths and the rules of a shelf."""
    return _DECODER.decode(record[_IDS + record[2] :] if record[0] == _PLAIN else record)


def _is_plain(rule: tuple[Any, ...]) -> bool:
    conditional = any(rule[place] for place in _CONDITIONS)
    is_group = rule[_PLACE["action"]] == RuleAction.GROUP
    return rule[_PLACE["enabled"]] and is_group and not conditional
