"""Number lists, ready to look numbers up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.table import Table

# The reason of a reject is for people.
_SHOWN_NAMES = 3


class Entry(Struct, frozen=True, gc=False):
    """What is on a list: a prefix, or, for None, callers without a number."""

    list_name: str
    prefix: str | None


class Lists(Struct, frozen=True):
    """All lists of a kind and a field at one level, as one; `names` for people."""

    names: str
    entries: Table[Entry]
    anonymous: Entry | None

    def find(self, numbers: tuple[str, ...], *, is_anonymous: bool) -> Entry | None:
        """Where one of the numbers is found, at its longest prefix, or a caller that has none."""
        if is_anonymous and self.anonymous is not None:
            return self.anonymous
        for number in numbers:
            entry = self.entries.longest(number)
            if entry is not None:
                return entry
        return None


class Level(Struct, frozen=True):
    """The lists of a place by kind, those for called numbers and those for calling ones; None
    where there is none. `reads_caller` when there are some for calling numbers, `allows` when
    there are some that allow."""

    block: tuple[Lists | None, Lists | None]
    allow: tuple[Lists | None, Lists | None]
    reads_caller: bool
    allows: bool


class Merged(Struct, frozen=True):
    """The lists of a kind and a field for calls from a trunk ("" for all traffic), as one:
    `anonymous` is the name of the first that has callers without a number."""

    trunk_id: str
    kind: ListKind
    field: NumberField
    names: str
    anonymous: str | None


def merge_lists(
    number_lists: Iterable[NumberList],
) -> Iterator[tuple[Merged, dict[str, str]]]:
    """The lists of a tenant, or of the platform, that are enabled, with the prefixes on them and
    the name of the first list that has each."""
    found: dict[tuple[str, ListKind, NumberField], list[NumberList]] = defaultdict(list)
    for number_list in sorted(number_lists, key=_name):
        if number_list.enabled:
            for trunk_id in number_list.trunk_ids or ("",):
                found[trunk_id, number_list.kind, number_list.field].append(number_list)
    for (trunk_id, kind, field), lists in found.items():
        more = len(lists) - _SHOWN_NAMES
        names = ", ".join(map(_name, lists[:_SHOWN_NAMES])) + (f" and {more} more" * (more > 0))
        anonymous = next((each.name for each in lists if each.anonymous), None)
        prefixes: dict[str, str] = {}
        for number_list in lists:
            for prefix in number_list.prefixes:
                prefixes.setdefault(prefix, number_list.name)
        yield Merged(trunk_id, kind, field, names, anonymous), prefixes


def compile_lists(number_lists: Iterable[NumberList]) -> dict[str, Level]:
    """The levels of a tenant, or of the platform, by the id of the trunk, "" for all of the
    tenant's traffic."""
    return compile_levels(
        (merged, PrefixTable({prefix: Entry(name, prefix) for prefix, name in prefixes.items()}))
        for merged, prefixes in merge_lists(number_lists)
    )


def compile_levels(lists: Iterable[tuple[Merged, Table[Entry]]]) -> dict[str, Level]:
    """The same of lists that are merged."""
    by_trunk: dict[str, dict[tuple[ListKind, NumberField], Lists]] = defaultdict(dict)
    for merged, entries in lists:
        anonymous = None if merged.anonymous is None else Entry(merged.anonymous, None)
        compiled = Lists(merged.names, entries, anonymous)
        by_trunk[merged.trunk_id][merged.kind, merged.field] = compiled
    return {trunk_id: _compile_level(compiled) for trunk_id, compiled in by_trunk.items()}


def _compile_level(compiled: Mapping[tuple[ListKind, NumberField], Lists]) -> Level:
    block, allow = (
        (compiled.get((kind, NumberField.CALLED)), compiled.get((kind, NumberField.CALLING)))
        for kind in (ListKind.BLOCK, ListKind.ALLOW)
    )
    return Level(
        block,
        allow,
        reads_caller=block[1] is not None or allow[1] is not None,
        allows=allow != (None, None),
    )


def _name(number_list: NumberList) -> str:
    return number_list.name
