"""Entries of number lists that change nothing, and lists without entries."""

from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList


def check_lists(inventory: Inventory) -> Iterator[Finding]:
    """All enabled lists."""
    together: dict[tuple[str, NumberField], list[NumberList]] = defaultdict(list)
    for number_list in inventory.configuration.number_lists:
        if number_list.enabled:
            together[number_list.tenant_id, number_list.field].append(number_list)
    for lists in together.values():
        for number_list in lists:
            yield from _covered(number_list, inventory)
        yield from _empty(lists, inventory)
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


def _empty(lists: list[NumberList], inventory: Inventory) -> Iterator[Finding]:
    """Lists that no number is on. Of those that allow, one of a place is enough for a call."""
    allowing = [each for each in lists if each.kind is ListKind.ALLOW]
    filled = {place for each in allowing if not _is_empty(each) for place in _places_of(each)}
    for number_list in lists:
        if not _is_empty(number_list):
            continue
        refuses = number_list in allowing and not filled.issuperset(_places_of(number_list))
        text = (
            "and no other allows any, so that no call passes" if refuses else "so it does nothing"
        )
        yield make_finding(
            FindingCode.ALLOW_LIST_EMPTY if refuses else FindingCode.LIST_EMPTY,
            number_list.tenant_id,
            inventory.named([number_list.id, *number_list.trunk_ids]),
            f"no number is on the list {number_list.name}, {text}",
            fix="write prefixes into it, or disable it",
        )


def _is_empty(number_list: NumberList) -> bool:
    return not number_list.prefixes and not number_list.anonymous


def _places_of(number_list: NumberList) -> tuple[str, ...]:
    """The trunks whose calls it looks at, "" for all of the tenant's."""
    return number_list.trunk_ids or ("",)


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
