"""A table that was changed over and over has what one that is built anew has."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.routing.packed_table import DecodedRecords
from pointsman.snapshots.catalog import BlobRef, TableRef
from pointsman.snapshots.tables import (
    build_table,
    change_table,
    find_keys,
    find_record,
    read_bucket,
)
from tests.snapshots.memory import MemoryFile
from tests.snapshots.test_packed_table import ENTRIES, KEYS, check_same, open_table

CHANGES = st.lists(
    st.dictionaries(KEYS, st.none() | st.binary(max_size=3), min_size=1, max_size=12), max_size=6
)


@pytest.fixture(autouse=True)
def _small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointsman.snapshots.tables.BUCKET_KEYS", 2)
    monkeypatch.setattr("pointsman.snapshots.tables._MOST_KEYS", 4)


def _boundaries(table: TableRef) -> list[str]:
    return [boundary for boundary, _ in table.buckets]


def _check(table: TableRef, entries: Mapping[str, bytes], file: MemoryFile) -> None:
    assert table.count == len(entries)
    boundaries = _boundaries(table)
    assert boundaries[0] == ""
    assert boundaries == sorted(set(boundaries))
    check_same(open_table(table, file, DecodedRecords(1_000)), entries)
    for key in ["", "1", *entries]:
        assert find_record(table, key, file.read) == entries.get(key)
        found = sorted(find_keys(table, key, file.read))
        assert found == sorted(each for each in entries if each.startswith(key))


@settings(max_examples=60)
@given(entries=ENTRIES, changes=CHANGES)
def test_changes_make_what_building_anew_does(
    entries: dict[str, bytes], changes: list[dict[str, bytes | None]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pointsman.snapshots.tables.BUCKET_KEYS", 2)
        patch.setattr("pointsman.snapshots.tables._MOST_KEYS", 4)
        file = MemoryFile()
        table = build_table(entries.items(), file.add)
        for change in changes:
            table = change_table(table, change, file.read, file.add)
            entries = {
                key: record for key, record in {**entries, **change}.items() if record is not None
            }
            _check(table, entries, file)


def _build(*keys: str) -> tuple[TableRef, MemoryFile]:
    file = MemoryFile()
    return build_table(((key, key.encode()) for key in keys), file.add), file


def test_a_change_writes_the_bucket_that_it_is_in_and_no_other() -> None:
    table, file = _build("1", "2", "3", "4", "5", "6")
    assert _boundaries(table) == ["", "3", "5"]
    changed = change_table(table, {"4": b"new"}, file.read, file.add)
    assert changed.buckets[0] == table.buckets[0]
    assert changed.buckets[2] == table.buckets[2]
    assert dict(read_bucket(file.read(changed.buckets[1][1]))) == {"3": b"3", "4": b"new"}
    assert table.spine is changed.spine is None


def test_a_change_to_what_is_there_already_changes_nothing() -> None:
    table, file = _build("1", "12", "2", "3")
    assert change_table(table, {"12": b"12", "9": None}, file.read, file.add) == table


def test_a_bucket_that_gets_too_many_keys_is_parted() -> None:
    table, file = _build("1", "2", "3", "4")
    grown = change_table(table, {f"1{n}": b"" for n in range(4)}, file.read, file.add)
    assert _boundaries(grown) == ["", "11", "13", "3"]
    assert grown.buckets[-1] == table.buckets[-1]
    # "1" has buckets behind it that start with it.
    assert dict(read_bucket(file.read(_spine(grown)))) == {"1": b"1"}


def test_a_bucket_that_has_nothing_left_is_gone_and_the_first_one_stays() -> None:
    table, file = _build("1", "2", "3", "4", "5", "6")
    changed = change_table(table, {"3": None, "4": None}, file.read, file.add)
    assert changed.buckets == (table.buckets[0], table.buckets[2])
    changed = change_table(changed, {"1": None, "2": None}, file.read, file.add)
    assert _boundaries(changed) == ["", "5"]
    assert changed.buckets[1] == table.buckets[2]
    changed = change_table(changed, {"5": None, "6": None}, file.read, file.add)
    assert (_boundaries(changed), changed.count) == ([""], 0)


def test_a_key_above_a_boundary_is_in_the_spine_for_as_long_as_it_is_a_key() -> None:
    table, file = _build("2", "30", "31", "32", "33", "34")
    assert _boundaries(table) == ["", "31", "33"]
    assert table.spine is None
    table = change_table(table, {"3": b"added"}, file.read, file.add)
    assert dict(read_bucket(file.read(_spine(table)))) == {"3": b"added"}
    table = change_table(table, {"3": b"changed"}, file.read, file.add)
    assert dict(read_bucket(file.read(_spine(table)))) == {"3": b"changed"}
    table = change_table(table, {"3": None}, file.read, file.add)
    assert table.spine is None


def _spine(table: TableRef) -> BlobRef:
    assert table.spine is not None
    return table.spine
