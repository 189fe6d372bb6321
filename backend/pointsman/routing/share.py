"""Order by priority and, among equals, by weight: a share of the calls, not a dice roll.

The order is drawn by hashing the Call-ID, so that a call is reproducible, its retries stick,
and over many calls each entry comes first as often as its weight says.
"""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol, TypeVar


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


def has_ties(entries: Sequence[Shared]) -> bool:
    """Whether weights have anything to decide between the entries."""
    return len({entry.priority for entry in entries}) < len(entries)


def order_by_share(entries: Sequence[S], sip_call_id: str) -> list[S]:
    """All entries in the order this call tries them.

    Equal priorities are drawn without replacement in proportion to their weights, as
    RFC 2782 has it, here by exponential ranks (Efraimidis and Spirakis, 2006): the smallest
    -ln(u) / weight first, with u hashed from the Call-ID and the entry's id.
    """
    return sorted(
        entries,
        key=lambda entry: (entry.priority, _rank(sip_call_id, entry.id) / entry.weight),
    )


def _rank(sip_call_id: str, entry_id: str) -> float:
    text = f"{sip_call_id}\0{entry_id}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
    return -math.log((number + 1) / 18446744073709551616)
