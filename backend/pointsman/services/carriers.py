"""Carriers, and the grants that let tenants use them."""

from collections import defaultdict
from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner, require_platform
from pointsman.errors import Conflict, InvalidInput, NotFound, Problem
from pointsman.models import Carrier, CarrierGrant, NumberListTrunk, ReroutePolicy, Tenant
from pointsman.routing.carrier import Carrier as RoutedCarrier
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, get_usable, list_rows, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_carriers(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    enabled: bool | None = None,
) -> Page[Carrier]:
    """Carriers by name; `tenant_id` keeps those that the tenant may use."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
        where &= Q(id__in=await _granted_to(tenant))
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, Carrier, where, order=("name",), first=first, after=after)


async def create_carrier(
    principal: Principal,
    *,
    name: str,
    tenant_id: object | None = None,
    enabled: bool = True,
    reroute_policy_id: object | None = None,
) -> Carrier:
    """Make a carrier of a tenant, which may use it at once, or of the platform."""
    tenant = None
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    owner_id = tenant.id if tenant else None
    require_owner(principal, owner_id, "create a carrier of the platform")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    problems.raise_if_any()
    policy = await get_usable(
        principal, ReroutePolicy, reroute_policy_id, owner_id, "reroutePolicyId"
    )
    async with change(principal) as made:
        row = await Carrier.create(
            name=name, enabled=enabled, tenant=tenant, reroute_policy_id=policy
        )
        if tenant is not None:
            await CarrierGrant.create(carrier=row, tenant=tenant)
        made.created(row, await _describe(row))
    return row


async def update_carrier(
    principal: Principal,
    carrier_id: object,
    *,
    name: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
    reroute_policy_id: object | None = UNSET,
) -> Carrier:
    """Change the given fields. A disabled carrier gets no calls, and its calls are refused."""
    owner_id = await _check_own(principal, carrier_id, "change a carrier of the platform")
    problems = Problems()
    fields = given(name=problems.check_given("name", validation.name, name), enabled=enabled)
    problems.raise_if_any()
    if reroute_policy_id is not UNSET:
        fields["reroute_policy_id"] = await get_usable(
            principal, ReroutePolicy, reroute_policy_id, owner_id, "reroutePolicyId"
        )
    async with change(principal) as made:
        row = await get_row(principal, Carrier, carrier_id)
        before = await _describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_carrier(principal: Principal, carrier_id: object) -> Carrier:
    """Delete a carrier, with its grants; raises Conflict while it has trunks."""
    await _check_own(principal, carrier_id, "delete a carrier of the platform")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Carrier, carrier_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


async def grant_carrier(principal: Principal, carrier_id: object, tenant_id: object) -> Carrier:
    """Let a tenant use a carrier of the platform."""
    tenant = await _get_granting(principal, carrier_id, tenant_id)
    async with change(principal) as made:
        row = await get_row(principal, Carrier, carrier_id, "carrierId")
        before = await _describe(row)
        await CarrierGrant.create(carrier=row, tenant=tenant)
        await made.updated(row, before, await _describe(row))
    return row


async def revoke_carrier(principal: Principal, carrier_id: object, tenant_id: object) -> Carrier:
    """Take a grant back; raises Conflict while a routing group or a number list of the
    tenant uses the carrier."""
    tenant = await _get_granting(principal, carrier_id, tenant_id)
    async with change(principal, removes="carrierId") as made:
        row = await get_row(principal, Carrier, carrier_id, "carrierId")
        grant = await CarrierGrant.get_or_none(carrier=row, tenant=tenant)
        if grant is None:
            raise NotFound("carrier granted to the tenant", tenant_id, "tenantId")
        if await NumberListTrunk.exists(number_list__tenant=tenant, trunk__carrier=row):
            raise Conflict(
                "carrierId",
                "it is still used by a number list of the tenant: change or delete that first",
            )
        before = await _describe(row)
        await grant.delete()
        await made.updated(row, before, await _describe(row))
    return row


async def _check_own(principal: Principal, carrier_id: object, what: str) -> UUID | None:
    """The owner of a carrier that the principal may write."""
    row = await get_row(principal, Carrier, carrier_id)
    require_owner(principal, row.tenant_id, what)
    return row.tenant_id


async def _get_granting(principal: Principal, carrier_id: object, tenant_id: object) -> Tenant:
    row = await get_row(principal, Carrier, carrier_id, "carrierId")
    require_platform(principal, "grant or revoke a carrier")
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    if row.tenant_id is not None:
        raise InvalidInput(
            [
                Problem(
                    "carrierId",
                    "the carrier belongs to a tenant, which alone may use it",
                    "create a carrier of the platform, without tenantId, to share it",
                )
            ]
        )
    return tenant


async def _granted_to(tenant: Tenant) -> list[object]:
    return list(await CarrierGrant.filter(tenant=tenant).values_list("carrier_id", flat=True))


async def _describe(row: Carrier) -> dict[str, object]:
    grants = await CarrierGrant.filter(carrier=row).order_by("tenant_id").values("tenant_id")
    return describe(row, grants=[{"tenant_id": str(grant["tenant_id"])} for grant in grants])


async def load_carriers() -> tuple[RoutedCarrier, ...]:
    """All carriers with the tenants that may use them, as the core knows them."""
    granted = defaultdict(set)
    for carrier_id, tenant_id in await CarrierGrant.all().values_list("carrier_id", "tenant_id"):
        granted[carrier_id].add(str(tenant_id))
    return tuple(
        RoutedCarrier(
            id=str(row.id),
            name=row.name,
            tenant_ids=frozenset(granted[row.id]),
            enabled=row.enabled,
            reroute_policy_id=str(row.reroute_policy_id or ""),
        )
        for row in await Carrier.all().order_by("id")
    )
