"""Order by priority and, among equals, by weight: a share of the calls, not a dice roll.

Everything is drawn by hashing a text of the call, its Call-ID or its calling number, so that a
call is reproducible, its retries stick, and over many calls each entry gets its share. Draws for
different entries, and those for different purposes, have nothing to do with each other.
"""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol, TypeVar

_DRAWS = 1 << 64
# A double holds 53 bits: a fraction of as many stays below 1.
_FRACTIONS = 1 << 53


class Shared(Protocol):
    """What takes part: lower `priority` first, `weight` (1 or more) among equals, and an `id`
    that tells entries apart."""

    @property
    def id(self) -> str:
        """Tells entries apart."""

    @property
    def priority(self) -> int:
        """Lower first."""

    @property
    def weight(self) -> int:
        """The share among equals."""


S = TypeVar("S", bound=Shared)
T = TypeVar("T")


def has_ties(entries: Sequence[Shared]) -> bool:
    """Whether weights have anything to decide between the entries."""
    return len({entry.priority for entry in entries}) < len(entries)


def order_by_share(entries: Sequence[S], key: str) -> list[S]:
    """All entries in the order in which a call of this `key` tries them.

    Equal priorities are drawn without replacement in proportion to their weights, as
    RFC 2782 has it, here by exponential ranks (Efraimidis and Spirakis, 2006): the smallest
    -ln(u) / weight first, with u hashed from the key and the entry's id. Where an entry is
    gone, the others keep their order.
    """
    return sorted(
        entries,
        key=lambda entry: (entry.priority, _rank(key, entry.id) / entry.weight),
    )


def order_by_turn(entries: Sequence[T], key: str, ring_id: str) -> list[T]:
    """All entries from the one whose turn it is, then round the ring: over many keys each is
    first equally often."""
    start = _draw(key, ring_id, b"turn") % len(entries) if entries else 0
    return [*entries[start:], *entries[:start]]


def is_in_share(share: float, key: str, entry_id: str) -> bool:
    """Whether a call of this key is of the share (0 to 1) of the calls that skip the entry. A
    call of a smaller share is of every larger one."""
    return _draw(key, entry_id, b"skip") % _FRACTIONS / _FRACTIONS < share


def _rank(key: str, entry_id: str) -> float:
    return -math.log((_draw(key, entry_id, b"") + 1) / _DRAWS)


def _draw(key: str, entry_id: str, purpose: bytes) -> int:
    text = f"{key}\0{entry_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8, person=purpose).digest(), "big")
