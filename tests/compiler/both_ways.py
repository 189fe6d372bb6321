"""A configuration that is compiled both ways after each change: as a partial compile makes it of
the last catalog, and as a full one does."""

from typing import Any

from pointsman.compiler.check import check_catalog
from pointsman.compiler.full import compile_full
from pointsman.compiler.partial import compile_partial
from pointsman.compiler.store import Store
from pointsman.compiler.touched import find_changes
from pointsman.routing.sealed_trunk import Unseal
from pointsman.services.snapshots import Reading, reading
from pointsman.snapshots.catalog import Catalog, OwnerRef, TableRef
from pointsman.snapshots.tables import read_bucket
from tests.snapshots.memory import MemoryFile


class BothWays:
    """The catalog that only partial compiles have brought to where it is."""

    def __init__(self, unseal: Unseal) -> None:
        self.file = MemoryFile()
        self.store = Store(self.file.read, self.file.add, unseal)
        self.catalog: Catalog

    async def begin(self) -> None:
        """With everything."""
        async with reading() as read:
            self.catalog = await self._compile_full(read)

    async def catch_up(self) -> Catalog:
        """Compile what has changed, and see that a full compile has nothing else; the catalog as
        it was before."""
        former = self.catalog
        async with reading() as read:
            touched = await find_changes(former)
            assert touched is not None, "nobody could tell what has changed"
            self.catalog = await compile_partial(read, former, touched, self.store)
            full = await self._compile_full(read)
        check_catalog(self.catalog, former, self.store)
        assert (self.catalog.compiled.kind, full.compiled.kind) == ("partial", "full")
        assert self._content_of(self.catalog) == self._content_of(full)
        # What is looked for in vain is slow, and never wrong.
        assert set(self.catalog.directory.masks) >= set(full.directory.masks)
        for tenant_id, tenant in full.tenants.items():
            assert self.catalog.tenants[tenant_id].reads_caller >= tenant.reads_caller
        return former

    def entries(self, table: TableRef | None) -> dict[str, bytes]:
        """All of a table."""
        found: dict[str, bytes] = {}
        for _, blob in table.buckets if table is not None else ():
            found.update(read_bucket(self.file.read(blob)))
        assert len(found) == (table.count if table is not None else 0)
        return found

    async def _compile_full(self, read: Reading) -> Catalog:
        return await compile_full(read, self.store, lambda _: None)

    def _content_of(self, catalog: Catalog) -> dict[str, Any]:
        directory = catalog.directory
        return {
            "revision": (catalog.revision, catalog.published_us),
            "secrets lacking": catalog.secrets_lacking,
            "platform": self._owner(catalog.platform),
            **{f"tenant {key}": self._owner(tenant) for key, tenant in catalog.tenants.items()},
            **{
                name: self.entries(getattr(directory, name))
                for name in ("dids", "domains", "networks", "users")
            },
        }

    def _owner(self, owner: OwnerRef) -> tuple[object, ...]:
        """Part and lists by what they are, wherever they stand."""
        lists = [
            (each.merged, [blob.identity for blob in each.entries.blobs()]) for each in owner.lists
        ]
        return owner.part.identity, lists, self.entries(owner.rules), owner.registers
