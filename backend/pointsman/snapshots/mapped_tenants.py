"""The tenants of a snapshot that is mapped, each read when a call asks for it.

What was read of a tenant is kept for as long as neither the tenant's part changes nor anything of
the platform that it refers to.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.node_registration import Contacts, compile_registrations
from pointsman.routing.objects import Objects, index_objects
from pointsman.routing.rule_table import compile_hours
from pointsman.routing.screening_lists import Level
from pointsman.routing.sealed_trunk import Unseal
from pointsman.routing.sources import Source, compile_source
from pointsman.routing.tenant_snapshot import TenantSnapshot, compile_tenant
from pointsman.snapshots.catalog import OwnerRef
from pointsman.snapshots.opened_tables import Tables
from pointsman.snapshots.part import open_part, read_part


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


class Platform(Struct, frozen=True):
    """The platform's part, compiled; `ref` tells it from another one."""

    ref: OwnerRef
    configuration: Configuration
    objects: Objects
    sources: Mapping[str, Source]
    lists: Mapping[str, Level]
    contacts: Contacts


class ReadTenant(Struct, frozen=True):
    """A tenant that was read, its sources, and the ids of all that its objects refer to."""

    snapshot: TenantSnapshot
    sources: Mapping[str, Source]
    refers_to: frozenset[str]


class MappedTenants(dict[str, TenantSnapshot]):
    """The tenants by id: those that were read. `ids` are all there are."""

    def __init__(
        self,
        refs: Mapping[str, OwnerRef],
        platform: Platform,
        tables: Tables,
        unseal: Unseal,
        read: dict[str, ReadTenant],
    ) -> None:
        """`read` are those that are read already."""
        self._refs = refs
        self._platform = platform
        self._tables = tables
        self._unseal = unseal
        super().__init__((tenant_id, found.snapshot) for tenant_id, found in read.items())
        self._read = read

    def __missing__(self, tenant_id: str) -> TenantSnapshot:
        return self.read(tenant_id).snapshot

    @property
    def ids(self) -> Iterable[str]:
        """All tenants, read or not."""
        return self._refs.keys()

    def read(self, tenant_id: str) -> ReadTenant:
        """A tenant, read now if it was not before."""
        found = self._read.get(tenant_id)
        if found is None:
            found = self._read[tenant_id] = self._compile(self._refs[tenant_id])
            self[tenant_id] = found.snapshot
        return found

    def keep(self, refs: Mapping[str, OwnerRef], changed: frozenset[str]) -> dict[str, ReadTenant]:
        """What was read of tenants that have not changed, nor anything that they refer to."""
        own = self._refs
        return {
            tenant_id: read
            for tenant_id, read in self._read.items()
            if own[tenant_id] == refs.get(tenant_id) and changed.isdisjoint(read.refers_to)
        }

    def _compile(self, ref: OwnerRef) -> ReadTenant:
        tables = self._tables
        own = open_part(read_part(tables.data.view(ref.part)), self._unseal)
        rules = None
        if ref.rules is not None:
            hours = compile_hours(own.schedules)
            rules = tables.rules(ref.rules, hours, reads_caller=ref.reads_caller)
        objects = index_objects(own, self._platform.objects)
        compiled = compile_tenant(own, objects, rules, tables.lists(ref.lists))
        sources = {trunk.id: compile_source(trunk, objects, compiled) for trunk in own.trunks}
        return ReadTenant(compiled, sources, _find_references(own))


def compile_platform(ref: OwnerRef, tables: Tables, unseal: Unseal) -> Platform:
    """The platform's part; raises what compiling it does."""
    configuration = open_part(read_part(tables.data.view(ref.part)), unseal)
    objects = index_objects(configuration)
    return Platform(
        ref,
        configuration,
        objects,
        {trunk.id: compile_source(trunk, objects, None) for trunk in configuration.trunks},
        tables.lists(ref.lists),
        compile_registrations(configuration.trunks, objects.carriers),
    )


def compile_contacts(
    platform: Platform, tenants: Mapping[str, OwnerRef], tables: Tables, unseal: Unseal
) -> Contacts:
    """What nodes register for the platform and for all tenants, of which only those are looked at
    that have something to register."""
    contacts = {**platform.contacts}
    for ref in tenants.values():
        if ref.registers:
            own = open_part(read_part(tables.data.view(ref.part)), unseal)
            contacts.update(compile_registrations(own.trunks, {}))
    return contacts


def find_changed(before: Platform, now: Platform) -> frozenset[str]:
    """The ids of the platform's objects that are others, or what these refer to is."""
    if before is now:
        return frozenset()
    old, new = before.configuration, now.configuration
    changed = _differing(old.normalization_profiles, new.normalization_profiles)
    changed |= _differing(old.reroute_policies, new.reroute_policies)
    changed |= _differing(old.carriers, new.carriers)
    changed |= {carrier.id for carrier in new.carriers if carrier.reroute_policy_id in changed}
    changed |= _differing(old.trunks, new.trunks)
    for trunk in new.trunks:
        used = (trunk.carrier_id, trunk.normalization_profile_id, trunk.reroute_policy_id)
        if not changed.isdisjoint(used):
            changed.add(trunk.id)
    return frozenset(changed)


def _differing(before: tuple[T, ...], now: tuple[T, ...]) -> set[str]:
    old, new = ({item.id: item for item in items} for items in (before, now))
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _find_references(own: Configuration) -> frozenset[str]:
    found = {place.trunk_id for group in own.routing_groups for place in group.trunks}
    for trunk in own.trunks:
        found |= {trunk.normalization_profile_id, trunk.reroute_policy_id}
    found |= {tenant.reroute_policy_id for tenant in own.tenants}
    return frozenset(found)
