"""DIDs: numbers and ranges of tenants. Which tenant has which number is the platform's say."""

from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, require_platform
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Did, Tenant
from pointsman.routing.did import Did as RoutedDid
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.nesting import load_nesting
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


async def list_dids(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    prefix_starts_with: str = "",
    tenant_id: object | None = None,
    enabled: bool | None = None,
) -> Page[Did]:
    """DIDs by prefix."""
    where = Q(prefix__startswith=prefix_starts_with) if prefix_starts_with else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, Did, where, order=("prefix",), first=first, after=after)


async def create_did(
    principal: Principal,
    *,
    tenant_id: object,
    prefix: str,
    pbx_trunk_id: object | None = None,
    routing_group_id: object | None = None,
    enabled: bool = True,
) -> Did:
    """Give a number or range to a tenant and send its calls to the PBX trunk or group."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    require_platform(principal, "create a DID")
    problems = Problems()
    prefix = problems.check("prefix", validation.e164_prefix, prefix)
    _check_targets(problems, pbx_trunk_id, routing_group_id)
    problems.raise_if_any()
    async with change(principal) as made:
        pbx_trunk, routing_group = await _get_targets(tenant.id, pbx_trunk_id, routing_group_id)
        row = await Did.create(
            tenant=tenant,
            prefix=prefix,
            pbx_trunk_id=pbx_trunk,
            routing_group_id=routing_group,
            enabled=enabled,
        )
        made.created(row, describe(row))
    return row


async def update_did(
    principal: Principal,
    did_id: object,
    *,
    prefix: str | Unset = UNSET,
    pbx_trunk_id: object | Unset | None = UNSET,
    routing_group_id: object | Unset | None = UNSET,
    enabled: bool | Unset = UNSET,
) -> Did:
    """Change the given fields; null clears a target, and exactly one must remain."""
    await get_row(principal, Did, did_id)
    require_platform(principal, "change a DID")
    problems = Problems()
    fields = given(
        prefix=problems.check_given("prefix", validation.e164_prefix, prefix), enabled=enabled
    )
    async with change(principal) as made:
        row = await get_row(principal, Did, did_id)
        before = describe(row)
        pbx_trunk_id = row.pbx_trunk_id if pbx_trunk_id is UNSET else pbx_trunk_id
        group_id = row.routing_group_id if routing_group_id is UNSET else routing_group_id
        _check_targets(problems, pbx_trunk_id, group_id)
        problems.raise_if_any()
        pbx_trunk, routing_group = await _get_targets(row.tenant_id, pbx_trunk_id, group_id)
        targets = {"pbx_trunk_id": pbx_trunk, "routing_group_id": routing_group}
        await save_fields(row, {**fields, **targets})
        await made.updated(row, before, describe(row))
    return row


async def delete_did(principal: Principal, did_id: object) -> Did:
    """Take a number or range from its tenant."""
    await get_row(principal, Did, did_id)
    require_platform(principal, "delete a DID")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Did, did_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


def _check_targets(
    problems: Problems, pbx_trunk_id: object | None, routing_group_id: object | None
) -> None:
    if (pbx_trunk_id is None) == (routing_group_id is None):
        problems.add(
            "pbxTrunkId",
            "a DID leads to one PBX trunk or to one routing group",
            "give either pbxTrunkId or routingGroupId, and null for the other",
        )


async def _get_targets(
    tenant_id: UUID, pbx_trunk_id: object | None, routing_group_id: object | None
) -> tuple[UUID | None, UUID | None]:
    """The ids; raises InvalidInput for a group that leads to a carrier."""
    if routing_group_id is None:
        return get_reference("PBX trunk of the tenant", pbx_trunk_id, "pbxTrunkId"), None
    group_id = get_reference("routing group of the tenant", routing_group_id, "routingGroupId")
    nesting = await load_nesting(tenant_id, [group_id])
    if nesting.carriers_within(group_id):
        raise InvalidInput(
            [
                Problem(
                    "routingGroupId",
                    "the group has a carrier's trunk, itself or in a group within it, and a "
                    "DID's calls never go to a carrier",
                    "use a routing group of PBX trunks only",
                )
            ]
        )
    return None, group_id


async def load_dids() -> tuple[RoutedDid, ...]:
    """All DIDs, as the core knows them."""
    return tuple(
        RoutedDid(
            id=str(row.id),
            prefix=row.prefix,
            tenant_id=str(row.tenant_id),
            pbx_trunk_id=str(row.pbx_trunk_id or ""),
            routing_group_id=str(row.routing_group_id or ""),
            enabled=row.enabled,
        )
        for row in await Did.all()
    )
