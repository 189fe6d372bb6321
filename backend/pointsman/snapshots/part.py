"""What a snapshot has of one owner beside tables: a tenant, or the platform."""

from ipaddress import ip_network

import msgspec
from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.configuration import Configuration
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.routing_group import RoutingGroup
from pointsman.routing.schedule import Schedule
from pointsman.routing.sealed_trunk import SealedTrunk, Unseal, open_trunk
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk
from pointsman.routing.trusted_proxy import TrustedProxy


class DirectoryKeys(Struct, frozen=True):
    """What of the directory is the owner's: keys of domains, networks and digest users."""

    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


class Objects(Struct, frozen=True):
    """An owner's objects as a configuration has them, but for those in tables and in the
    directory, and for the networks of proxies, which are beside them."""

    tenants: tuple[Tenant, ...]
    carriers: tuple[Carrier, ...]
    trunks: tuple[Trunk, ...]
    routing_groups: tuple[RoutingGroup, ...]
    kamailio_nodes: tuple[KamailioNode, ...]
    normalization_profiles: tuple[NormalizationProfile, ...]
    emergency_plans: tuple[EmergencyPlan, ...]
    schedules: tuple[Schedule, ...]
    reroute_policies: tuple[ReroutePolicy, ...]


class Part(Struct, frozen=True):
    """The owner's objects, its trunks without their credentials, and these as they are kept; the
    proxies as id, name and network."""

    objects: Objects
    proxies: tuple[tuple[str, str, str], ...]
    sealed: tuple[SealedTrunk, ...]
    keys: DirectoryKeys


_ENCODER = msgspec.msgpack.Encoder(order="sorted")
_DECODER = msgspec.msgpack.Decoder(Part)


def write_part(own: Configuration, sealed: tuple[SealedTrunk, ...], keys: DirectoryKeys) -> bytes:
    """A part as it is kept: the same for the same objects, whatever their revision."""
    objects = Objects(*(getattr(own, name) for name in Objects.__struct_fields__))
    proxies = tuple((proxy.id, proxy.name, str(proxy.network)) for proxy in own.trusted_proxies)
    return _ENCODER.encode(Part(objects, proxies, sealed, keys))


def read_part(content: bytes | memoryview) -> Part:
    """A part again."""
    return _DECODER.decode(content)


def open_part(part: Part, unseal: Unseal) -> Configuration:
    """The owner's objects with the credentials of its trunks."""
    sealed = {each.trunk_id: each for each in part.sealed}
    objects = part.objects
    return Configuration(
        revision=0,
        tenants=objects.tenants,
        carriers=objects.carriers,
        trunks=tuple(
            open_trunk(trunk, sealed[trunk.id], unseal) if trunk.id in sealed else trunk
            for trunk in objects.trunks
        ),
        routing_groups=objects.routing_groups,
        kamailio_nodes=objects.kamailio_nodes,
        normalization_profiles=objects.normalization_profiles,
        emergency_plans=objects.emergency_plans,
        schedules=objects.schedules,
        reroute_policies=objects.reroute_policies,
        trusted_proxies=tuple(
            TrustedProxy(proxy_id, name, ip_network(network))
            for proxy_id, name, network in part.proxies
        ),
    )
