"""Opens tables of a data file."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from pointsman.routing.packed_table import DecodedRecords, PackedTable, Record
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.rule_table import Hours, RuleTable, Shelf, compile_shelf
from pointsman.routing.screening_lists import Entry, Level, compile_levels
from pointsman.snapshots.catalog import ListsRef, TableRef
from pointsman.snapshots.files import DataFile

T = TypeVar("T")

_SHELF = msgspec.msgpack.Decoder(tuple[tuple[int, ...], tuple[RoutingRule, ...]])


class Tables:
    """Opens the tables of a data file."""

    def __init__(self, data: DataFile, decoded: DecodedRecords) -> None:
        self.data = data
        self._decoded = decoded

    def rules(self, rules: TableRef, hours: Hours, *, reads_caller: bool) -> RuleTable:
        """The rules of a tenant with these opening hours."""

        def decode(key: str, record: Record) -> Shelf:
            lengths, rules = _SHELF.decode(record)
            return compile_shelf(key, lengths, rules, hours)

        return RuleTable(self.open(rules, decode), reads_caller)

    def lists(self, refs: tuple[ListsRef, ...]) -> Mapping[str, Level]:
        """The lists of an owner."""
        return compile_levels((ref.merged, self.open(ref.entries, _decode_entry)) for ref in refs)

    def open(self, ref: TableRef, decode: Callable[[str, Record], T]) -> PackedTable[T]:
        """Any table."""
        return PackedTable(
            [(boundary, self.data.view(blob)) for boundary, blob in ref.buckets],
            None if ref.spine is None else self.data.view(ref.spine),
            decode,
            self._decoded,
        )


def _decode_entry(key: str, record: Record) -> Entry:
    return Entry(str(record, "utf-8"), key)
