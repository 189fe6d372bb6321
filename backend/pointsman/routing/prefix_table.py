"""Longest-prefix tables over dialled numbers, in memory."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import marisa_trie

T = TypeVar("T")


class PrefixTable(Generic[T]):
    """Maps number prefixes to values, as Table says."""

    __slots__ = ("_trie", "_values")

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._trie = marisa_trie.Trie(entries)
        # The trie numbers its keys in an order of its own.
        self._values: list[T] = [entries[key] for key in self._keys_by_number()]

    def get(self, key: str) -> T | None:
        """The value of this very key."""
        number = self._trie.get(key)
        # The trie takes a NUL for the end of what is looked up; no key has one.
        return None if number is None or "\0" in key else self._values[number]

    def longest(self, number: str) -> T | None:
        """The value of the longest prefix of `number`, if there is one."""
        prefixes = self._trie.prefixes(number)
        return self._values[self._trie[prefixes[-1]]] if prefixes else None

    def all(self, number: str) -> Iterator[T]:
        """The values of all prefixes of `number`, the longest first."""
        trie, values = self._trie, self._values
        for prefix in reversed(trie.prefixes(number)):
            yield values[trie[prefix]]

    def starting(self, prefix: str) -> Iterator[T]:
        """The values of all keys that start with `prefix`, in no order."""
        # As in `get`.
        for _, number in self._trie.iteritems(prefix) if "\0" not in prefix else ():
            yield self._values[number]

    def __len__(self) -> int:
        return len(self._values)

    def _keys_by_number(self) -> list[str]:
        return [self._trie.restore_key(number) for number in range(len(self._trie))]
