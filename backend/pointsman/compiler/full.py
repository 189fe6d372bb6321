"""A whole snapshot of the configuration."""

import time
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter

import msgspec
from msgspec import structs

from pointsman.compiler.owners import LoadedOwner, lacking_secrets, part_loaded, write_owner
from pointsman.compiler.rule_tables import RuleTableBuilder
from pointsman.compiler.store import Store
from pointsman.models import ConfigRevision
from pointsman.services.snapshots import Reading, SealedConfiguration, load_objects
from pointsman.services.streams import stream_dids, stream_rules
from pointsman.snapshots.catalog import Catalog, Compile, Directory, OwnerRef, TableRef
from pointsman.snapshots.networks import PackedSource, write_sources
from pointsman.snapshots.tables import Add, TableBuilder, build_table

_ENCODER = msgspec.msgpack.Encoder()
_PREFIX = 1

# A tenant's table, and whether some of its rules depend on who calls.
CompiledRules = tuple[TableRef, bool]

# Called now and then with how many rows are done.
Progress = Callable[[int], None]


async def compile_full(read: Reading, store: Store, progress: Progress) -> Catalog:
    """The snapshot of what is read, its parts added; raises DoesNotCompile."""
    started = time.monotonic()
    loaded = await load_objects()
    rules = await _compile_rules(read, store.add, progress)
    dids = await _compile_dids(read, store.add)
    catalog = make_catalog(loaded, rules, dids, store)
    return structs.replace(
        catalog,
        revision=read.revision.id,
        published_us=stamp_of(read.revision),
        compiled=Compile("full", time.monotonic() - started, time.time()),
    )


def make_catalog(
    loaded: SealedConfiguration, rules: dict[str, CompiledRules], dids: TableRef, store: Store
) -> Catalog:
    """The catalog of these objects, of the rules by tenant and of the DIDs; of no revision yet."""
    owners = part_loaded(loaded)
    refs = {owner: write_owner(own, store.add) for owner, own in owners.items()}
    platform = refs.pop("")
    return Catalog(
        revision=loaded.configuration.revision,
        published_us=0,
        compiled=Compile("full", 0.0, 0.0),
        data_file=0,
        platform=platform,
        tenants={owner: _with_rules(ref, rules.get(owner)) for owner, ref in refs.items()},
        directory=_compile_directory(owners, dids, store.add),
        secrets_lacking={
            owner: lacking
            for owner, own in owners.items()
            if (lacking := lacking_secrets(own, store.unseal))
        },
    )


def stamp_of(revision: ConfigRevision) -> int:
    """When it was made, in microseconds since 1970."""
    return round(revision.created_at.timestamp() * 1_000_000)


async def _compile_rules(read: Reading, add: Add, progress: Progress) -> dict[str, CompiledRules]:
    tables: dict[str, CompiledRules] = {}
    builder: RuleTableBuilder | None = None
    count = 0
    async for rows in stream_rules(read.connection):
        for tenant_id, of_tenant in groupby(rows, itemgetter(0)):
            if builder is None or builder.tenant_id != tenant_id:
                if builder is not None:
                    tables[builder.tenant_id] = builder.finish(), builder.reads_caller
                builder = RuleTableBuilder(tenant_id, add)
            for row in of_tenant:
                builder.put(row[1:])
        count += len(rows)
        progress(count)
    if builder is not None:
        tables[builder.tenant_id] = builder.finish(), builder.reads_caller
    return tables


async def _compile_dids(read: Reading, add: Add) -> TableRef:
    builder = TableBuilder(add)
    async for rows in stream_dids(read.connection):
        for row in rows:
            builder.put(row[_PREFIX], _ENCODER.encode(row))
    return builder.finish()


def _with_rules(ref: OwnerRef, rules: CompiledRules | None) -> OwnerRef:
    if rules is None:
        return ref
    table, reads_caller = rules
    return structs.replace(ref, rules=table, reads_caller=reads_caller)


def _compile_directory(owners: dict[str, LoadedOwner], dids: TableRef, add: Add) -> Directory:
    entries = [loaded.entries for loaded in owners.values()]
    networks: dict[str, list[PackedSource]] = {}
    for each in entries:
        for key, sources in each.networks.items():
            networks.setdefault(key, []).extend(sources)
    masks = sorted({mask for each in entries for mask in each.masks})

    def records() -> Iterator[tuple[str, bytes]]:
        return ((key, write_sources(sources)) for key, sources in networks.items())

    return Directory(
        dids=dids,
        domains=build_table((item for each in entries for item in each.domains.items()), add),
        networks=build_table(records(), add),
        users=build_table((item for each in entries for item in each.users.items()), add),
        masks=tuple(masks),
    )
