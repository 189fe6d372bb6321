"""A snapshot that is mapped from files: what decides calls in a router."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec
from msgspec import Struct

from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.node_registration import Contacts
from pointsman.routing.number_class import load_number_classes
from pointsman.routing.packed_table import DecodedRecords, PackedTable, Record
from pointsman.routing.sealed_trunk import Unseal
from pointsman.routing.snapshot import Snapshot, sockets_of
from pointsman.routing.sources import (
    Source,
    SourceRef,
    Sources,
    compile_proxies,
    md5_user_key,
    user_key,
)
from pointsman.snapshots.catalog import Catalog, Directory
from pointsman.snapshots.mapped_tenants import (
    MappedTenants,
    Platform,
    ReadTenant,
    compile_contacts,
    compile_platform,
    find_changed,
)
from pointsman.snapshots.networks import MappedNetworks, decode_sources
from pointsman.snapshots.opened_tables import Data, Tables

# Some 1.5 kB each.
_MOST_DECODED = 16_384
_MOST_HOSTS = 4_096
_DID = msgspec.msgpack.Decoder(Did)
_DOMAIN = msgspec.msgpack.Decoder(Domain)
_REF = msgspec.msgpack.Decoder(SourceRef)


class MappedDomains:
    """The domains by name; the hosts that calls name lately are known, of whomever they are."""

    def __init__(self, domains: PackedTable[Domain]) -> None:
        self.get = lru_cache(_MOST_HOSTS)(domains.get)


class OpenDirectory(Struct, frozen=True):
    """The tables of a directory, mapped."""

    ref: Directory
    dids: PackedTable[Did]
    domains: MappedDomains
    networks: MappedNetworks
    users: PackedTable[SourceRef]


class Mapped(Struct, frozen=True):
    """Of a snapshot what the next one may take."""

    data: Data
    platform: Platform
    tenants: MappedTenants
    directory: OpenDirectory


class Mapper:
    """Makes snapshots of catalogs, each from what it may keep of the one before."""

    def __init__(self, unseal: Unseal) -> None:
        """`unseal` opens what is encrypted."""
        self._unseal = unseal
        self._decoded = DecodedRecords(_MOST_DECODED)
        self._former: Mapped | None = None

    def map(self, catalog: Catalog, data: Data) -> Snapshot:
        """The snapshot of a catalog whose parts are verified and mapped; raises what compiling
        the platform's part does."""
        former = self._former
        if former is not None and former.data is not data:
            former = None
        tables = Tables(data, self._decoded)
        if former is not None and former.platform.ref == catalog.platform:
            platform = former.platform
        else:
            platform = compile_platform(catalog.platform, tables, self._unseal)
        kept: dict[str, ReadTenant] = {}
        if former is not None:
            changed = find_changed(former.platform, platform)
            kept = former.tenants.keep(catalog.tenants, changed)
        tenants = MappedTenants(catalog.tenants, platform, tables, self._unseal, kept)
        directory = open_directory(
            catalog.directory, tables, former.directory if former is not None else None
        )
        self._former = Mapped(data, platform, tenants, directory)
        contacts = compile_contacts(platform, catalog.tenants, tables, self._unseal)
        return _snapshot_of(catalog.revision, platform, tenants, directory, contacts)


class MappedSources(dict[str, Mapping[str, Source]]):
    """The sources by tenant, "" for carriers: those that were read."""

    def __init__(self, platform: Platform, tenants: MappedTenants) -> None:
        super().__init__({"": platform.sources})
        self._tenants = tenants

    def __missing__(self, tenant_id: str) -> Mapping[str, Source]:
        found = self[tenant_id] = self._tenants.read(tenant_id).sources
        return found


class Realms:
    """The realms that digest users have, by how the users of a realm are found: `key` makes of a
    realm and "" what the keys of all of them start with."""

    def __init__(
        self, users: PackedTable[SourceRef], key: Callable[[str, str], str] = user_key
    ) -> None:
        self._users, self._key = users, key

    def __contains__(self, realm: object) -> bool:
        return next(self._users.starting(self._key(str(realm), "")), None) is not None


def open_directory(ref: Directory, tables: Tables, former: OpenDirectory | None) -> OpenDirectory:
    """The tables of a directory; those that are the former one's too keep what was decoded."""
    old = None if former is None else former.ref

    def is_kept(*names: str) -> bool:
        return old is not None and all(getattr(old, name) == getattr(ref, name) for name in names)

    networks = None if former is None else former.networks
    if networks is None or not is_kept("networks", "masks"):
        networks = MappedNetworks(tables.open(ref.networks, decode_sources), ref.masks)
    dids = None if former is None else former.dids
    if dids is None or not is_kept("dids"):
        dids = tables.open(ref.dids, _decode_did)
    domains = None if former is None else former.domains
    if domains is None or not is_kept("domains"):
        domains = MappedDomains(tables.open(ref.domains, _decode_domain))
    users = None if former is None else former.users
    if users is None or not is_kept("users"):
        users = tables.open(ref.users, _decode_ref)
    return OpenDirectory(ref, dids, domains, networks, users)


def _snapshot_of(
    revision: int,
    platform: Platform,
    tenants: MappedTenants,
    directory: OpenDirectory,
    contacts: Contacts,
) -> Snapshot:
    configuration = platform.configuration
    return Snapshot(
        revision=revision,
        tenants=tenants,
        sources=Sources(
            by_network=directory.networks,
            by_user=directory.users,
            realms=Realms(directory.users),
            md5_realms=Realms(directory.users, md5_user_key),
            by_owner=MappedSources(platform, tenants),
            proxies=compile_proxies(configuration.trusted_proxies),
            plain_hosts={},
        ),
        domains=directory.domains,
        dids=directory.dids,
        carrier_lists=platform.lists,
        number_classes=load_number_classes(),
        kamailio_nodes=configuration.kamailio_nodes,
        router_sockets=sockets_of(configuration.kamailio_nodes),
        contacts=contacts,
    )


def _decode_did(_: str, record: Record) -> Did:
    return _DID.decode(record)


def _decode_domain(_: str, record: Record) -> Domain:
    return _DOMAIN.decode(record)


def _decode_ref(_: str, record: Record) -> SourceRef:
    return _REF.decode(record)
