"""What the tests of partial compiles have in common."""

from pointsman.models import (
    RoutingGroup,
    Tenant,
)
from pointsman.services.secrets import Secrets, new_key
from pointsman.snapshots.catalog import Catalog

SECRETS = Secrets([new_key()])


async def italy_of(acme: Tenant) -> RoutingGroup:
    """The demo's group."""
    return await RoutingGroup.get(tenant=acme, name="italy")


def assert_unchanged(before: Catalog, now: Catalog, *tenants: Tenant) -> None:
    """Nothing of these tenants is written anew."""
    for tenant in tenants:
        assert now.tenants[str(tenant.id)] == before.tenants[str(tenant.id)]
