"""The configuration's revision and the records of its changes, for reading."""

from tortoise.expressions import Q

from pointsman.auth import Principal, scope
from pointsman.models import ChangeRecord, ConfigRevision
from pointsman.services.rows import DEFAULT_PAGE, Page, get_reference, list_rows


async def get_current_revision() -> ConfigRevision:
    """The newest revision."""
    return await _first_by("-id")


async def get_revision_number(number: int) -> ConfigRevision | None:
    """The revision of this number, None when there is none."""
    return await ConfigRevision.get_or_none(id=number)


async def changes_since(revision: int) -> list[ChangeRecord]:
    """What changed after a revision, the oldest first."""
    return await ChangeRecord.filter(revision_id__gt=revision).order_by("id")


async def count_since(revision: int) -> int:
    """How many revisions came after one."""
    return await ConfigRevision.filter(id__gt=revision).count()


async def get_revision(principal: Principal) -> ConfigRevision:
    """The newest revision that changed something within the caller's reach; without one, the
    first there was."""
    of_caller = ChangeRecord.filter(scope(principal, ChangeRecord))
    newest = await of_caller.order_by("-revision_id").first().select_related("revision")
    return await _first_by("id") if newest is None else newest.revision


async def _first_by(order: str) -> ConfigRevision:
    found = await ConfigRevision.all().order_by(order).first()
    if found is None:
        raise LookupError("there is no revision, though the first migration makes one")
    return found


async def list_change_records(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    revision: int | None = None,
    object_id: object | None = None,
) -> Page[ChangeRecord]:
    """Change records with their revisions, the oldest first."""
    where = Q()
    if revision is not None:
        where &= Q(revision_id=revision)
    if object_id is not None:
        where &= Q(object_id=get_reference("object", object_id, "objectId"))
    page = await list_rows(principal, ChangeRecord, where, order=(), first=first, after=after)
    await ChangeRecord.fetch_for_list(page.rows, "revision")
    return page
