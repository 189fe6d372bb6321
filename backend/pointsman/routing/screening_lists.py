"""Number lists, ready to look numbers up."""

from collections import defaultdict
from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind, NumberList
from pointsman.routing.prefix_table import PrefixTable

# The reason of a reject is for people.
_SHOWN_NAMES = 3


class Entry(Struct, frozen=True, gc=False):
    """What is on a list: a prefix, or, for None, callers without a number."""

    list_name: str
    prefix: str | None


class Lists(Struct, frozen=True):
    """All lists of a kind and a field at one level, as one; `names` for people."""

    names: str
    entries: PrefixTable[Entry]
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


class ScreeningLists(Struct, frozen=True):
    """The lists, by the id of the tenant ("" for the
    platform) and then of the trunk ("" for all of the tenant's traffic)."""

    by_owner: Mapping[str, Mapping[str, Level]]

    def levels_of(self, tenant_id: str, trunk_id: str) -> list[Level]:
        """What looks at a call of the tenant from the trunk: the platform's lists for the trunk,
        the tenant's for the trunk, and those for all its calls. Each level stands by itself, so
        that no tenant allows what the platform does not."""
        levels = []
        platform, tenant = self.by_owner.get(""), self.by_owner.get(tenant_id)
        if platform is not None and trunk_id in platform:
            levels.append(platform[trunk_id])
        if tenant is not None:
            if trunk_id in tenant:
                levels.append(tenant[trunk_id])
            if "" in tenant:
                levels.append(tenant[""])
        return levels


def compile_lists(configuration: Configuration) -> ScreeningLists:
    """The lists of a configuration that are enabled."""
    by_owner: dict[str, dict[str, list[NumberList]]] = defaultdict(lambda: defaultdict(list))
    for number_list in sorted(configuration.number_lists, key=_name):
        if number_list.enabled:
            for trunk_id in number_list.trunk_ids or ("",):
                by_owner[number_list.tenant_id][trunk_id].append(number_list)
    return ScreeningLists(
        {
            owner: {trunk_id: _compile_level(lists) for trunk_id, lists in by_trunk.items()}
            for owner, by_trunk in by_owner.items()
        }
    )


def _compile_level(lists: list[NumberList]) -> Level:
    by_kind: dict[tuple[ListKind, NumberField], list[NumberList]] = defaultdict(list)
    for number_list in lists:
        by_kind[number_list.kind, number_list.field].append(number_list)
    compiled = {key: _compile(found) for key, found in by_kind.items()}
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


def _compile(lists: list[NumberList]) -> Lists:
    entries: dict[str, Entry] = {}
    for number_list in lists:
        for prefix in number_list.prefixes:
            entries.setdefault(prefix, Entry(number_list.name, prefix))
    more = len(lists) - _SHOWN_NAMES
    return Lists(
        names=", ".join(map(_name, lists[:_SHOWN_NAMES])) + (f" and {more} more" * (more > 0)),
        entries=PrefixTable(entries),
        anonymous=next((Entry(entry.name, None) for entry in lists if entry.anonymous), None),
    )


def _name(number_list: NumberList) -> str:
    return number_list.name
