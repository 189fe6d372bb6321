"""A configuration as one tenant may see it.

The tenant's own objects, the carriers granted to it with their trunks, and what of the platform
its calls depend on, without names or tokens. What is not in it cannot be told: an explanation or
a finding that is made of a view names nothing of another tenant.
"""

from typing import Protocol, TypeVar

from msgspec import structs

from pointsman.routing.configuration import Configuration
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number_list import NumberList
from pointsman.routing.trusted_proxy import TrustedProxy

_PLATFORM = "the platform's"


class _Owned(Protocol):
    @property
    def tenant_id(self) -> str: ...


class _Used(_Owned, Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Owned)
U = TypeVar("U", bound=_Used)


def view_of_tenant(configuration: Configuration, tenant_id: str) -> Configuration:
    """What of the configuration is within a tenant's reach, at the same revision.

    Calls from the tenant's own trunks, and calls of carriers to its own numbers and domains, are
    decided by it as they are by the whole.
    """
    mine = frozenset((tenant_id,))
    carriers = tuple(
        structs.replace(carrier, tenant_ids=mine)
        for carrier in configuration.carriers
        if tenant_id in carrier.tenant_ids
    )
    carrier_ids = {carrier.id for carrier in carriers}
    trunks = tuple(
        trunk
        for trunk in configuration.trunks
        if trunk.tenant_id == tenant_id or trunk.carrier_id in carrier_ids
    )
    trunk_ids = frozenset(trunk.id for trunk in trunks)
    policy_ids = {trunk.reroute_policy_id for trunk in trunks}
    policy_ids |= {carrier.reroute_policy_id for carrier in carriers}
    return Configuration(
        revision=configuration.revision,
        tenants=tuple(tenant for tenant in configuration.tenants if tenant.id == tenant_id),
        carriers=carriers,
        trunks=trunks,
        sources=tuple(s for s in configuration.sources if s.trunk_id in trunk_ids),
        domains=_owned(configuration.domains, tenant_id),
        dids=_owned(configuration.dids, tenant_id),
        routing_groups=_owned(configuration.routing_groups, tenant_id),
        routing_rules=_owned(configuration.routing_rules, tenant_id),
        kamailio_nodes=tuple(map(_sockets_only, configuration.kamailio_nodes)),
        normalization_profiles=_usable(
            configuration.normalization_profiles,
            tenant_id,
            {trunk.normalization_profile_id for trunk in trunks},
        ),
        number_lists=_lists_of(configuration, tenant_id, trunk_ids),
        emergency_plans=_owned(configuration.emergency_plans, tenant_id),
        schedules=_owned(configuration.schedules, tenant_id),
        reroute_policies=_usable(configuration.reroute_policies, tenant_id, policy_ids),
        trusted_proxies=tuple(map(_network_only, configuration.trusted_proxies)),
    )


def _owned(items: tuple[T, ...], tenant_id: str) -> tuple[T, ...]:
    """The tenant's own."""
    return tuple(item for item in items if item.tenant_id == tenant_id)


def _usable(items: tuple[U, ...], tenant_id: str, used: set[str]) -> tuple[U, ...]:
    """The tenant's own, the platform's, and what is used by trunks and carriers that it sees."""
    return tuple(item for item in items if item.tenant_id in ("", tenant_id) or item.id in used)


def _lists_of(
    configuration: Configuration, tenant_id: str, trunk_ids: frozenset[str]
) -> tuple[NumberList, ...]:
    """The tenant's own, and the platform's for trunks that it sees, which name no other trunk."""
    kept = []
    for number_list in configuration.number_lists:
        if number_list.tenant_id == tenant_id:
            kept.append(number_list)
        elif not number_list.tenant_id:
            seen = tuple(trunk for trunk in number_list.trunk_ids if trunk in trunk_ids)
            if seen:
                kept.append(structs.replace(number_list, trunk_ids=seen))
    return tuple(kept)


def _sockets_only(node: KamailioNode) -> KamailioNode:
    return KamailioNode("", _PLATFORM, node.sockets)


def _network_only(proxy: TrustedProxy) -> TrustedProxy:
    return TrustedProxy("", _PLATFORM, proxy.network)
