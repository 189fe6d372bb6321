"""Normalization profiles: how the numbers of a country are dialled at the far end of a trunk."""

from typing import Unpack

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner
from pointsman.models import NormalizationProfile, Tenant
from pointsman.routing.normalization import Preview, compile_profile, preview_number
from pointsman.routing.normalization_profile import NormalizationProfile as RoutedProfile
from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.routing.number import NumberFormat
from pointsman.services import normalization_fields, validation
from pointsman.services.changes import change, describe
from pointsman.services.normalization_fields import ProfileFields, check_fields, to_routed
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.validation import Problems


async def list_normalization_profiles(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    country: str | None = None,
) -> Page[NormalizationProfile]:
    """Profiles by name, the platform's among them; `tenant_id` keeps those of the tenant."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if country is not None:
        problems = Problems()
        country = problems.check("country", validation.country, country)
        problems.raise_if_any()
        where &= Q(country=country)
    return await list_rows(
        principal, NormalizationProfile, where, order=("name",), first=first, after=after
    )


async def create_normalization_profile(
    principal: Principal, *, tenant_id: object | None = None, **fields: Unpack[ProfileFields]
) -> NormalizationProfile:
    """Make a profile of a tenant, or of the platform for all tenants to use."""
    tenant = None
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    owner_id = tenant.id if tenant else None
    require_owner(principal, owner_id, "create a normalization profile of the platform")
    row = _new_row(tenant, fields)
    async with change(principal) as made:
        await row.save()
        made.created(row, describe(row))
    return row


async def update_normalization_profile(
    principal: Principal, profile_id: object, **fields: Unpack[ProfileFields]
) -> NormalizationProfile:
    """Change the given fields; a list that is given replaces the whole list. What is None, and
    with another country all that is not given, is made what is known of the country."""
    await _check_own(principal, profile_id, "change a normalization profile of the platform")
    async with change(principal) as made:
        row = await get_row(principal, NormalizationProfile, profile_id)
        before = describe(row)
        problems = Problems()
        columns = check_fields(problems, fields, row)
        problems.raise_if_any()
        await save_fields(row, columns)
        await made.updated(row, before, describe(row))
    return row


async def delete_normalization_profile(
    principal: Principal, profile_id: object
) -> NormalizationProfile:
    """Delete a profile; raises Conflict while a trunk uses it."""
    await _check_own(principal, profile_id, "delete a normalization profile of the platform")
    async with change(principal, removes="id") as made:
        row = await get_row(principal, NormalizationProfile, profile_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def preview_normalization(
    principal: Principal,
    rule_set: tuple[NumberDirection, NumberField],
    number: str,
    *,
    number_format: NumberFormat = NumberFormat.LOCAL,
    profile_id: object | None = None,
    profile: ProfileFields | None = None,
) -> Preview:
    """What a profile makes of a number: a stored one, or one that is yet to be made, of which the
    examples need not come out yet."""
    problems = Problems()
    number = problems.check("number", normalization_fields.number, number)
    if (profile_id is None) == (profile is None):
        problems.add("profileId", "there must be one profile", "give either profileId or profile")
    problems.raise_if_any()
    if profile is not None:
        row = _new_row(None, {**profile, "examples": ()})
    else:
        row = await get_row(principal, NormalizationProfile, profile_id, "profileId")
    compiled = compile_profile(to_routed(row))
    return preview_number(rule_set, number, number_format, compiled)


def _new_row(tenant: Tenant | None, fields: ProfileFields) -> NormalizationProfile:
    row = NormalizationProfile(tenant=tenant)
    problems = Problems()
    columns = check_fields(problems, {"name": "", "country": "", **fields}, row)
    problems.raise_if_any()
    return row.update_from_dict(columns)


async def _check_own(principal: Principal, profile_id: object, what: str) -> None:
    row = await get_row(principal, NormalizationProfile, profile_id)
    require_owner(principal, row.tenant_id, what)


async def load_normalization_profiles(owner: Owner = EVERYBODY) -> tuple[RoutedProfile, ...]:
    """All profiles, as the core knows them."""
    return tuple(
        to_routed(row) for row in await NormalizationProfile.filter(owned_by(owner)).order_by("id")
    )
