"""Whether routers can use what was compiled."""

from collections.abc import Iterable, Mapping

from pointsman.compiler.faults import FAULTS, explain_fault
from pointsman.compiler.store import Store
from pointsman.routing.configuration import Configuration
from pointsman.routing.objects import Objects, index_objects
from pointsman.routing.sources import compile_source
from pointsman.routing.tenant_snapshot import compile_tenant
from pointsman.snapshots.catalog import Catalog, OwnerRef
from pointsman.snapshots.part import open_part, read_part


def check_catalog(catalog: Catalog, former: Catalog | None, store: Store) -> None:
    """Compile what is another than in the former catalog, as a router would; raises
    DoesNotCompile."""
    objects = _check_platform(_open(catalog.platform, store))
    for tenant_id in _changed(catalog.tenants, former.tenants if former else {}):
        own = _open(catalog.tenants[tenant_id], store)
        try:
            compile_tenant(own, index_objects(own, objects), None, {})
        except FAULTS as error:
            raise explain_fault(f"the tenant {own.tenants[0].name}", error) from error


def _changed(now: Mapping[str, OwnerRef], before: Mapping[str, OwnerRef]) -> Iterable[str]:
    for tenant_id, ref in now.items():
        former = before.get(tenant_id)
        if former is None or former.part != ref.part:
            yield tenant_id


def _check_platform(configuration: Configuration) -> Objects:
    try:
        objects = index_objects(configuration)
        for trunk in configuration.trunks:
            compile_source(trunk, objects, None)
    except FAULTS as error:
        raise explain_fault("the platform's objects", error) from error
    return objects


def _open(ref: OwnerRef, store: Store) -> Configuration:
    return open_part(read_part(store.read(ref.part)), store.unseal)
