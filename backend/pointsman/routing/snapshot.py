"""The configuration of one revision, and its compiled, immutable form."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.choice import Choice, compile_choice
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.routing.routing_rule import CompiledRule, RoutingRule, compile_rule, order_of
from pointsman.routing.source import Source, compile_source
from pointsman.routing.source_table import IPNetwork, SourceTable
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk, TrunkKind

T = TypeVar("T", Tenant, Carrier, Trunk)


class Configuration(Struct, frozen=True):
    """Everything that decisions depend on, as one revision has it."""

    revision: int
    tenants: tuple[Tenant, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    sources: tuple[tuple[IPNetwork, str], ...] = ()
    domains: tuple[Domain, ...] = ()
    dids: tuple[Did, ...] = ()
    routing_groups: tuple[RoutingGroup, ...] = ()
    routing_rules: tuple[RoutingRule, ...] = ()
    kamailio_nodes: tuple[KamailioNode, ...] = ()


class Snapshot(Struct, frozen=True):
    """A configuration indexed for lookups; made by `compile_snapshot`, never changed."""

    revision: int
    tenants: Mapping[str, Tenant]
    sources: SourceTable[Source]
    domains: Mapping[str, Domain]
    dids: PrefixTable[Did]
    choices: Mapping[str, Choice]
    routing_rules: Mapping[str, PrefixTable[tuple[CompiledRule, ...]]]
    kamailio_nodes: tuple[KamailioNode, ...]
    router_sockets: frozenset[tuple[str, int]]


def compile_snapshot(configuration: Configuration) -> Snapshot:
    """Index a configuration; raises BadRegex for a pattern that RE2 does not take."""
    nodes = configuration.kamailio_nodes
    tenants, carriers = _by_id(configuration.tenants), _by_id(configuration.carriers)
    trunks = _by_id(configuration.trunks)
    return Snapshot(
        revision=configuration.revision,
        tenants=tenants,
        sources=SourceTable(
            {
                network: compile_source(trunks[trunk_id], tenants, carriers)
                for network, trunk_id in configuration.sources
            }
        ),
        domains={domain.name: domain for domain in configuration.domains},
        dids=PrefixTable({did.prefix: did for did in configuration.dids}),
        choices=_compile_choices(configuration, trunks, carriers),
        routing_rules=_compile_rules(configuration.routing_rules),
        kamailio_nodes=nodes,
        router_sockets=frozenset(socket for node in nodes for socket in node.sockets),
    )


def _by_id(items: tuple[T, ...]) -> dict[str, T]:
    return {item.id: item for item in items}


def _compile_choices(
    configuration: Configuration, trunks: Mapping[str, Trunk], carriers: Mapping[str, Carrier]
) -> dict[str, Choice]:
    """By the id of a routing group, or of a PBX trunk, to which DIDs and domains lead."""
    choices = {
        group.id: compile_choice(group.tenant_id, group.trunks, trunks, carriers)
        for group in configuration.routing_groups
    }
    for trunk in configuration.trunks:
        if trunk.kind is TrunkKind.PBX:
            alone = (RoutingGroupTrunk(trunk.id),)
            choices[trunk.id] = compile_choice(trunk.tenant_id, alone, trunks, carriers)
    return choices


def _compile_rules(
    rules: tuple[RoutingRule, ...],
) -> dict[str, PrefixTable[tuple[CompiledRule, ...]]]:
    grouped: dict[str, dict[str, list[CompiledRule]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        if rule.enabled:
            grouped[rule.tenant_id][rule.called_prefix].append(compile_rule(rule))
    return {
        tenant_id: PrefixTable(
            {prefix: tuple(sorted(found, key=order_of)) for prefix, found in by_prefix.items()}
        )
        for tenant_id, by_prefix in grouped.items()
    }
