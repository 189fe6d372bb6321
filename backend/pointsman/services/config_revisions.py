"""The configuration's revision and the records of its changes, for reading."""

from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.models import ChangeRecord, ConfigRevision
from pointsman.services.rows import DEFAULT_PAGE, Page, list_rows


async def get_current_revision() -> ConfigRevision:
    """The newest revision; there is one since the migration."""
    newest = await ConfigRevision.all().order_by("-id").first()
    if newest is None:
        raise LookupError("there is no revision, though the first migration makes one")
    return newest


async def list_change_records(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    revision: int | None = None,
    object_id: UUID | None = None,
) -> Page[ChangeRecord]:
    """Change records with their revisions, the oldest first."""
    where = Q()
    if revision is not None:
        where &= Q(revision_id=revision)
    if object_id is not None:
        where &= Q(object_id=object_id)
    page = await list_rows(principal, ChangeRecord, where, order=(), first=first, after=after)
    await ChangeRecord.fetch_for_list(page.rows, "revision")
    return page
