"""Opens tables of a data file."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from pointsman.routing.packed_table import DecodedRecords, PackedTable, Record
from pointsman.routing.rule_table import Hours, PlainRule, RuleTable, Shelf, compile_shelf
from pointsman.routing.screening_lists import Entry, Level, compile_levels
from pointsman.snapshots.catalog import BlobRef, ListsRef, TableRef
from pointsman.snapshots.shelves import read_plain, read_shelf

T = TypeVar("T")


class Data(Protocol):
    """A data file, mapped."""

    def view(self, blob: BlobRef) -> memoryview:
        """A part of it."""


class Tables:
    """Opens the tables of a data file."""

    def __init__(self, data: Data, decoded: DecodedRecords) -> None:
        self.data = data
        self._decoded = decoded

    def rules(self, rules: TableRef, hours: Hours, *, reads_caller: bool) -> RuleTable:
        """The rules of a tenant with these opening hours."""

        def decode_whole(key: str, record: Record) -> Shelf:
            lengths, found = read_shelf(record)
            return compile_shelf(key, lengths, found, hours)

        def decode(key: str, record: Record) -> Shelf | PlainRule:
            return read_plain(record) or decode_whole(key, record)

        shelves = self.open(rules, decode)
        return RuleTable(shelves, shelves.decoded_by(decode_whole), reads_caller)

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
