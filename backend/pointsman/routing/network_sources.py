"""The sources of one network: which of them holds for a call."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from pointsman.routing.call import Sender
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.trunk import Transport
from pointsman.routing.trunk_source import TrunkSource

T = TypeVar("T")

_Entry = tuple[TrunkSource, T]
_ByCalling = PrefixTable[_Entry[T]]
_ByCalled = PrefixTable[_ByCalling[T]]
_ByTech = PrefixTable[tuple[str, _ByCalled[T]]]
_Door = tuple[Transport | None, int | None]


class NetworkSources(Generic[T]):
    """The sources of a network with what they stand for. The most specific that holds wins: one
    with a transport before one without, then with a port, then the longest tech prefix, called
    prefix, calling prefix. `plain` is what the only source stands for, where nothing narrows it.
    """

    __slots__ = ("_tables", "entries", "plain")

    def __init__(self, sources: Iterable[_Entry[T]]) -> None:
        self.entries = tuple(sorted(sources, key=lambda entry: _order(entry[0])))
        first, value = self.entries[0]
        is_plain = len(self.entries) == 1 and _order(first) == (True, True, 0, 0, 0)
        self.plain = value if is_plain else None
        self._tables = _index(self.entries)

    def find(self, sender: Sender, called: str, calling: str) -> _Entry[T] | None:
        """The source that holds for a call with these users of its URIs, and what it stands for."""
        if self.plain is not None:
            return self.entries[0]
        transport, port = sender.transport, sender.port
        for door in ((transport, port), (transport, None), (None, port), (None, None)):
            table = self._tables.get(door)
            found = None if table is None else _find_by_numbers(table, called, calling)
            if found is not None:
                return found
        return None


def explain_loss(source: TrunkSource, sender: Sender, called: str, calling: str) -> str:
    """The first thing that a source asks for and a call that is not its does not have."""
    behind = called[len(source.tech_prefix) :]
    if source.transport is not None and source.transport is not sender.transport:
        return f"is for {source.transport}, the call came by {sender.transport}"
    if source.port is not None and source.port != sender.port:
        return f"is for port {source.port}, the call came from port {sender.port}"
    if not called.startswith(source.tech_prefix):
        return f"is for the tech prefix {source.tech_prefix}, which {called!r} lacks"
    if not behind.startswith(source.called_prefix):
        return f"is for calls to {source.called_prefix}, not to {behind!r}"
    return f"is for calls of {source.calling_prefix}, not of {calling!r}"


def _order(source: TrunkSource) -> tuple[bool, bool, int, int, int]:
    """Sorts the most specific first."""
    return (
        source.transport is None,
        source.port is None,
        -len(source.tech_prefix),
        -len(source.called_prefix),
        -len(source.calling_prefix),
    )


def _index(entries: Iterable[_Entry[T]]) -> Mapping[_Door, _ByTech[T]]:
    plain: dict[_Door, dict[str, dict[str, dict[str, _Entry[T]]]]] = {}
    for entry in entries:
        source = entry[0]
        by_tech = plain.setdefault((source.transport, source.port), {})
        by_called = by_tech.setdefault(source.tech_prefix, {})
        by_called.setdefault(source.called_prefix, {})[source.calling_prefix] = entry
    return {
        door: PrefixTable(
            {
                tech_prefix: (
                    tech_prefix,
                    PrefixTable(
                        {prefix: PrefixTable(callings) for prefix, callings in by_called.items()}
                    ),
                )
                for tech_prefix, by_called in by_tech.items()
            }
        )
        for door, by_tech in plain.items()
    }


def _find_by_numbers(table: _ByTech[T], called: str, calling: str) -> _Entry[T] | None:
    for tech_prefix, by_called in table.all(called):
        for by_calling in by_called.all(called[len(tech_prefix) :]):
            found = by_calling.longest(calling)
            if found is not None:
                return found
    return None
