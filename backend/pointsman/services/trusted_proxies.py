"""Trusted proxies: only an administrator of the platform sees and changes them."""

from tortoise.expressions import Q

from pointsman.auth import Principal, require_platform
from pointsman.models import TrustedProxy
from pointsman.routing.trusted_proxy import TrustedProxy as RoutedProxy
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_trusted_proxies(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
) -> Page[TrustedProxy]:
    """Trusted proxies by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    return await list_rows(
        principal, TrustedProxy, where, order=("name",), first=first, after=after
    )


async def create_trusted_proxy(principal: Principal, *, name: str, cidr: str) -> TrustedProxy:
    """Believe the proxies of a network on where the calls that they forward come from."""
    require_platform(principal, "create a trusted proxy")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    network = problems.check("cidr", validation.cidr, cidr)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await TrustedProxy.create(name=name, cidr=network)
        made.created(row, describe(row))
    return row


async def update_trusted_proxy(
    principal: Principal,
    trusted_proxy_id: object,
    *,
    name: str | Unset = UNSET,
    cidr: str | Unset = UNSET,
) -> TrustedProxy:
    """Change the given fields."""
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        cidr=problems.check_given("cidr", validation.cidr, cidr),
    )
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, TrustedProxy, trusted_proxy_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_trusted_proxy(principal: Principal, trusted_proxy_id: object) -> TrustedProxy:
    """Believe a network's proxies no more."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, TrustedProxy, trusted_proxy_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def load_trusted_proxies() -> tuple[RoutedProxy, ...]:
    """All trusted proxies, as the core knows them."""
    return tuple(
        RoutedProxy(str(row.id), row.name, row.cidr)
        for row in await TrustedProxy.all().order_by("id")
    )
