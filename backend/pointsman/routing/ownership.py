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
    empty = Configuration(configuration.revision)
    parts = {
        tenant.id: structs.replace(
            empty, tenants=(tenant,), sources=tuple(sources[tenant.id]), **fields[tenant.id]
        )
        for tenant in configuration.tenants
    }
    used = _used_by_carriers(configuration)
    for name in ("normalization_profiles", "reroute_policies"):
        items = getattr(configuration, name)
        fields[""][name] = tuple(item for item in items if not item.tenant_id or item.id in used)
    parts[""] = structs.replace(
        empty,
        carriers=configuration.carriers,
        sources=tuple(sources[""]),
        kamailio_nodes=configuration.kamailio_nodes,
        trusted_proxies=configuration.trusted_proxies,
        **fields[""],
    )
    return parts


def _used_by_carriers(configuration: Configuration) -> set[str]:
    """The profiles and policies of carriers and their trunks, whoever's they are."""
    used = {carrier.reroute_policy_id for carrier in configuration.carriers}
    for trunk in configuration.trunks:
        if not trunk.tenant_id:
            used |= {trunk.reroute_policy_id, trunk.normalization_profile_id}
    return used


def group_by_owner(items: Iterable[T]) -> dict[str, list[T]]:
    """Objects by their tenant, "" for the platform."""
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[item.tenant_id].append(item)
    return found
