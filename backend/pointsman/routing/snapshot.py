"""The compiled, immutable form of a configuration: what decisions look things up in."""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.node_registration import Contacts, compile_registrations
from pointsman.routing.number_class import NumberClasses, load_number_classes
from pointsman.routing.objects import index_objects
from pointsman.routing.ownership import part_by_owner
from pointsman.routing.prefix_table import PrefixTable
from pointsman.routing.rule_table import compile_hours, compile_rules
from pointsman.routing.screening_lists import Level, compile_lists
from pointsman.routing.sources import Source, Sources, compile_source, compile_sources
from pointsman.routing.table import Table
from pointsman.routing.tenant_snapshot import TenantSnapshot, compile_tenant


class DomainTable(Protocol):
    """Domains by name."""

    @property
    def get(self) -> Callable[[str], Domain | None]:
        """The domain of this very name."""


class Snapshot(Struct, frozen=True):
    """A configuration indexed for lookups, never changed: made by `compile_snapshot` in memory, or
    mapped from files, when tenants are read as they are looked up. `carrier_lists` are the
    platform's lists by trunk, `contacts` what nodes register."""

    revision: int
    tenants: Mapping[str, TenantSnapshot]
    sources: Sources
    domains: DomainTable
    dids: Table[Did]
    carrier_lists: Mapping[str, Level]
    number_classes: NumberClasses
    kamailio_nodes: tuple[KamailioNode, ...]
    router_sockets: frozenset[tuple[str, int]]
    contacts: Contacts


def compile_snapshot(configuration: Configuration) -> Snapshot:
    """Index a configuration in memory; raises BadRegex for a pattern that RE2 does not take."""
    objects = index_objects(configuration)
    parts = part_by_owner(configuration)
    platform = parts.pop("")
    hours = compile_hours(configuration.schedules)
    tenants = {
        tenant_id: compile_tenant(
            own,
            objects,
            compile_rules(own.routing_rules, hours) if own.routing_rules else None,
            compile_lists(own.number_lists),
        )
        for tenant_id, own in parts.items()
    }
    by_owner: dict[str, Mapping[str, Source]] = {
        "": {trunk.id: compile_source(trunk, objects, None) for trunk in platform.trunks},
        **{
            tenant_id: {
                trunk.id: compile_source(trunk, objects, tenants[tenant_id]) for trunk in own.trunks
            }
            for tenant_id, own in parts.items()
        },
    }
    return Snapshot(
        revision=configuration.revision,
        tenants=tenants,
        sources=compile_sources(configuration, by_owner),
        domains=PrefixTable({domain.name: domain for domain in configuration.domains}),
        dids=PrefixTable({did.prefix: did for did in configuration.dids}),
        carrier_lists=compile_lists(platform.number_lists),
        number_classes=load_number_classes(),
        kamailio_nodes=configuration.kamailio_nodes,
        router_sockets=sockets_of(configuration.kamailio_nodes),
        contacts=compile_registrations(configuration.trunks, objects.carriers),
    )


def sockets_of(nodes: tuple[KamailioNode, ...]) -> frozenset[tuple[str, int]]:
    """The SIP sockets of all nodes."""
    return frozenset(socket for node in nodes for socket in node.sockets)
