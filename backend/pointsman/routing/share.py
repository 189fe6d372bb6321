"""Order by priority and, among equals, by weight: a share of the calls, not a dice roll.

The order is drawn by hashing the Call-ID, so that a call is reproducible, its retries stick,
and over many calls each entry comes first as often as its weight says.
"""

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Protocol, TypeVar


class Shared(Protocol):
    """What takes part: lower `priority` first, `weight` (1 or more) among equals."""

    @property
    def priority(self) -> int:
        """Lower first."""

    @property
    def weight(self) -> int:
        """The share among equals."""


S = TypeVar("S", bound=Shared)


def order_by_share(entries: Sequence[S], sip_call_id: str, key: Callable[[S], str]) -> Sequence[S]:
    """All entries, in the order this call tries them.

    Equal priorities are drawn without replacement in proportion to their weights, as
    RFC 2782 has it, here by exponential ranks (Efraimidis and Spirakis, 2006): the smallest
    -ln(u) / weight first, with u hashed from the Call-ID and the entry's key.
    """
    if len(entries) < 2:
        return entries
    priorities = [entry.priority for entry in entries]
    if len(set(priorities)) == len(priorities):
        return sorted(entries, key=lambda entry: entry.priority)
    return sorted(
        entries,
        key=lambda entry: (entry.priority, _rank(sip_call_id, key(entry)) / entry.weight),
    )


def _rank(sip_call_id: str, key: str) -> float:
    text = f"{sip_call_id}\0{key}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
    return -math.log((number + 1) / 18446744073709551616)
