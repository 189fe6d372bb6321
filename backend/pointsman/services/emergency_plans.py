"""Emergency plans: how a tenant's emergency calls leave, country by country."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, scope
from pointsman.models import EmergencyPlan, EmergencyPlanGroup, RoutingGroup, Tenant
from pointsman.routing.emergency_plan import EmergencyPlan as RoutedPlan
from pointsman.routing.uri import has_control
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.emergency_reach import check_plan_reach
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, read_id, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems, Refused

MAX_NUMBERS = 50
MAX_GROUPS = 20
_NUMBER = re.compile(r"[0-9*#]{2,15}")
# RFC 3986 section 4.3, and nothing that ends the angle brackets it goes into (RFC 6442).
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?@!&()*+,;=%\[\]]+")


async def list_emergency_plans(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    tenant_id: object | None = None,
    country: str = "",
    enabled: bool | None = None,
) -> Page[EmergencyPlan]:
    """Emergency plans by country."""
    where = Q()
    if country.strip():
        problems = Problems()
        where = Q(country=problems.check("country", validation.country, country))
        problems.raise_if_any()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(
        principal, EmergencyPlan, where, order=("country",), first=first, after=after
    )


async def create_emergency_plan(
    principal: Principal,
    *,
    tenant_id: object,
    country: str,
    numbers: Sequence[str],
    calling_number: str,
    routing_group_ids: Sequence[object],
    location: str = "",
    geolocation_uri: str = "",
    enabled: bool = True,
) -> EmergencyPlan:
    """Say how the tenant's emergency calls of a country leave."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    country = problems.check("country", validation.country, country)
    numbers = _check_numbers(problems, numbers)
    calling_number = problems.check("callingNumber", _calling_number, calling_number)
    location = problems.check("location", _location, location)
    geolocation_uri = problems.check("geolocationUri", _geolocation_uri, geolocation_uri)
    async with change(principal) as made:
        groups = await _check_groups(problems, tenant.id, routing_group_ids)
        problems.raise_if_any()
        row = await EmergencyPlan.create(
            tenant=tenant,
            country=country,
            numbers=numbers,
            calling_number=calling_number,
            location=location,
            geolocation_uri=geolocation_uri,
            enabled=enabled,
        )
        await _save_groups(row, groups)
        await check_plan_reach(made.connection, row.id)
        made.created(row, await _describe(row))
    return row


async def update_emergency_plan(
    principal: Principal,
    emergency_plan_id: object,
    *,
    country: str | Unset = UNSET,
    numbers: Sequence[str] | Unset = UNSET,
    calling_number: str | Unset = UNSET,
    routing_group_ids: Sequence[object] | Unset = UNSET,
    location: str | Unset = UNSET,
    geolocation_uri: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
) -> EmergencyPlan:
    """Change the given fields; numbers or groups that are given replace all there are."""
    problems = Problems()
    fields = given(
        country=problems.check_given("country", validation.country, country),
        numbers=numbers if isinstance(numbers, Unset) else _check_numbers(problems, numbers),
        calling_number=problems.check_given("callingNumber", _calling_number, calling_number),
        location=problems.check_given("location", _location, location),
        geolocation_uri=problems.check_given("geolocationUri", _geolocation_uri, geolocation_uri),
        enabled=enabled,
    )
    async with change(principal) as made:
        row = await get_row(principal, EmergencyPlan, emergency_plan_id)
        before = await _describe(row)
        groups = None
        if not isinstance(routing_group_ids, Unset):
            groups = await _check_groups(problems, row.tenant_id, routing_group_ids)
        problems.raise_if_any()
        if groups is not None:
            await _save_groups(row, groups)
        await save_fields(row, fields)
        await check_plan_reach(made.connection, row.id)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_emergency_plan(principal: Principal, emergency_plan_id: object) -> EmergencyPlan:
    """Delete a plan: its numbers are routed as all others from then on."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, EmergencyPlan, emergency_plan_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


def _check_numbers(problems: Problems, numbers: Sequence[str]) -> list[str]:
    """In the order given, each once."""
    if not numbers:
        problems.add("numbers", "there is none", "give at least one, such as 112")
    if problems.check_count("numbers", numbers, MAX_NUMBERS):
        return []
    checked = [
        problems.check(f"numbers[{index}]", _number, number) for index, number in enumerate(numbers)
    ]
    for index, number in enumerate(checked):
        if number in checked[:index]:
            problems.add(f"numbers[{index}]", f"{number} is given twice", "give it once")
    return checked


async def _check_groups(
    problems: Problems, tenant_id: UUID, routing_group_ids: Sequence[object]
) -> list[UUID]:
    """Groups of the tenant, each once."""
    path = "routingGroupIds"
    if not routing_group_ids:
        problems.add(path, "there is none", "give at least one")
    if problems.check_count(path, routing_group_ids, MAX_GROUPS):
        return []
    ids = [read_id(group_id) for group_id in routing_group_ids]
    own = scope(Principal("owner", tenant_id), RoutingGroup)
    found = await RoutingGroup.filter(own, id__in=[key for key in ids if key])
    usable = {row.id for row in found}
    for index, key in enumerate(ids):
        if key not in usable:
            problems.add(
                f"{path}[{index}]",
                f"the tenant has no routing group with the id {routing_group_ids[index]}",
                "use one of its own",
            )
        elif key in ids[:index]:
            problems.add(f"{path}[{index}]", "the group is given twice", "give it once")
    return [key for key in ids if key]


def _number(text: str) -> str:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise Refused(
            f"{text!r} is no number as it is dialled", "use 2 to 15 digits, * or #, such as 112"
        )
    return text


def _calling_number(text: str) -> str:
    if not text.strip():
        raise Refused(
            "emergency services have to know whom to call back",
            "write a number in E.164, such as +390401234567",
        )
    return validation.optional_e164_number(text)


def _location(text: str) -> str:
    text = text.strip()
    if len(text) > 200 or has_control(text):
        raise Refused(
            f"a location of {len(text)} characters",
            "use 200 at most, on one line and without control characters",
        )
    return text


def _geolocation_uri(text: str) -> str:
    text = text.strip()
    if text and (len(text) > 500 or not _URI.fullmatch(text)):
        raise Refused(
            f"{text[:100]!r} is no absolute URI",
            "use one such as https://lis.example.com/held/1 of 500 characters at most, with "
            "everything else than ASCII letters, digits and -._~:/?@!&()*+,;=[] escaped by %",
        )
    return text


async def _save_groups(row: EmergencyPlan, groups: list[UUID]) -> None:
    await EmergencyPlanGroup.filter(emergency_plan=row).delete()
    await EmergencyPlanGroup.bulk_create(
        [
            EmergencyPlanGroup(
                emergency_plan=row, routing_group_id=key, tenant_id=row.tenant_id, position=position
            )
            for position, key in enumerate(groups)
        ]
    )


async def _describe(row: EmergencyPlan) -> dict[str, Any]:
    groups = await EmergencyPlanGroup.filter(emergency_plan=row).order_by("position")
    return describe(
        row, routing_groups=[{"routing_group_id": str(group.routing_group_id)} for group in groups]
    )


async def load_emergency_plans(owner: Owner = EVERYBODY) -> tuple[RoutedPlan, ...]:
    """All emergency plans, as the core knows them."""
    groups = defaultdict(list)
    for group in await EmergencyPlanGroup.filter(
        owned_by(owner, "emergency_plan__tenant_id")
    ).order_by("position"):
        groups[group.emergency_plan_id].append(str(group.routing_group_id))
    return tuple(
        RoutedPlan(
            id=str(row.id),
            tenant_id=str(row.tenant_id),
            country=row.country,
            numbers=tuple(row.numbers),
            calling_number=row.calling_number,
            routing_group_ids=tuple(groups[row.id]),
            location=row.location,
            geolocation_uri=row.geolocation_uri,
            enabled=row.enabled,
        )
        for row in await EmergencyPlan.filter(owned_by(owner)).order_by("id")
    )
