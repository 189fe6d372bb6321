"""Trunks with their sources and endpoints."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple, Unpack

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Carrier, Tenant, Trunk, TrunkEndpoint, TrunkSource
from pointsman.routing.registration import Registration
from pointsman.routing.sealed_trunk import SealedTrunk, open_trunk
from pointsman.routing.trunk import Endpoint as RoutedEndpoint
from pointsman.routing.trunk import ExtraHeader, TrunkKind
from pointsman.routing.trunk import Trunk as RoutedTrunk
from pointsman.services.changes import OWNER, Change, change, describe
from pointsman.services.kamailio_nodes import load_kamailio_nodes
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.secrets import NO_KEYS, Secrets
from pointsman.services.trunk_credentials import (
    check_credentials,
    check_realm,
    seal_of,
)
from pointsman.services.trunk_fields import (
    TrunkFields,
    check_fields,
    check_together,
    get_references,
)
from pointsman.services.trunk_parts import (
    Endpoint,
    EndpointInput,
    SourceInput,
    SourceKey,
    check_endpoints,
    check_sources,
    get_owner_id,
    save_endpoints,
    save_sources,
)
from pointsman.services.trunk_registration import check_needs, check_registration
from pointsman.services.unset import UNSET, Unset
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
    tenant_id: object | None = None,
    carrier_id: object | None = None,
    sources: Sequence[SourceInput] = (),
    endpoints: Sequence[EndpointInput] = (),
    secrets: Secrets = NO_KEYS,
    **fields: Unpack[TrunkFields],
) -> Trunk:
    """Make a trunk: with `tenant_id` to that tenant's PBX, with `carrier_id` to the carrier."""
    tenant, carrier = await _get_owner(principal, tenant_id, carrier_id)
    kind = TrunkKind.PBX if tenant else TrunkKind.CARRIER
    fields = {"name": "", "trusted": None, **fields}
    async with change(principal) as made:
        row = Trunk(kind=kind, tenant=tenant, carrier=carrier)
        checked = await _check(made, row, fields, secrets, sources=sources, endpoints=endpoints)
        row.update_from_dict(checked.columns)
        await row.save()
        await _save_parts(made, row, checked)
        made.created(row, await _describe(row))
    return row


async def update_trunk(
    principal: Principal,
    trunk_id: object,
    *,
    sources: Sequence[SourceInput] | Unset = UNSET,
    endpoints: Sequence[EndpointInput] | Unset = UNSET,
    secrets: Secrets = NO_KEYS,
    **fields: Unpack[TrunkFields],
) -> Trunk:
    """Change the given fields; a list that is given replaces the whole list. An endpoint of
    the same host, port and transport keeps its id."""
    await _check_own(principal, trunk_id, "change a trunk of a carrier of the platform")
    async with change(principal) as made:
        row = await get_row(principal, Trunk, trunk_id)
        before = await _describe(row)
        checked = await _check(made, row, fields, secrets, sources=sources, endpoints=endpoints)
        await save_fields(row, checked.columns)
        await _save_parts(made, row, checked)
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


class _Checked(NamedTuple):
    """What is written of a trunk; a part that is None stays."""

    columns: dict[str, Any]
    sources: list[SourceKey] | None
    endpoints: list[Endpoint] | None


async def _check(
    made: Change,
    row: Trunk,
    fields: TrunkFields,
    secrets: Secrets,
    *,
    sources: Sequence[SourceInput] | Unset,
    endpoints: Sequence[EndpointInput] | Unset,
) -> _Checked:
    """What is given for a trunk, new or as it stands; raises InvalidInput with every problem."""
    problems = Problems()
    owner_id = await get_owner_id(row)
    names_addresses = (
        not isinstance(endpoints, Unset) or fields.get("socket") or fields.get("registration")
    )
    nodes = await load_kamailio_nodes() if names_addresses else ()
    checked = _Checked(
        {
            **check_fields(problems, fields, row.kind),
            **check_credentials(problems, row, fields, secrets),
            **await get_references(made.principal, fields, owner_id),
        },
        None if isinstance(sources, Unset) else check_sources(problems, sources),
        None if isinstance(endpoints, Unset) else check_endpoints(problems, endpoints, nodes),
    )
    if "registration" in fields:
        given = fields["registration"]
        column = check_registration(problems, made.principal, row, given, nodes)
        checked.columns.update(column)
    await check_needs(problems, row, checked.columns, checked.endpoints)
    check_together(problems, made.principal, row, checked.columns, nodes)
    realm = checked.columns.get("digest_realm", "")
    if realm not in ("", row.digest_realm):
        await check_realm(problems, made.principal, owner_id, realm)
    problems.raise_if_any()
    return checked


async def _save_parts(made: Change, row: Trunk, checked: _Checked) -> None:
    if checked.sources is not None:
        await save_sources(made, row, checked.sources)
    if checked.endpoints is not None:
        await save_endpoints(row, checked.endpoints)


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


async def load_trunks(secrets: Secrets = NO_KEYS) -> tuple[RoutedTrunk, ...]:
    """All trunks with their endpoints, as the core knows them. One with a secret that no key
    opens is without that credential, and says so."""
    trunks, sealed = await load_sealed_trunks()
    by_id = {each.trunk_id: each for each in sealed}
    return tuple(
        open_trunk(trunk, by_id[trunk.id], secrets.unseal) if trunk.id in by_id else trunk
        for trunk in trunks
    )


async def load_sealed_trunks(
    owner: Owner = EVERYBODY,
) -> tuple[tuple[RoutedTrunk, ...], tuple[SealedTrunk, ...]]:
    """The trunks of an owner with their endpoints, without their credentials, and these."""
    endpoints = defaultdict(list)
    for row in await TrunkEndpoint.filter(owned_by(owner, "trunk__tenant_id")).order_by("id"):
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
    rows = await Trunk.filter(owned_by(owner)).order_by("id")
    return (
        tuple(_routed(row, endpoints[row.id]) for row in rows),
        tuple(seal_of(row) for row in rows if row.outbound_password or row.digest_ha1),
    )


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
        draining=row.draining,
        normalization_profile_id=str(row.normalization_profile_id or ""),
        tech_prefix=row.tech_prefix,
        caller_id_policy=row.caller_id_policy,
        caller_id_number=row.caller_id_number,
        send_preferred_identity=row.send_preferred_identity,
        send_remote_party_id=row.send_remote_party_id,
        trusted=row.trusted,
        diversion_policy=row.diversion_policy,
        extra_headers=tuple(ExtraHeader(**header) for header in row.extra_headers),
        socket=row.socket,
        reroute_policy_id=str(row.reroute_policy_id or ""),
        registration=None if row.registration is None else Registration(**row.registration),
        probing=row.probing,
    )
