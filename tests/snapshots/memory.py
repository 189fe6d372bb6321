"""A snapshot as a router maps it, made of a configuration without database and disk."""

from operator import attrgetter

import msgspec
from msgspec import structs

from pointsman.compiler.check import check_catalog
from pointsman.compiler.full import CompiledRules, make_catalog
from pointsman.compiler.rule_tables import RuleTableBuilder
from pointsman.compiler.store import Store
from pointsman.routing.configuration import Configuration
from pointsman.routing.ownership import group_by_owner
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.sealed_trunk import SealedTrunk
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import Trunk
from pointsman.services.snapshots import SealedConfiguration
from pointsman.snapshots.catalog import BlobRef, Catalog, identify, read_catalog, write_catalog
from pointsman.snapshots.mapped import Mapper
from pointsman.snapshots.tables import Add, Read, build_table


class MemoryFile:
    """A data file that is none: what is added is kept."""

    def __init__(self) -> None:
        self._parts: dict[int, bytes] = {}
        self._known: dict[bytes, BlobRef] = {}

    def add(self, content: bytes) -> BlobRef:
        """Keep a part, once."""
        identity = identify(content)
        if identity not in self._known:
            place = len(self._parts)
            self._parts[place] = content
            self._known[identity] = BlobRef(identity, place, len(content))
        return self._known[identity]

    def read(self, blob: BlobRef) -> bytes:
        """A part."""
        return self._parts[blob.offset]

    def view(self, blob: BlobRef) -> memoryview:
        """A part, as a mapped one is read."""
        return memoryview(self._parts[blob.offset]).toreadonly()


def unseal(sealed: bytes) -> str | None:
    """What stands for encryption here."""
    return sealed.decode()


def map_configuration(configuration: Configuration) -> Snapshot:
    """What a router would map of a configuration; raises DoesNotCompile."""
    file = MemoryFile()
    catalog = catalog_of(configuration, file.read, file.add)
    return Mapper(unseal).map(read_catalog(write_catalog(catalog)), file)


def catalog_of(configuration: Configuration, read: Read, add: Add) -> Catalog:
    """The catalog that the compiler would make of it, its parts added."""
    store = Store(read, add, unseal)
    sealed = tuple(_seal(trunk) for trunk in configuration.trunks if _has_secret(trunk))
    trunks = tuple(structs.replace(trunk, credential=None, digest=None, lacks_secret=False)
                   for trunk in configuration.trunks)  # fmt: skip
    rules = {
        tenant_id: _table_of(tenant_id, found, add)
        for tenant_id, found in group_by_owner(configuration.routing_rules).items()
    }
    dids = build_table(
        ((did.prefix, msgspec.msgpack.encode(did)) for did in configuration.dids), add
    )
    loaded = SealedConfiguration(structs.replace(configuration, trunks=trunks), sealed)
    catalog = make_catalog(loaded, rules, dids, store)
    check_catalog(catalog, None, store)
    return catalog


def _table_of(tenant_id: str, rules: list[RoutingRule], add: Add) -> CompiledRules:
    builder = RuleTableBuilder(tenant_id, add)
    # As the database orders them.
    for rule in sorted(rules, key=_database_order):
        builder.put(structs.astuple(structs.replace(rule, tenant_id="")))
    return builder.finish(), builder.reads_caller


def _database_order(rule: RoutingRule) -> tuple[object, ...]:
    before = attrgetter("called_prefix", "calling_prefix")(rule)
    return (
        *before,
        not rule.source_trunk_id,
        not rule.schedule_id,
        rule.priority,
        rule.name,
    )


def _has_secret(trunk: Trunk) -> bool:
    return trunk.credential is not None or trunk.digest is not None


def _seal(trunk: Trunk) -> SealedTrunk:
    credential, digest = trunk.credential, trunk.digest
    return SealedTrunk(
        trunk.id,
        credential.username if credential else "",
        credential.realm if credential else "",
        credential.password.encode() if credential else None,
        digest.username if digest else "",
        digest.realm if digest else "",
        digest.ha1.encode() if digest else None,
        digest.ha1_sha256.encode() if digest and digest.ha1_sha256 else None,
    )
