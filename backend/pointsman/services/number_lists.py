"""Number lists: numbers that a tenant's calls, or those of a trunk, have nothing to do with, or
nothing but."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner, scope
from pointsman.models import NumberList, NumberListTrunk, Tenant, Trunk
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_list import ListKind
from pointsman.routing.number_list import NumberList as RoutedList
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, read_id, save_fields
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems

MAX_PREFIXES = 10_000
MAX_TRUNKS = 100


async def list_number_lists(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    trunk_id: object | None = None,
    kind: ListKind | None = None,
    field: NumberField | None = None,
    enabled: bool | None = None,
) -> Page[NumberList]:
    """Number lists by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if trunk_id is not None:
        where &= Q(id__in=await _lists_of(await get_row(principal, Trunk, trunk_id, "trunkId")))
    if kind is not None:
        where &= Q(kind=kind)
    if field is not None:
        where &= Q(field=field)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, NumberList, where, order=("name",), first=first, after=after)


async def create_number_list(
    principal: Principal,
    *,
    name: str,
    kind: ListKind,
    field: NumberField,
    tenant_id: object | None = None,
    prefixes: Sequence[str] = (),
    anonymous: bool = False,
    trunk_ids: Sequence[object] = (),
    enabled: bool = True,
) -> NumberList:
    """Make a list of a tenant, for calls from these trunks or for all its calls, or one of the
    platform, for all calls from these trunks."""
    owner_id = None
    if tenant_id is not None:
        owner_id = (await get_row(principal, Tenant, tenant_id, "tenantId")).id
    require_owner(principal, owner_id, "create a number list of the platform")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    stored = _check_prefixes(problems, prefixes)
    async with change(principal) as made:
        row = NumberList(
            name=name, tenant_id=owner_id, kind=kind, field=field, prefixes=stored,
            anonymous=anonymous, enabled=enabled,
        )  # fmt: skip
        trunks = await _check_trunks(problems, owner_id, trunk_ids)
        _check_whole(problems, row)
        await row.save()
        await _save_trunks(row, trunks)
        made.created(row, await _describe(row))
    return row


async def update_number_list(
    principal: Principal,
    number_list_id: object,
    *,
    name: str | Unset = UNSET,
    kind: ListKind | Unset = UNSET,
    field: NumberField | Unset = UNSET,
    prefixes: Sequence[str] | Unset = UNSET,
    anonymous: bool | Unset = UNSET,
    trunk_ids: Sequence[object] | Unset = UNSET,
    enabled: bool | Unset = UNSET,
) -> NumberList:
    """Change the given fields; prefixes or trunks that are given replace all there are."""
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        kind=kind,
        field=field,
        prefixes=prefixes
        if isinstance(prefixes, Unset)
        else _check_prefixes(problems, prefixes),
        anonymous=anonymous,
        enabled=enabled,
    )  # fmt: skip
    async with change(principal) as made:
        row = await get_row(principal, NumberList, number_list_id)
        before = await _describe(row)
        trunks = None
        if not isinstance(trunk_ids, Unset):
            trunks = await _check_trunks(problems, row.tenant_id, trunk_ids)
        _check_whole(problems, row, fields)
        await save_fields(row, fields)
        if trunks is not None:
            await _save_trunks(row, trunks)
        await made.updated(row, before, await _describe(row))
    return row


async def delete_number_list(principal: Principal, number_list_id: object) -> NumberList:
    """Delete a list."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, NumberList, number_list_id)
        before = await _describe(row)
        await row.delete()
        made.deleted(row, before)
    return row


def _check_prefixes(problems: Problems, prefixes: Sequence[str]) -> list[str]:
    """Each prefix once, sorted."""
    if problems.check_count("prefixes", prefixes, MAX_PREFIXES):
        return []
    return sorted(
        {
            problems.check(f"prefixes[{index}]", validation.dial_prefix, prefix)
            for index, prefix in enumerate(prefixes)
        }
    )


async def _check_trunks(
    problems: Problems, owner_id: UUID | None, trunk_ids: Sequence[object]
) -> list[UUID]:
    """Trunks that a list of this owner may be for: a tenant's own and those of carriers granted
    to it; for the platform's those of its own carriers."""
    if owner_id is None and not trunk_ids:
        problems.add("trunkIds", "a list of the platform is for trunks", "give at least one")
    if problems.check_count("trunkIds", trunk_ids, MAX_TRUNKS):
        return []
    if owner_id is None:
        reach = Q(carrier_id__isnull=False, carrier__tenant_id=None)
        fix = "use a trunk of a carrier of the platform"
    else:
        reach = scope(Principal("owner", owner_id), Trunk)
        fix = "use a PBX trunk of the tenant, or one of a carrier granted to it"
    ids = [read_id(trunk_id) for trunk_id in trunk_ids]
    usable = {row.id for row in await Trunk.filter(reach, id__in=[key for key in ids if key])}
    for index, key in enumerate(ids):
        path = f"trunkIds[{index}]"
        if key not in usable:
            problems.add(path, f"its owner has no trunk with the id {trunk_ids[index]}", fix)
        elif key in ids[:index]:
            problems.add(path, "the trunk is given twice", "give it once")
    return [key for key in ids if key]


def _check_whole(
    problems: Problems, row: NumberList, changed: Mapping[str, Any] | None = None
) -> None:
    """What no field says by itself, of a list with these columns changed; raises InvalidInput
    with every problem that is noted by now."""

    def will_be(name: str) -> Any:
        return (changed or {}).get(name, getattr(row, name))

    if will_be("anonymous") and will_be("field") is NumberField.CALLED:
        problems.add(
            "anonymous", "nobody is called anonymously", "use it in a list of calling numbers"
        )
    is_empty = not will_be("prefixes") and not will_be("anonymous")
    if is_empty and will_be("kind") is ListKind.ALLOW and not problems.found:
        problems.add(
            "prefixes",
            "an ALLOW list with nothing on it refuses every call",
            'give prefixes, or block with the kind BLOCK and the prefix ""',
        )
    problems.raise_if_any()


async def _save_trunks(row: NumberList, trunk_ids: list[UUID]) -> None:
    await NumberListTrunk.filter(number_list=row).exclude(trunk_id__in=trunk_ids).delete()
    present = await NumberListTrunk.filter(number_list=row).values_list("trunk_id", flat=True)
    await NumberListTrunk.bulk_create(
        [NumberListTrunk(number_list=row, trunk_id=key) for key in trunk_ids if key not in present]
    )


async def _lists_of(trunk: Trunk) -> list[object]:
    return list(await NumberListTrunk.filter(trunk=trunk).values_list("number_list_id", flat=True))


async def _describe(row: NumberList) -> dict[str, Any]:
    trunks = await NumberListTrunk.filter(number_list=row).order_by("trunk_id")
    return describe(row, trunks=[{"trunk_id": str(trunk.trunk_id)} for trunk in trunks])


async def load_number_lists(owner: Owner = EVERYBODY) -> tuple[RoutedList, ...]:
    """All number lists, as the core knows them."""
    trunk_ids = defaultdict(list)
    for trunk in await NumberListTrunk.filter(owned_by(owner, "number_list__tenant_id")).order_by(
        "trunk_id"
    ):
        trunk_ids[trunk.number_list_id].append(str(trunk.trunk_id))
    return tuple(
        RoutedList(
            id=str(row.id),
            name=row.name,
            tenant_id=str(row.tenant_id or ""),
            kind=row.kind,
            field=row.field,
            prefixes=tuple(row.prefixes),
            anonymous=row.anonymous,
            trunk_ids=tuple(trunk_ids[row.id]),
            enabled=row.enabled,
        )
        for row in await NumberList.filter(owned_by(owner)).order_by("id")
    )
