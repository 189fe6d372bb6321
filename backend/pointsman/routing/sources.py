"""Who may send calls: the sources of all trunks, ready to look calls up."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.network_sources import NetworkSources
from pointsman.routing.normalization import CompiledProfile
from pointsman.routing.objects import Objects
from pointsman.routing.outcome import Account, Reject, RejectCode
from pointsman.routing.source_table import IPNetwork, SourceTable
from pointsman.routing.tenant_snapshot import TenantSnapshot
from pointsman.routing.trunk import Trunk, TrunkKind
from pointsman.routing.trunk_source import TrunkSource
from pointsman.routing.trusted_proxy import TrustedProxy


class Source(Struct, frozen=True, gc=False):
    """The trunk a call comes from, and the tenants whose numbers it may reach; `of_tenant` is
    the one whose PBX it is, "" for a carrier. `reject` is for all calls of a source that is
    disabled in any way. `home` is what of the snapshot is that tenant's."""

    trunk: Trunk
    of_tenant: str
    tenant_ids: frozenset[str]
    reject: Reject | None
    profile: CompiledProfile | None
    home: TenantSnapshot | None


class SourceRef(Struct, frozen=True, gc=False):
    """Where a source is found: the tenant ("" for a carrier) and the trunk."""

    tenant_id: str
    trunk_id: str


class UserTable(Protocol):
    """Sources by digest realm and user."""

    def get(self, key: str) -> SourceRef | None:
        """By `user_key`."""


class NetworkTable(Protocol):
    """Sources by network."""

    def host(self, ip: str) -> NetworkSources[SourceRef] | None:
        """The sources of this very host, an address as Python writes it."""

    def holding(self, ip: str) -> Iterator[NetworkSources[SourceRef]]:
        """The sources of all networks that hold `ip`, the longest first."""


class Sources(Struct, frozen=True):
    """The sources by network, by digest realm and user, and themselves: by tenant ("" for
    carriers) and trunk. `md5_realms` are those of the realms with a user of whom there is no
    SHA-256. `proxies` is None where none is listed."""

    by_network: NetworkTable
    by_user: UserTable
    realms: Container[str]
    md5_realms: Container[str]
    by_owner: Mapping[str, Mapping[str, Source]]
    proxies: SourceTable[TrustedProxy] | None
    # The hosts that are known by now, of one source that nothing narrows.
    plain_hosts: dict[str, Source]

    def find_plain(self, ip: str) -> Source | None:
        """What all calls of a host come from, where nothing narrows it: what most calls come
        from. The address is as Python writes it."""
        source = self.plain_hosts.get(ip)
        if source is None:
            network = self.by_network.host(ip)
            if network is not None and network.plain is not None:
                source = self.plain_hosts[ip] = self.find(network.plain)
        return source

    def find(self, ref: SourceRef) -> Source:
        """The source itself."""
        return self.by_owner[ref.tenant_id][ref.trunk_id]


def user_key(realm: str, username: str) -> str:
    """What a digest user is found by: no realm has a line feed."""
    return f"{realm}\n{username}"


def md5_user_key(realm: str, username: str) -> str:
    """What a digest user of whom there is no SHA-256 is found by as well: no user has a line
    feed."""
    return user_key(realm, f"\n{username}")


def compile_sources(
    configuration: Configuration, by_owner: Mapping[str, Mapping[str, Source]]
) -> Sources:
    """The sources of a whole configuration."""
    networks: dict[IPNetwork, list[tuple[TrunkSource, SourceRef]]] = defaultdict(list)
    refs = {trunk.id: ref_of(trunk) for trunk in configuration.trunks}
    for source in configuration.sources:
        networks[source.network].append((source, refs[source.trunk_id]))
    identities = [trunk.digest for trunk in configuration.trunks if trunk.digest is not None]
    return Sources(
        by_network=SourceTable({ip: NetworkSources(found) for ip, found in networks.items()}),
        by_user={
            user_key(trunk.digest.realm, trunk.digest.username): refs[trunk.id]
            for trunk in configuration.trunks
            if trunk.digest is not None
        },
        realms=frozenset(identity.realm for identity in identities),
        md5_realms=frozenset(each.realm for each in identities if not each.ha1_sha256),
        by_owner=by_owner,
        proxies=compile_proxies(configuration.trusted_proxies),
        plain_hosts={},
    )


def compile_proxies(proxies: Iterable[TrustedProxy]) -> SourceTable[TrustedProxy] | None:
    """The proxies by network."""
    found = {proxy.network: proxy for proxy in proxies}
    return SourceTable(found) if found else None


def ref_of(trunk: Trunk) -> SourceRef:
    """Where the source that a trunk is, is found."""
    return SourceRef(trunk.tenant_id if trunk.kind is TrunkKind.PBX else "", trunk.id)


def compile_source(trunk: Trunk, objects: Objects, home: TenantSnapshot | None) -> Source:
    """What a call from this trunk comes from; `home` is its tenant's."""
    profile = objects.profiles.get(trunk.normalization_profile_id)
    account = Account(trunk.tenant_id if trunk.kind is TrunkKind.PBX else "", trunk.id)
    disabled = None
    if not trunk.enabled:
        text = f"the source trunk {trunk.name} is disabled"
        disabled = Reject(RejectCode.TRUNK_DISABLED, text, account=account)
    if trunk.kind is TrunkKind.CARRIER:
        carrier = objects.carriers[trunk.carrier_id]
        if disabled is None and not carrier.enabled:
            text = f"the carrier {carrier.name} is disabled"
            disabled = Reject(RejectCode.CARRIER_DISABLED, text, account=account)
        return Source(trunk, "", carrier.tenant_ids, disabled, profile, None)
    tenant = objects.tenants[trunk.tenant_id]
    if disabled is None and not tenant.enabled:
        text = f"the tenant {tenant.name} is disabled"
        disabled = Reject(RejectCode.TENANT_DISABLED, text, account=account)
    return Source(trunk, tenant.id, frozenset((tenant.id,)), disabled, profile, home)
