"""Whose objects are: a configuration taken apart into the platform's part and the tenants'."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol, TypeVar

from msgspec import structs

from pointsman.routing.configuration import Configuration


class _Owned(Protocol):
    @property
    def tenant_id(self) -> str: ...


T = TypeVar("T", bound=_Owned)

# What each object has an owner of; who sends as a trunk is its owner's.
_OWNED = (
    "trunks",
    "domains",
    "dids",
    "routing_groups",
    "routing_rules",
    "normalization_profiles",
    "number_lists",
    "emergency_plans",
    "schedules",
    "reroute_policies",
)


def part_by_owner(configuration: Configuration) -> dict[str, Configuration]:
    """The parts by tenant, and the platform's under "". Every tenant has one."""
    fields: dict[str, dict[str, tuple[object, ...]]] = defaultdict(dict)
    for name in _OWNED:
        for owner, items in group_by_owner(getattr(configuration, name)).items():
            fields[owner][name] = tuple(items)
    owners = {trunk.id: trunk.tenant_id for trunk in configuration.trunks}
    sources = defaultdict(list)
    for source in configuration.sources:
        sources[owners[source.trunk_id]].append(source)
    parts = {
        tenant.id: Configuration(
            configuration.revision,
            tenants=(tenant,),
            sources=tuple(sources[tenant.id]),
            **fields[tenant.id],  # type: ignore[arg-type]
        )
        for tenant in configuration.tenants
    }
    parts[""] = Configuration(
        configuration.revision,
        carriers=configuration.carriers,
        sources=tuple(sources[""]),
        kamailio_nodes=configuration.kamailio_nodes,
        trusted_proxies=configuration.trusted_proxies,
        **fields[""],  # type: ignore[arg-type]
    )
    return parts


def group_by_owner(items: Iterable[T]) -> dict[str, list[T]]:
    """Objects by their tenant, "" for the platform."""
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[item.tenant_id].append(item)
    return found


def without_tables(part: Configuration) -> Configuration:
    """A part without what is looked up in tables."""
    return structs.replace(part, dids=(), domains=(), routing_rules=(), number_lists=(), sources=())
