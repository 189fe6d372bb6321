"""Entries of number lists that change nothing, and lists without entries."""

from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList


def check_lists(inventory: Inventory) -> Iterator[Finding]:
    """All enabled lists."""
    enabled = [entry for entry in inventory.configuration.number_lists if entry.enabled]
    for number_list in enabled:
        yield from _covered(number_list, inventory)
        if not number_list.prefixes and not number_list.anonymous:
            yield _empty(number_list, inventory)
    together: dict[tuple[str, NumberField], list[NumberList]] = defaultdict(list)
    for number_list in enabled:
        together[number_list.tenant_id, number_list.field].append(number_list)
    for lists in together.values():
        yield from _blocked(lists, inventory)


def _covered(number_list: NumberList, inventory: Inventory) -> Iterator[Finding]:
    """Prefixes of numbers that a shorter prefix of the same list has already."""
    covered = []
    last = None
    for prefix in sorted(set(number_list.prefixes)):
        if last is not None and prefix.startswith(last):
            covered.append(f"{prefix} (by {last or 'the empty prefix'})")
        else:
            last = prefix
    if covered:
        yield make_finding(
            FindingCode.LIST_PREFIX_COVERED,
            number_list.tenant_id,
            inventory.named([number_list.id]),
            f"the list {number_list.name} has what it has already: {listed(covered)}",
            fix="delete the longer prefix, or the shorter one if it is too much",
        )


def _empty(number_list: NumberList, inventory: Inventory) -> Finding:
    if number_list.kind is ListKind.ALLOW:
        return make_finding(
            FindingCode.ALLOW_LIST_EMPTY,
            number_list.tenant_id,
            inventory.named([number_list.id]),
            f"the list {number_list.name} allows nothing, so that no call passes it",
            fix="write prefixes into it, or disable it",
        )
    return make_finding(
        FindingCode.BLOCK_LIST_EMPTY,
        number_list.tenant_id,
        inventory.named([number_list.id]),
        f"the list {number_list.name} blocks nothing",
        fix="write prefixes into it, or delete it",
    )


def _blocked(lists: list[NumberList], inventory: Inventory) -> Iterator[Finding]:
    """Prefixes that one list allows and another blocks, wholly: a block wins."""
    blocking: dict[str, list[NumberList]] = defaultdict(list)
    for number_list in lists:
        if number_list.kind is ListKind.BLOCK:
            for prefix in number_list.prefixes:
                blocking[prefix].append(number_list)
    for allowing in (each for each in lists if each.kind is ListKind.ALLOW):
        found: dict[str, list[str]] = defaultdict(list)
        for prefix in sorted(set(allowing.prefixes)) if blocking else ():
            for blocked in _lists_around(prefix, blocking):
                if _meet(allowing, blocked):
                    found[blocked.id].append(prefix)
        for list_id, prefixes in found.items():
            name = inventory.names[list_id].name
            yield make_finding(
                FindingCode.LIST_ALLOWS_BLOCKED,
                allowing.tenant_id,
                inventory.named([allowing.id, list_id]),
                f"{listed(prefixes)} is allowed by {allowing.name} and blocked by {name}: a block "
                "wins",
                fix=f"take it off {allowing.name}, or off {name}",
            )


def _lists_around(prefix: str, blocking: dict[str, list[NumberList]]) -> list[NumberList]:
    """The lists that block all numbers of a prefix, each once."""
    shorter = (prefix[:length] for length in range(len(prefix) + 1))
    around = {entry.id: entry for part in shorter for entry in blocking.get(part, ())}
    return list(around.values())


def _meet(one: NumberList, other: NumberList) -> bool:
    """Whether every call that one of them looks at may be looked at by both."""
    both = set(one.trunk_ids) & set(other.trunk_ids)
    return not one.trunk_ids or not other.trunk_ids or bool(both)
