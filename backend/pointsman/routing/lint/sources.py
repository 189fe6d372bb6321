"""Sources that no call is ever matched to, since narrower ones take them all."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from pointsman.routing.lint.finding import Finding, FindingCode, listed, make_finding
from pointsman.routing.lint.inventory import Inventory, owner_of
from pointsman.routing.source_table import IPNetwork
from pointsman.routing.trunk import Transport
from pointsman.routing.trunk_source import TrunkSource

# Sources that are compared with one: with more of them, nothing is said.
_MAX_LOOKS = 1_000


def check_sources(inventory: Inventory) -> Iterator[Finding]:
    """Sources whose network is, for each transport, covered by narrower sources that ask for no
    more of a call: those go before them."""
    with_transport: dict[IPNetwork, list[TrunkSource]] = defaultdict(list)
    by_version: dict[int, list[TrunkSource]] = defaultdict(list)
    for source in inventory.configuration.sources:
        by_version[source.network.version].append(source)
        if source.transport is not None:
            with_transport[source.network].append(source)
    for sources in by_version.values():
        sources.sort(key=_first)
        starts = [_first(source) for source in sources]
        for source in sources:
            rivals: list[TrunkSource] = []
            if source.transport is None:
                rivals += with_transport[source.network]
            if source.network.prefixlen < source.network.max_prefixlen:
                end = bisect_right(starts, int(source.network.broadcast_address))
                rivals += sources[bisect_left(starts, _first(source)) : end]
            if len(rivals) <= _MAX_LOOKS:
                takers = _takers(source, rivals)
                if takers:
                    yield _never_matches(source, takers, inventory)


def _takers(source: TrunkSource, rivals: list[TrunkSource]) -> list[TrunkSource]:
    """The sources that take all calls of one, or none where some are left."""
    found: dict[int, TrunkSource] = {}
    for transport in Transport if source.transport is None else (source.transport,):
        broader = [
            other
            for other in rivals
            if _goes_before(other, source)
            and other.transport in (None, transport)
            and _asks_no_more(other, source)
        ]
        if not _covers(broader, source):
            return []
        found.update({id(other): other for other in broader})
    return list(found.values())


def _goes_before(other: TrunkSource, source: TrunkSource) -> bool:
    """Whether it is narrower by its network, or, with the same one, by its transport."""
    if other.network.prefixlen != source.network.prefixlen:
        return other.network.prefixlen > source.network.prefixlen
    return other.transport is not None and source.transport is None


def _asks_no_more(other: TrunkSource, source: TrunkSource) -> bool:
    return (
        other.port in (None, source.port)
        and (source.tech_prefix + source.called_prefix).startswith(
            other.tech_prefix + other.called_prefix
        )
        and source.calling_prefix.startswith(other.calling_prefix)
    )


def _covers(sources: list[TrunkSource], source: TrunkSource) -> bool:
    """Whether the networks, which lie within each other or apart, make up the whole of one."""
    reached, end = _first(source), int(source.network.broadcast_address)
    for other in sorted(sources, key=lambda each: (_first(each), each.network.prefixlen)):
        if _first(other) > reached:
            return False
        reached = max(reached, int(other.network.broadcast_address) + 1)
    return reached > end


def _first(source: TrunkSource) -> int:
    return int(source.network.network_address)


def _never_matches(source: TrunkSource, takers: list[TrunkSource], inventory: Inventory) -> Finding:
    trunk = inventory.objects.trunks[source.trunk_id]
    others = listed(
        [f"{other.network} of {inventory.names[other.trunk_id].name}" for other in takers]
    )
    trunk_ids = dict.fromkeys([trunk.id, *(other.trunk_id for other in takers)])
    return make_finding(
        FindingCode.SOURCE_NEVER_MATCHES,
        owner_of(trunk),
        inventory.named(list(trunk_ids)),
        f"no call is matched to the source {source.network} of {trunk.name}: narrower sources "
        f"take them all, {others}",
        fix="delete the source, or the narrower ones",
    )
