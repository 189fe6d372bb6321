"""Making tables of a snapshot (see routing/packed_table.py), and changing them bucket by bucket."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from pointsman.routing.packed_table import Bucket, DecodedRecords, pack_bucket
from pointsman.snapshots.catalog import BlobRef, TableRef

# Keys of a bucket as it is made, and those beyond which one is parted.
BUCKET_KEYS = 8_192
_MOST_KEYS = 4 * BUCKET_KEYS

Add = Callable[[bytes], BlobRef]
Read = Callable[[BlobRef], bytes]
_Entry = tuple[str, bytes]
_Made = list[tuple[str, BlobRef]]


class TableBuilder:
    """Makes a table of distinct keys that come in the order of their characters."""

    def __init__(self, add: Add) -> None:
        self._add = add
        self._buckets: _Made = []
        self._spine: dict[str, bytes] = {}
        # The keys that the last one starts with, and itself.
        self._above: list[_Entry] = []
        self._filled: list[_Entry] = []
        self._boundary = ""
        self._count = 0

    def put(self, key: str, record: bytes) -> None:
        """The next key with its record."""
        above = self._above
        while above and not key.startswith(above[-1][0]):
            above.pop()
        if len(self._filled) == BUCKET_KEYS:
            self._end_bucket()
            self._boundary = key
            self._spine.update(above)
        entry = (key, record)
        above.append(entry)
        self._filled.append(entry)
        self._count += 1

    def finish(self) -> TableRef:
        """The table."""
        self._end_bucket()
        spine = self._add(pack_bucket(self._spine.items())) if self._spine else None
        return TableRef(tuple(self._buckets), spine, self._count)

    def _end_bucket(self) -> None:
        self._buckets.append((self._boundary, self._add(pack_bucket(self._filled))))
        self._filled = []


def build_table(entries: Iterable[_Entry], add: Add) -> TableRef:
    """A table of distinct keys with their records, in any order."""
    builder = TableBuilder(add)
    for key, record in sorted(entries):
        builder.put(key, record)
    return builder.finish()


def change_table(
    table: TableRef, changes: Mapping[str, bytes | None], read: Read, add: Add
) -> TableRef:
    """The table with other records for some keys, None for no such key any more."""
    boundaries = [boundary for boundary, _ in table.buckets]
    by_bucket: dict[int, dict[str, bytes | None]] = defaultdict(dict)
    for key, record in changes.items():
        by_bucket[bisect_right(boundaries, key) - 1][key] = record
    buckets: _Made = []
    spine = dict(read_bucket(read(table.spine))) if table.spine is not None else {}
    count = table.count
    for place, (boundary, blob) in enumerate(table.buckets):
        if place not in by_bucket:
            buckets.append((boundary, blob))
            continue
        entries = dict(read_bucket(read(blob)))
        count -= len(entries)
        _apply(entries, by_bucket[place])
        count += len(entries)
        made, more = _write_buckets(boundary, entries, add)
        buckets += made
        spine |= more
    if not buckets or buckets[0][0]:
        buckets.insert(0, ("", add(pack_bucket(()))))
    _change_spine(spine, changes, [boundary for boundary, _ in buckets])
    return TableRef(tuple(buckets), add(pack_bucket(spine.items())) if spine else None, count)


def find_record(table: TableRef, key: str, read: Read) -> bytes | None:
    """The record of a key."""
    _, blob = table.buckets[_place_of(table, key)]
    bucket = Bucket(memoryview(read(blob)), DecodedRecords(0))
    number = bucket.trie.get(key)
    return None if number is None else bytes(bucket.record(number))


def find_keys(table: TableRef, prefix: str, read: Read) -> Iterator[str]:
    """The keys that start with `prefix`, in no order."""
    first = _place_of(table, prefix)
    for place, (boundary, blob) in enumerate(table.buckets):
        if place == first or (place > first and boundary.startswith(prefix)):
            yield from Bucket(memoryview(read(blob)), DecodedRecords(0)).trie.keys(prefix)


def _place_of(table: TableRef, key: str) -> int:
    return bisect_right([boundary for boundary, _ in table.buckets], key) - 1


def read_bucket(content: bytes) -> Iterator[_Entry]:
    """All keys and records of a bucket, in no order."""
    for key, record in Bucket(memoryview(content), DecodedRecords(0)).items():
        yield key, bytes(record)


def _apply(entries: dict[str, bytes], changes: Mapping[str, bytes | None]) -> None:
    for key, record in changes.items():
        if record is None:
            entries.pop(key, None)
        else:
            entries[key] = record


def _write_buckets(
    boundary: str, entries: dict[str, bytes], add: Add
) -> tuple[_Made, dict[str, bytes]]:
    """The bucket of these entries, or several where they are too many, and what of them belongs
    in the spine; nothing for no entries."""
    if len(entries) <= _MOST_KEYS:
        return ([(boundary, add(pack_bucket(entries.items())))] if entries else []), {}
    parted = build_table(entries.items(), add)
    (_, first), *rest = parted.buckets
    starts = [start for start, _ in rest]
    spine = {key: record for key, record in entries.items() if _is_above(key, starts)}
    return [(boundary, first), *rest], spine


def _change_spine(
    spine: dict[str, bytes], changes: Mapping[str, bytes | None], boundaries: list[str]
) -> None:
    for key, record in changes.items():
        if record is None:
            spine.pop(key, None)
        elif key in spine or _is_above(key, boundaries):
            spine[key] = record


def _is_above(key: str, boundaries: list[str]) -> bool:
    """Whether a key is a prefix of a boundary behind it, which are in their order."""
    place = bisect_right(boundaries, key)
    return place < len(boundaries) and boundaries[place].startswith(key)
