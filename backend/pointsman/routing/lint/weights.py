"""Weights and priorities that decide nothing, or nearly nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of
from pointsman.routing.named_object import NamedObject
from pointsman.routing.routing_group import Strategy

# One call in a thousand.
_SMALL_SHARE = 0.001


class _Weighted(Protocol):
    @property
    def priority(self) -> int: ...

    @property
    def weight(self) -> int: ...


class _Contest(Struct):
    """What priorities and weights decide among: a group with its places, a trunk with its
    endpoints; each entry with its name."""

    tenant_id: str
    what: NamedObject
    strategy: Strategy
    entries: Sequence[tuple[NamedObject, _Weighted]]


def check_weights(inventory: Inventory) -> Iterator[Finding]:
    """All groups, and all trunks with several endpoints."""
    for contest in _contests(inventory):
        zeros = [named for named, entry in contest.entries if entry.weight < 1]
        if zeros:
            yield _found(
                FindingCode.WEIGHT_ZERO,
                contest,
                zeros,
                "has a weight below 1, by which no call can be drawn",
                fix="give it a weight of 1 or more, or disable it",
            )
            continue
        yield from _without_effect(contest)
        yield from _too_small(contest)


def _contests(inventory: Inventory) -> Iterator[_Contest]:
    names = inventory.names
    for group in inventory.configuration.routing_groups:
        places = [
            (names[place.trunk_id or place.member_group_id], place)
            for place in group.trunks
            if place.enabled
        ]
        yield _Contest(group.tenant_id, names[group.id], group.strategy, places)
    for trunk in inventory.configuration.trunks:
        endpoints = [(names[e.id], e) for e in trunk.endpoints if e.enabled]
        yield _Contest(owner_of(trunk), names[trunk.id], Strategy.PRIORITY, endpoints)


def _without_effect(contest: _Contest) -> Iterator[Finding]:
    weights = {entry.weight for _, entry in contest.entries}
    priorities = {entry.priority for _, entry in contest.entries}
    if contest.strategy is Strategy.PRIORITY:
        alone = [
            named
            for rivals in _rivals(contest)
            for named, entry in rivals
            if len(rivals) == 1 and entry.weight != 1
        ]
        if alone and len(contest.entries) > 1:
            yield _found(
                FindingCode.WEIGHT_WITHOUT_EFFECT,
                contest,
                alone,
                "has a weight and nothing of its priority to share with",
                fix="give the same priority to those that are to share the calls",
            )
    elif len(priorities) > 1 and contest.strategy in (Strategy.WEIGHTED, Strategy.STICKY):
        yield _found(
            FindingCode.PRIORITY_WITHOUT_EFFECT,
            contest,
            [named for named, _ in contest.entries],
            f"has a priority, which the strategy {contest.strategy} looks at none of",
            fix="use the strategy PRIORITY, or give all the same priority",
        )
    if contest.strategy is Strategy.ROUND and len(weights) > 1:
        yield _found(
            FindingCode.WEIGHT_WITHOUT_EFFECT,
            contest,
            [named for named, _ in contest.entries],
            "has a weight, which the strategy ROUND looks at none of",
            fix="use the strategy WEIGHTED, or give all the same weight",
        )


def _too_small(contest: _Contest) -> Iterator[Finding]:
    if contest.strategy is Strategy.ROUND:
        return
    for rivals in _rivals(contest):
        total = sum(entry.weight for _, entry in rivals)
        small = [named for named, entry in rivals if entry.weight < total * _SMALL_SHARE]
        if small:
            yield _found(
                FindingCode.SHARE_TOO_SMALL,
                contest,
                small,
                f"comes first for less than one call in a thousand (weights of {total} in all)",
                fix="give it more weight, or a higher priority number if it is a reserve",
            )


def _rivals(contest: _Contest) -> list[list[tuple[NamedObject, _Weighted]]]:
    """The entries that share calls with each other."""
    together = defaultdict(list)
    for named, entry in contest.entries:
        priority = entry.priority if contest.strategy is Strategy.PRIORITY else 0
        together[priority].append((named, entry))
    return list(together.values())


def _found(
    code: FindingCode, contest: _Contest, named: list[NamedObject], text: str, *, fix: str
) -> Finding:
    names = listed([each.name for each in named])
    message = f"in {contest.what.name}, {names} {text}"
    return make_finding(code, contest.tenant_id, [contest.what, *named], message, fix=fix)
