"""The same catalog with its parts at other places."""

from collections.abc import Mapping

from msgspec import structs

from pointsman.snapshots.catalog import BlobRef, Catalog, ListsRef, OwnerRef, TableRef

_Moved = Mapping[bytes, BlobRef]


def relocate(catalog: Catalog, moved: _Moved, data_file: int) -> Catalog:
    """The catalog with the parts where `moved` has them, by their identity."""
    directory = catalog.directory
    return structs.replace(
        catalog,
        data_file=data_file,
        platform=_owner(catalog.platform, moved),
        tenants={key: _owner(tenant, moved) for key, tenant in catalog.tenants.items()},
        directory=structs.replace(
            directory,
            dids=_table(directory.dids, moved),
            domains=_table(directory.domains, moved),
            networks=_table(directory.networks, moved),
            users=_table(directory.users, moved),
        ),
    )


def _owner(owner: OwnerRef, moved: _Moved) -> OwnerRef:
    return OwnerRef(
        moved[owner.part.identity],
        tuple(ListsRef(each.merged, _table(each.entries, moved)) for each in owner.lists),
        None if owner.rules is None else _table(owner.rules, moved),
        owner.reads_caller,
        owner.registers,
    )


def _table(table: TableRef, moved: _Moved) -> TableRef:
    return TableRef(
        tuple((boundary, moved[blob.identity]) for boundary, blob in table.buckets),
        None if table.spine is None else moved[table.spine.identity],
        table.count,
    )
