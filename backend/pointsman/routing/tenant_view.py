"""A configuration as one tenant may see it.

The tenant's own objects, the carriers granted to it with their trunks, and what of the platform
its calls depend on, without names or tokens. What is not in it cannot be told: an explanation or
a finding that is made of a view names nothing of another tenant.
"""

from msgspec import structs

from pointsman.routing.configuration import Configuration
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.number_list import NumberList
from pointsman.routing.trusted_proxy import TrustedProxy

_PLATFORM = "the platform's"


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
    profile_ids = {trunk.normalization_profile_id for trunk in trunks}
    policy_ids = {thing.reroute_policy_id for thing in (*trunks, *carriers)}
    return Configuration(
        revision=configuration.revision,
        tenants=tuple(tenant for tenant in configuration.tenants if tenant.id == tenant_id),
        carriers=carriers,
        trunks=trunks,
        sources=tuple(s for s in configuration.sources if s.trunk_id in trunk_ids),
        domains=tuple(d for d in configuration.domains if d.tenant_id == tenant_id),
        dids=tuple(d for d in configuration.dids if d.tenant_id == tenant_id),
        routing_groups=tuple(g for g in configuration.routing_groups if g.tenant_id == tenant_id),
        routing_rules=tuple(r for r in configuration.routing_rules if r.tenant_id == tenant_id),
        kamailio_nodes=tuple(map(_sockets_only, configuration.kamailio_nodes)),
        normalization_profiles=tuple(
            profile
            for profile in configuration.normalization_profiles
            if profile.tenant_id in ("", tenant_id) or profile.id in profile_ids
        ),
        number_lists=_lists_of(configuration, tenant_id, trunk_ids),
        emergency_plans=tuple(p for p in configuration.emergency_plans if p.tenant_id == tenant_id),
        schedules=tuple(s for s in configuration.schedules if s.tenant_id == tenant_id),
        reroute_policies=tuple(
            policy
            for policy in configuration.reroute_policies
            if policy.tenant_id in ("", tenant_id) or policy.id in policy_ids
        ),
        trusted_proxies=tuple(map(_network_only, configuration.trusted_proxies)),
    )


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
