"""A snapshot made of the last one, and of what has changed since."""

import time
from collections.abc import Iterable
from functools import cache
from uuid import UUID

import msgspec
from msgspec import structs

from pointsman.compiler.full import stamp_of
from pointsman.compiler.owners import (
    LoadedOwner,
    lacking_secrets,
    part_loaded,
    write_lists,
    write_owner,
)
from pointsman.compiler.rule_tables import reads_caller, shelve_rows, write_shelves
from pointsman.compiler.store import Store
from pointsman.compiler.touched import Touched
from pointsman.services.snapshots import Reading, load_objects
from pointsman.services.streams import fetch_dids, fetch_rules
from pointsman.snapshots.catalog import Catalog, Compile, Directory, OwnerRef, TableRef
from pointsman.snapshots.networks import PackedSource, read_sources, write_sources
from pointsman.snapshots.part import DirectoryKeys, read_part
from pointsman.snapshots.tables import (
    build_table,
    change_table,
    find_keys,
    find_record,
)

_ENCODER = msgspec.msgpack.Encoder()
_NO_KEYS = DirectoryKeys()
_PREFIX = 1


async def compile_partial(
    read: Reading, catalog: Catalog, touched: Touched, store: Store
) -> Catalog:
    """The catalog with what was touched as it is in what is read; raises DoesNotCompile."""
    started = time.monotonic()
    # Many changes are in the same few buckets.
    store = structs.replace(store, read=cache(store.read))
    owners = await _load_owners(touched)
    directory = _change_directory(catalog, owners, store)
    refs = {"": catalog.platform, **catalog.tenants}
    for owner, loaded in owners.items():
        if loaded is None:
            refs.pop(owner, None)
        else:
            refs[owner] = _merge(refs.get(owner), loaded, store)
    for owner in touched.lists - owners.keys():
        loaded = (await _load(owner)) if owner in refs else None
        if loaded is not None:
            lists = write_lists(loaded.configuration, store.add)
            refs[owner] = structs.replace(refs[owner], lists=lists)
    for tenant_id, prefixes in touched.rules.items():
        if tenant_id in refs:
            refs[tenant_id] = await _change_rules(read, refs[tenant_id], tenant_id, prefixes, store)
    if touched.dids:
        directory = structs.replace(
            directory, dids=await _change_dids(read, directory.dids, touched.dids, store)
        )
    return structs.replace(
        catalog,
        revision=read.revision.id,
        published_us=stamp_of(read.revision),
        compiled=Compile("partial", time.monotonic() - started, time.time()),
        platform=refs.pop(""),
        tenants=refs,
        directory=directory,
        secrets_lacking=_count_lacking(catalog, owners, store),
    )


def _count_lacking(
    catalog: Catalog, owners: dict[str, LoadedOwner | None], store: Store
) -> dict[str, tuple[str, ...]]:
    lacking = dict(catalog.secrets_lacking)
    for owner, loaded in owners.items():
        names = () if loaded is None else lacking_secrets(loaded, store.unseal)
        lacking.pop(owner, None)
        if names:
            lacking[owner] = names
    return lacking


async def _load_owners(touched: Touched) -> dict[str, LoadedOwner | None]:
    """The objects of the owners touched, None of a tenant that is gone."""
    return {owner: await _load(owner) for owner in sorted(touched.owners)}


async def _load(owner: str) -> LoadedOwner | None:
    loaded = part_loaded(await load_objects(UUID(owner) if owner else None))
    return loaded.get(owner)


def _merge(former: OwnerRef | None, loaded: LoadedOwner, store: Store) -> OwnerRef:
    written = write_owner(loaded, store.add)
    if former is None:
        return written
    return structs.replace(
        former, part=written.part, lists=written.lists, registers=written.registers
    )


def _change_directory(
    catalog: Catalog, owners: dict[str, LoadedOwner | None], store: Store
) -> Directory:
    """The directory with what of it is of these owners."""
    directory = catalog.directory
    domains: dict[str, bytes | None] = {}
    users: dict[str, bytes | None] = {}
    networks = _Networks(directory.networks, store)
    masks = set(directory.masks)
    refs = {"": catalog.platform, **catalog.tenants}
    # What one owner has given away another may have by now.
    for owner in owners:
        keys = _keys_of(refs.get(owner), store)
        domains.update(dict.fromkeys(keys.domains))
        users.update(dict.fromkeys(keys.users))
        networks.drop(keys.networks, owner)
    for loaded in owners.values():
        if loaded is not None:
            entries = loaded.entries
            domains.update(entries.domains)
            users.update(entries.users)
            networks.put(entries.networks)
            masks |= entries.masks
    return structs.replace(
        directory,
        domains=_change(directory.domains, domains, store),
        users=_change(directory.users, users, store),
        networks=_change(directory.networks, networks.records(), store),
        masks=tuple(sorted(masks)),
    )


def _keys_of(ref: OwnerRef | None, store: Store) -> DirectoryKeys:
    return _NO_KEYS if ref is None else read_part(store.read(ref.part)).keys


class _Networks:
    """The networks that change, with the sources of all their owners."""

    def __init__(self, table: TableRef, store: Store) -> None:
        self._table, self._store = table, store
        self._found: dict[str, list[PackedSource]] = {}

    def drop(self, keys: Iterable[str], owner: str) -> None:
        """Without the owner's."""
        for key in keys:
            sources = self._sources(key)
            self._found[key] = [each for each in sources if each.tenant_id != owner]

    def put(self, networks: dict[str, list[PackedSource]]) -> None:
        """With these as well."""
        for key, sources in networks.items():
            self._found[key] = [*self._sources(key), *sources]

    def records(self) -> dict[str, bytes | None]:
        """What becomes of them."""
        return {
            key: write_sources(sources) if sources else None for key, sources in self._found.items()
        }

    def _sources(self, key: str) -> list[PackedSource]:
        if key not in self._found:
            record = find_record(self._table, key, self._store.read)
            self._found[key] = [] if record is None else read_sources(record)
        return self._found[key]


def _change(table: TableRef, changes: dict[str, bytes | None], store: Store) -> TableRef:
    return change_table(table, changes, store.read, store.add) if changes else table


async def _change_rules(
    read: Reading, ref: OwnerRef, tenant_id: str, prefixes: set[str], store: Store
) -> OwnerRef:
    rows = [row[1:] for row in await fetch_rules(read.connection, UUID(tenant_id), [*prefixes])]
    shelved = shelve_rows(rows)
    changes: dict[str, bytes | None] = {}
    for called in prefixes:
        if ref.rules is not None:
            changes[called] = None
            changes.update(dict.fromkeys(find_keys(ref.rules, f"{called}\n", store.read)))
        changes.update(write_shelves(called, shelved.get(called, {})))
    if ref.rules is None:
        kept = ((key, record) for key, record in changes.items() if record is not None)
        table = build_table(kept, store.add)
    else:
        table = change_table(ref.rules, changes, store.read, store.add)
    reads = ref.reads_caller or reads_caller(rows)
    return structs.replace(ref, rules=table, reads_caller=reads)


async def _change_dids(
    read: Reading, table: TableRef, prefixes: set[str], store: Store
) -> TableRef:
    changes: dict[str, bytes | None] = dict.fromkeys(prefixes)
    for row in await fetch_dids(read.connection, [*prefixes]):
        changes[row[_PREFIX]] = _ENCODER.encode(row)
    return change_table(table, changes, store.read, store.add)
