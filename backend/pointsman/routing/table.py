"""Tables that decisions look things up in, whether they are in memory or in a mapped file."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Table(Protocol[T_co]):
    """Values by text; what is under a text that a number starts with is found by the number. The
    empty text stands for every number."""

    def get(self, key: str) -> T_co | None:
        """The value of this very key."""

    def longest(self, number: str) -> T_co | None:
        """The value of the longest prefix of `number`, if there is one."""

    def all(self, number: str) -> Iterator[T_co]:
        """The values of all prefixes of `number`, the longest first."""

    def starting(self, prefix: str) -> Iterator[T_co]:
        """The values of all keys that start with `prefix`, in no order."""
