"""Trunks with their sources and endpoints."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Carrier, Tenant, Trunk, TrunkEndpoint, TrunkSource
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import (
    DEFAULT_FR_INV_TIMER_MS,
    DEFAULT_FR_TIMER_MS,
    TrunkKind,
)
from pointsman.routing.trunk import Endpoint as RoutedEndpoint
from pointsman.routing.trunk import Trunk as RoutedTrunk
from pointsman.services import validation
from pointsman.services.changes import OWNER, change, describe
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.trunk_parts import (
    EndpointInput,
    SourceInput,
    SourceKey,
    check_endpoints,
    check_sources,
    get_owner_id,
    save_endpoints,
    save_sources,
)
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


async def list_trunks(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    kind: TrunkKind | None = None,
    tenant_id: object | None = None,
    carrier_id: object | None = None,
    enabled: bool | None = None,
) -> Page[Trunk]:
    """Trunks by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if kind is not None:
        where &= Q(kind=kind)
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if carrier_id is not None:
        where &= Q(carrier_id=(await get_row(principal, Carrier, carrier_id, "carrierId")).id)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, Trunk, where, order=("name",), first=first, after=after)


async def create_trunk(
    principal: Principal,
    *,
    name: str,
    tenant_id: object | None = None,
    carrier_id: object | None = None,
    enabled: bool = True,
    number_format: NumberFormat = NumberFormat.PLUS_E164,
    from_host: str = "",
    send_asserted_identity: bool = True,
    fr_timer_ms: int = DEFAULT_FR_TIMER_MS,
    fr_inv_timer_ms: int = DEFAULT_FR_INV_TIMER_MS,
    sources: Sequence[SourceInput] = (),
    endpoints: Sequence[EndpointInput] = (),
) -> Trunk:
    """Make a trunk: with `tenant_id` to that tenant's PBX, with `carrier_id` to the carrier."""
    tenant, carrier = await _get_owner(principal, tenant_id, carrier_id)
    problems = Problems()
    name = problems.check("name", validation.name, name)
    from_host = problems.check("fromHost", validation.optional_host, from_host)
    fr_timer_ms = problems.check("frTimerMs", validation.fr_timer_ms, fr_timer_ms)
    fr_inv_timer_ms = problems.check("frInvTimerMs", validation.fr_inv_timer_ms, fr_inv_timer_ms)
    keys = check_sources(problems, sources)
    checked = await check_endpoints(problems, endpoints)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await Trunk.create(
            name=name,
            kind=TrunkKind.PBX if tenant else TrunkKind.CARRIER,
            tenant=tenant,
            carrier=carrier,
            enabled=enabled,
            number_format=number_format,
            from_host=from_host,
            send_asserted_identity=send_asserted_identity,
            fr_timer_ms=fr_timer_ms,
            fr_inv_timer_ms=fr_inv_timer_ms,
        )
        await save_sources(made, row, keys)
        await save_endpoints(row, checked)
        made.created(row, await _describe(row))
    return row


async def update_trunk(
    principal: Principal,
    trunk_id: object,
    *,
    name: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
    number_format: NumberFormat | Unset = UNSET,
    from_host: str | Unset = UNSET,
    send_asserted_identity: bool | Unset = UNSET,
    fr_timer_ms: int | Unset = UNSET,
    fr_inv_timer_ms: int | Unset = UNSET,
    sources: Sequence[SourceInput] | Unset = UNSET,
    endpoints: Sequence[EndpointInput] | Unset = UNSET,
) -> Trunk:
    """Change the given fields; a list that is given replaces the whole list. An endpoint of
    the same host, port and transport keeps its id."""
    await _check_own(principal, trunk_id, "change a trunk of a carrier of the platform")
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        enabled=enabled,
        number_format=number_format,
        from_host=problems.check_given("fromHost", validation.optional_host, from_host),
        send_asserted_identity=send_asserted_identity,
        fr_timer_ms=problems.check_given("frTimerMs", validation.fr_timer_ms, fr_timer_ms),
        fr_inv_timer_ms=problems.check_given(
            "frInvTimerMs", validation.fr_inv_timer_ms, fr_inv_timer_ms
        ),
    )
    keys = None if isinstance(sources, Unset) else check_sources(problems, sources)
    checked = None if isinstance(endpoints, Unset) else await check_endpoints(problems, endpoints)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, Trunk, trunk_id)
        before = await _describe(row)
        await save_fields(row, fields)
        if keys is not None:
            await save_sources(made, row, keys)
        if checked is not None:
            await save_endpoints(row, checked)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_trunk(principal: Principal, trunk_id: object) -> Trunk:
    """Delete a trunk with its sources and endpoints; raises Conflict while it is used."""
    await _check_own(principal, trunk_id, "delete a trunk of a carrier of the platform")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Trunk, trunk_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


async def _get_owner(
    principal: Principal, tenant_id: object | None, carrier_id: object | None
) -> tuple[Tenant | None, Carrier | None]:
    if (tenant_id is None) == (carrier_id is None):
        raise InvalidInput(
            [
                Problem(
                    "tenantId",
                    "a trunk belongs to one tenant or to one carrier",
                    "give tenantId for a trunk to a PBX, or carrierId for one to a carrier",
                )
            ]
        )
    if tenant_id is not None:
        return await get_row(principal, Tenant, tenant_id, "tenantId"), None
    carrier = await get_row(principal, Carrier, carrier_id, "carrierId")
    require_owner(principal, carrier.tenant_id, "create a trunk of a carrier of the platform")
    return None, carrier


async def _check_own(principal: Principal, trunk_id: object, what: str) -> None:
    row = await get_row(principal, Trunk, trunk_id)
    require_owner(principal, await get_owner_id(row), what)


async def _describe(row: Trunk) -> dict[str, Any]:
    """With the owner: a carrier's trunk has no tenant itself."""
    sources = await TrunkSource.filter(trunk=row).order_by(*SourceKey._fields)
    endpoints = await TrunkEndpoint.filter(trunk=row).order_by("priority", "host", "port")
    described = describe(
        row,
        sources=[describe(source) for source in sources],
        endpoints=[describe(endpoint) for endpoint in endpoints],
    )
    owner_id = await get_owner_id(row)
    return {**described, OWNER: str(owner_id) if owner_id else None}


async def load_trunks() -> tuple[RoutedTrunk, ...]:
    """All trunks with their endpoints, as the core knows them."""
    endpoints = defaultdict(list)
    for row in await TrunkEndpoint.all().order_by("id"):
        endpoints[row.trunk_id].append(
            RoutedEndpoint(
                id=str(row.id),
                host=row.host,
                port=row.port,
                transport=row.transport,
                priority=row.priority,
                weight=row.weight,
                enabled=row.enabled,
            )
        )
    return tuple(_routed(row, endpoints[row.id]) for row in await Trunk.all())


def _routed(row: Trunk, endpoints: list[RoutedEndpoint]) -> RoutedTrunk:
    return RoutedTrunk(
        id=str(row.id),
        name=row.name,
        kind=row.kind,
        tenant_id=str(row.tenant_id or ""),
        carrier_id=str(row.carrier_id or ""),
        enabled=row.enabled,
        endpoints=tuple(endpoints),
        number_format=row.number_format,
        from_host=row.from_host,
        send_asserted_identity=row.send_asserted_identity,
        fr_timer_ms=row.fr_timer_ms,
        fr_inv_timer_ms=row.fr_inv_timer_ms,
    )
