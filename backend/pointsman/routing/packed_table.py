"""Tables in buffers, such as mapped files: found without being read, decoded where looked up.

A table is a row of buckets, each with the keys from its boundary up to the next one, in the order
of their characters, so that a change rewrites the bucket it is in and nothing else. The prefixes
of a boundary that lie in buckets before it are in the spine as well: all prefixes of a number are
in the number's bucket and in the spine. (A prefix that is smaller than the boundary while the
number is not is a prefix of the boundary too.)
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

import marisa_trie

T = TypeVar("T")
U = TypeVar("U")

# How many keys there are, how long the trie is, how long the records are together.
_HEADER = struct.Struct("<QQQ")
# Where a record begins and ends, and how long each of these is.
_RANGE, _END = struct.Struct("=II"), 4
_ALIGN = 8
# What is shorter is decoded as fast as it is found among what was decoded before, of which a
# processor's caches hold little.
_WORTH_KEEPING = 512
Record = memoryview


class DecodedRecords:
    """What was decoded of a process's tables, forgotten all at once when it becomes too much: calls
    go to few destinations, most of the time."""

    __slots__ = ("_limit", "_next", "values")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._next = 0
        self.values: dict[int, Any] = {}

    def reserve(self, count: int) -> int:
        """The first of so many numbers that nobody else has."""
        first = self._next
        self._next += count
        return first

    def put(self, number: int, value: object) -> None:
        """Keep what was decoded of the record of this number."""
        if len(self.values) >= self._limit:
            self.values.clear()
        if self._limit:
            self.values[number] = value


class Bucket:
    """Keys with their records in one buffer: the header, the ends of the records, a trie that
    numbers the keys, and the records in the order of these numbers."""

    __slots__ = ("ends", "first", "records", "trie")

    def __init__(self, buffer: memoryview, decoded: DecodedRecords) -> None:
        count, trie_length, length = _HEADER.unpack_from(buffer)
        trie_at = _HEADER.size + _aligned(_END * (count + 1))
        records_at = trie_at + _aligned(trie_length)
        self.ends = buffer[_HEADER.size : _HEADER.size + _END * (count + 1)]
        self.trie = marisa_trie.Trie()
        self.trie.map(buffer[trie_at : trie_at + trie_length])
        self.records = buffer[records_at : records_at + length]
        self.first = decoded.reserve(count)

    def __len__(self) -> int:
        return len(self.ends) // _END - 1

    def record(self, number: int) -> Record:
        """The record of a key by its number."""
        start, end = _RANGE.unpack_from(self.ends, number * _END)
        return self.records[start:end]

    def items(self) -> Iterator[tuple[str, Record]]:
        """All keys and their records, in no order."""
        for number in range(len(self)):
            yield self.trie.restore_key(number), self.record(number)


class PackedTable(Generic[T]):
    """A Table over buckets; `decode` makes a value of a key and its record."""

    __slots__ = ("_boundaries", "_buckets", "_decode", "_decoded", "_is_parted", "_spine")

    def __init__(
        self,
        buckets: Sequence[tuple[str, memoryview]],
        spine: memoryview | None,
        decode: Callable[[str, Record], T],
        decoded: DecodedRecords,
    ) -> None:
        """Of the buckets by their boundaries, in their order; the first one's is ""."""
        self._decode, self._decoded = decode, decoded
        self._boundaries = [boundary for boundary, _ in buckets]
        self._is_parted = len(buckets) > 1
        self._buckets = [Bucket(buffer, decoded) for _, buffer in buckets]
        self._spine = Bucket(spine, decoded) if spine is not None else None

    def get(self, key: str) -> T | None:
        """The value of this very key."""
        place = bisect_right(self._boundaries, key) - 1 if self._is_parted else 0
        bucket = self._buckets[place]
        number = bucket.trie.get(key)
        # As in `starting`.
        return None if number is None or "\0" in key else self._value(bucket, key, number)

    def decoded_by(self, decode: Callable[[str, Record], U]) -> "PackedTable[U]":
        """The same table with other values for its records."""
        other: PackedTable[U] = PackedTable.__new__(PackedTable)
        other._boundaries, other._buckets = self._boundaries, self._buckets
        other._spine, other._is_parted = self._spine, self._is_parted
        other._decode, other._decoded = decode, DecodedRecords(0)
        return other

    def longest(self, number: str) -> T | None:
        """The value of the longest prefix of `number`, if there is one."""
        place = bisect_right(self._boundaries, number) - 1 if self._is_parted else 0
        bucket = self._buckets[place]
        found = [*bucket.trie.iter_prefixes_with_ids(number)]
        if found:
            return self._value(bucket, *found[-1])
        if self._spine is None:
            return None
        # None of these is in the bucket, so all are of buckets before it.
        found = [*self._spine.trie.iter_prefixes_with_ids(number)]
        return self._value(self._spine, *found[-1]) if found else None

    def all(self, number: str) -> Iterator[T]:
        """The values of all prefixes of `number`, the longest first."""
        place = bisect_right(self._boundaries, number) - 1 if self._is_parted else 0
        bucket = self._buckets[place]
        for prefix, key in reversed([*bucket.trie.iter_prefixes_with_ids(number)]):
            yield self._value(bucket, prefix, key)
        spine, boundary = self._spine, self._boundaries[place]
        if spine is not None:
            for prefix, key in reversed([*spine.trie.iter_prefixes_with_ids(number)]):
                if prefix < boundary:
                    yield self._value(spine, prefix, key)

    def starting(self, prefix: str) -> Iterator[T]:
        """The values of all keys that start with `prefix`, in no order."""
        # The trie takes a NUL for the end of what is looked up; no key has one.
        for bucket in self._buckets if "\0" not in prefix else ():
            for key, number in bucket.trie.iteritems(prefix):
                yield self._value(bucket, key, number)

    def items(self) -> Iterator[tuple[str, Record]]:
        """All keys and their records, in no order."""
        for bucket in self._buckets:
            yield from bucket.items()

    def __len__(self) -> int:
        return sum(map(len, self._buckets))

    def _value(self, bucket: Bucket, key: str, number: int) -> T:
        start, end = _RANGE.unpack_from(bucket.ends, number * _END)
        if end - start < _WORTH_KEEPING:
            return self._decode(key, bucket.records[start:end])
        place = bucket.first + number
        found: T | None = self._decoded.values.get(place)
        if found is None:
            found = self._decode(key, bucket.records[start:end])
            self._decoded.put(place, found)
        return found


def pack_bucket(entries: Iterable[tuple[str, bytes | memoryview]]) -> bytes:
    """A bucket's buffer, of distinct keys and their records; raises OverflowError for records of
    4 GiB and more."""
    records = dict(entries)
    # Of one piece: what is looked up rarely is far from the processor, and each piece costs a way.
    trie = marisa_trie.Trie(records, num_tries=1, order=marisa_trie.LABEL_ORDER)
    ordered: list[bytes | memoryview] = [b""] * len(records)
    for key, record in records.items():
        ordered[trie[key]] = record
    ends = list(accumulate(map(len, ordered), initial=0))
    if ends[-1] >= 1 << 32:
        raise OverflowError("a bucket's records have 4 GiB or more")
    packed_trie = trie.tobytes()
    return b"".join(
        [
            _HEADER.pack(len(ordered), len(packed_trie), ends[-1]),
            _padded(struct.pack(f"={len(ends)}I", *ends)),
            _padded(packed_trie),
            *ordered,
        ]
    )


def _aligned(length: int) -> int:
    return -(-length // _ALIGN) * _ALIGN


def _padded(part: bytes) -> bytes:
    return part.ljust(_aligned(len(part)), b"\0")
