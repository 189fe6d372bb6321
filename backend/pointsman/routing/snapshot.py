"""The compiled, immutable form of a configuration: what decisions look things up in."""

from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.choice import Choice, Choices
from pointsman.routing.configuration import Configuration
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency import EmergencyNumbers, compile_emergency
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number_class import NumberClasses, load_number_classes
from pointsman.routing.objects import Objects, index_objects
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.rule_table import RuleTable, compile_rules
from pointsman.routing.screening_lists import ScreeningLists, compile_lists
from pointsman.routing.source import Sources, compile_sources
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import TrunkKind


class Snapshot(Struct, frozen=True):
    """A configuration indexed for lookups; made by `compile_snapshot`, never changed."""

    revision: int
    tenants: Mapping[str, Tenant]
    sources: Sources
    domains: Mapping[str, Domain]
    dids: PrefixTable[Did]
    choices: Mapping[str, Choice]
    routing_rules: Mapping[str, RuleTable]
    number_lists: ScreeningLists
    number_classes: NumberClasses
    emergency: EmergencyNumbers
    kamailio_nodes: tuple[KamailioNode, ...]
    router_sockets: frozenset[tuple[str, int]]


def compile_snapshot(configuration: Configuration) -> Snapshot:
    """Index a configuration; raises BadRegex for a pattern that RE2 does not take."""
    nodes = configuration.kamailio_nodes
    objects = index_objects(configuration)
    choices = Choices(objects)
    return Snapshot(
        revision=configuration.revision,
        tenants=objects.tenants,
        sources=compile_sources(configuration, objects),
        domains={domain.name: domain for domain in configuration.domains},
        dids=PrefixTable({did.prefix: did for did in configuration.dids}),
        choices=_compile_choices(objects, choices),
        routing_rules=compile_rules(configuration.routing_rules, objects),
        number_lists=compile_lists(configuration),
        number_classes=load_number_classes(),
        emergency=compile_emergency(configuration, choices),
        kamailio_nodes=nodes,
        router_sockets=frozenset(socket for node in nodes for socket in node.sockets),
    )


def _compile_choices(objects: Objects, choices: Choices) -> dict[str, Choice]:
    """By the id of a routing group, or of a PBX trunk, to which DIDs and domains lead."""
    return {
        **{group.id: choices.of_group(group) for group in objects.routing_groups.values()},
        **{
            trunk.id: choices.of_trunk(trunk)
            for trunk in objects.trunks.values()
            if trunk.kind is TrunkKind.PBX
        },
    }
