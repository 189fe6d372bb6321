"""A packed table is the table in memory, whatever is in it and however it is parted."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.packed_table import DecodedRecords, PackedTable, Record, pack_bucket
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.table import Table
from pointsman.snapshots.catalog import TableRef
from pointsman.snapshots.tables import build_table
from tests.snapshots.memory import MemoryFile

# Few letters, so that keys lie within each other; a line feed, and what UTF-8 has two and four
# bytes for. PostgreSQL has no text with a NUL.
KEYS = st.text("12\n+é𝟚", max_size=5)
ENTRIES = st.dictionaries(KEYS, st.binary(max_size=3), max_size=40)


def _decode(key: str, record: Record) -> tuple[str, bytes]:
    return key, bytes(record)


def open_table(
    ref: TableRef, file: MemoryFile, decoded: DecodedRecords
) -> PackedTable[tuple[str, bytes]]:
    """As a router does."""
    return PackedTable(
        [(boundary, file.view(blob)) for boundary, blob in ref.buckets],
        None if ref.spine is None else file.view(ref.spine),
        _decode,
        decoded,
    )


def check_same(packed: PackedTable[tuple[str, bytes]], entries: Mapping[str, bytes]) -> None:
    """Every question that the entries themselves give rise to, twice: decoded and kept."""
    memory = PrefixTable({key: (key, record) for key, record in entries.items()})
    assert len(packed) == len(memory) == len(entries)
    assert {key: bytes(record) for key, record in packed.items()} == dict(entries)
    longer = [f"{key}{more}" for key in entries for more in ("1", "\0", "\0001")]
    for number in ["", "1", "\0", *entries, *longer, *(key[:-1] for key in entries)]:
        for _ in range(2):
            assert packed.get(number) == memory.get(number)
            assert packed.longest(number) == memory.longest(number)
            found = [*packed.all(number)]
            assert found == [*memory.all(number)]
            assert [len(key) for key, _ in found] == sorted({len(key) for key, _ in found})[::-1]
            assert sorted(packed.starting(number)) == sorted(memory.starting(number))


@pytest.mark.parametrize("bucket_keys", [1, 2, 3, 8_192])
@given(entries=ENTRIES)
def test_it_is_the_table_in_memory(bucket_keys: int, entries: dict[str, bytes]) -> None:
    file = MemoryFile()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pointsman.snapshots.tables.BUCKET_KEYS", bucket_keys)
        ref = build_table(entries.items(), file.add)
    assert len(ref.buckets) == max(1, -(-len(entries) // bucket_keys))
    check_same(open_table(ref, file, DecodedRecords(1_000)), entries)


def test_a_prefix_in_a_bucket_far_before_is_found_by_the_spine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pointsman.snapshots.tables.BUCKET_KEYS", 2)
    file = MemoryFile()
    keys = ["", "3", *(f"3{number}" for number in range(10, 20)), "4"]
    ref = build_table(((key, key.encode()) for key in keys), file.add)
    assert [boundary for boundary, _ in ref.buckets] == ["", "310", "312", "314", "316", "318", "4"]
    packed = open_table(ref, file, DecodedRecords(10))
    assert [key for key, _ in packed.all("3199")] == ["319", "3", ""]
    assert [key for key, _ in packed.all("49")] == ["4", ""]


def test_a_record_is_decoded_once_until_too_many_are() -> None:
    asked: list[str] = []

    def decode(key: str, record: Record) -> str:
        asked.append(key)
        return key

    decoded = DecodedRecords(2)
    bucket = memoryview(pack_bucket((key, bytes(600)) for key in "abc"))
    tables = [PackedTable([("", bucket)], None, decode, decoded) for _ in range(2)]
    for key in "aabba":
        tables[0].get(key)
    assert asked == ["a", "b"]
    # A third one, of whichever table, makes it forget the others.
    tables[1].get("a")
    assert len(decoded.values) == 1
    tables[0].get("a")
    assert asked == ["a", "b", "a", "a"]
    assert len(decoded.values) == 2


def test_what_is_decoded_otherwise_is_kept_by_nobody() -> None:
    asked: list[str] = []

    def decode_otherwise(key: str, record: Record) -> str:
        asked.append(key)
        return key

    decoded = DecodedRecords(2)
    bucket = memoryview(pack_bucket([("a", bytes(600))]))
    table = PackedTable([("", bucket)], None, _decode, decoded)
    other = table.decoded_by(decode_otherwise)
    assert (other.get("a"), other.get("a"), asked) == ("a", "a", ["a", "a"])
    assert decoded.values == {}
    assert table.get("a") == ("a", bytes(600))


def test_records_of_4_gib_are_too_many() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return 1 << 31

    with pytest.raises(OverflowError, match="4 GiB or more"):
        pack_bucket([("1", Huge()), ("2", Huge())])


@pytest.mark.parametrize("table", [
    PackedTable([("", memoryview(pack_bucket([("12", b"")])))], None, _decode, DecodedRecords(9)),
    PrefixTable({"12": ("12", b"")}),
])  # fmt: skip
def test_what_has_a_nul_is_another_text(table: Table[tuple[str, bytes]]) -> None:
    """A caller may send one, as %00."""
    assert table.get("12") == ("12", b"")
    assert table.get("12\0") is None
    assert [*table.all("12\0")] == [("12", b"")]


def test_an_empty_table_has_nothing() -> None:
    file = MemoryFile()
    packed = open_table(build_table((), file.add), file, DecodedRecords(1))
    check_same(packed, {})
