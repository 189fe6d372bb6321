"""Tenants: only an administrator of the platform makes and deletes them."""

from collections.abc import Sequence

from tortoise.expressions import Q

from pointsman.auth import Principal, require_platform
from pointsman.models import ReroutePolicy, Tenant
from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.tenant import Tenant as RoutedTenant
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, get_usable, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems

# More than there are.
MAX_COUNTRIES = 300


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


async def create_tenant(
    principal: Principal,
    *,
    name: str,
    enabled: bool = True,
    allowed_classes: Sequence[DestinationClass] = (),
    allowed_countries: Sequence[str] = (),
    reroute_policy_id: object | None = None,
) -> Tenant:
    """Make a tenant. Its reroute policy is one of the platform's, since it has none yet."""
    require_platform(principal, "create a tenant")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    countries = _check_countries(problems, allowed_countries)
    problems.raise_if_any()
    policy = await get_usable(principal, ReroutePolicy, reroute_policy_id, None, "reroutePolicyId")
    async with change(principal) as made:
        row = await Tenant.create(
            name=name,
            enabled=enabled,
            allowed_classes=_sorted(allowed_classes),
            allowed_countries=countries,
            reroute_policy_id=policy,
        )
        made.created(row, describe(row))
    return row


async def update_tenant(
    principal: Principal,
    tenant_id: object,
    *,
    name: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
    allowed_classes: Sequence[DestinationClass] | Unset = UNSET,
    allowed_countries: Sequence[str] | Unset = UNSET,
    reroute_policy_id: object | None = UNSET,
) -> Tenant:
    """Change the given fields of a tenant, which may choose its reroute policy itself. A disabled
    tenant's calls are refused."""
    row = await get_row(principal, Tenant, tenant_id)
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        enabled=enabled,
        allowed_classes=allowed_classes
        if isinstance(allowed_classes, Unset)
        else _sorted(allowed_classes),
        allowed_countries=allowed_countries
        if isinstance(allowed_countries, Unset)
        else _check_countries(problems, allowed_countries),
    )
    if fields:
        require_platform(principal, "change a tenant but for its reroute policy")
    problems.raise_if_any()
    if reroute_policy_id is not UNSET:
        fields["reroute_policy_id"] = await get_usable(
            principal, ReroutePolicy, reroute_policy_id, row.id, "reroutePolicyId"
        )
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


def _sorted(texts: Sequence[str]) -> list[str]:
    """Each once, in one order, as plain texts."""
    return sorted({str(text) for text in texts})


def _check_countries(problems: Problems, countries: Sequence[str]) -> list[str]:
    if problems.check_count("allowedCountries", countries, MAX_COUNTRIES):
        return []
    return _sorted(
        [
            problems.check(f"allowedCountries[{index}]", validation.country, country)
            for index, country in enumerate(countries)
        ]
    )


async def load_tenants(owner: Owner = EVERYBODY) -> tuple[RoutedTenant, ...]:
    """All tenants, as the core knows them."""
    return tuple(
        RoutedTenant(
            id=str(row.id),
            name=row.name,
            enabled=row.enabled,
            allowed_classes=frozenset(map(DestinationClass, row.allowed_classes)),
            allowed_countries=frozenset(row.allowed_countries),
            reroute_policy_id=str(row.reroute_policy_id or ""),
        )
        for row in await Tenant.filter(owned_by(owner, "id")).order_by("id")
    )
