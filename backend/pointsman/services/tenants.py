"""Tenants: only an administrator of the platform makes and deletes them."""

from tortoise.expressions import Q

from pointsman.auth import Principal, require_platform
from pointsman.models import Tenant
from pointsman.routing.tenant import Tenant as RoutedTenant
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_tenants(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    enabled: bool | None = None,
) -> Page[Tenant]:
    """Tenants by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, Tenant, where, order=("name",), first=first, after=after)


async def create_tenant(principal: Principal, *, name: str, enabled: bool = True) -> Tenant:
    """Make a tenant."""
    require_platform(principal, "create a tenant")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await Tenant.create(name=name, enabled=enabled)
        made.created(row, describe(row))
    return row


async def update_tenant(
    principal: Principal,
    tenant_id: object,
    *,
    name: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
) -> Tenant:
    """Change the given fields of a tenant. A disabled tenant's calls are refused."""
    await get_row(principal, Tenant, tenant_id)
    require_platform(principal, "change a tenant")
    problems = Problems()
    fields = given(name=problems.check_given("name", validation.name, name), enabled=enabled)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, Tenant, tenant_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_tenant(principal: Principal, tenant_id: object) -> Tenant:
    """Delete a tenant that owns nothing any more; raises Conflict while it does."""
    await get_row(principal, Tenant, tenant_id)
    require_platform(principal, "delete a tenant")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Tenant, tenant_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def load_tenants() -> tuple[RoutedTenant, ...]:
    """All tenants, as the core knows them."""
    return tuple(RoutedTenant(str(row.id), row.name, row.enabled) for row in await Tenant.all())
