"""Domains of tenants."""

from collections.abc import Callable

from tortoise.expressions import Q

from pointsman.auth import Principal, is_within_reach
from pointsman.models import Domain, Tenant
from pointsman.routing.domain import Domain as RoutedDomain
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import (
    DEFAULT_PAGE,
    Page,
    get_reference,
    get_row,
    list_rows,
    save_fields,
)
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_domains(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
) -> Page[Domain]:
    """Domains by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    return await list_rows(principal, Domain, where, order=("name",), first=first, after=after)


async def create_domain(
    principal: Principal, *, tenant_id: object, name: str, pbx_trunk_id: object
) -> Domain:
    """Send calls to a domain to a PBX trunk of its tenant."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    name = problems.check("name", _name(principal), name)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await Domain.create(tenant=tenant, name=name, pbx_trunk_id=_pbx_trunk(pbx_trunk_id))
        made.created(row, describe(row))
    return row


async def update_domain(
    principal: Principal,
    domain_id: object,
    *,
    name: str | Unset = UNSET,
    pbx_trunk_id: object | Unset = UNSET,
) -> Domain:
    """Change the given fields."""
    problems = Problems()
    fields = given(name=problems.check_given("name", _name(principal), name))
    problems.raise_if_any()
    if pbx_trunk_id is not UNSET:
        fields["pbx_trunk_id"] = _pbx_trunk(pbx_trunk_id)
    async with change(principal) as made:
        row = await get_row(principal, Domain, domain_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_domain(principal: Principal, domain_id: object) -> Domain:
    """Delete a domain."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Domain, domain_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


def _name(principal: Principal) -> Callable[[str], str]:
    """What may be a domain: an address only by the platform's say, since calls to the address of
    a Kamailio node would else be that tenant's."""
    return validation.host if is_within_reach(principal, None) else validation.domain


def _pbx_trunk(object_id: object) -> object:
    return get_reference("PBX trunk of the tenant", object_id, "pbxTrunkId")


async def load_domains(owner: Owner = EVERYBODY) -> tuple[RoutedDomain, ...]:
    """All domains, as the core knows them."""
    return tuple(
        RoutedDomain(str(row.id), row.name, str(row.tenant_id), str(row.pbx_trunk_id))
        for row in await Domain.filter(owned_by(owner)).order_by("id")
    )
