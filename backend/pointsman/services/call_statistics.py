"""Counts of calls, for reading: as much of them as the caller may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.models import Model

from pointsman.auth import Principal, scope, tenant_of
from pointsman.calls.call_statistics import (
    StatisticsDimension,
    StatisticsLevel,
    StatisticsResolution,
    Tally,
)
from pointsman.database import transaction
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Carrier, Tenant, Trunk
from pointsman.services.rows import get_row, read_id
from pointsman.services.statistics_statements import SELECT

MAX_ROWS = 10_000
_STEPS = {
    StatisticsResolution.MINUTE: timedelta(minutes=1),
    StatisticsResolution.HOUR: timedelta(hours=1),
    StatisticsResolution.DAY: timedelta(days=1),
}
_FIX = "ask for a shorter time, a coarser resolution, or fewer dimensions in groupBy"


@dataclass(frozen=True, slots=True)
class Counted:
    """A tally, and what it is of: None for what was not asked to be told apart, for what is of
    nobody, and for what the caller may not see."""

    begins_at: datetime | None
    tenant_id: UUID | None
    carrier_id: UUID | None
    trunk_id: UUID | None
    prefix: str | None
    sip_code: int | None
    tally: Tally


async def list_statistics(
    principal: Principal,
    *,
    level: StatisticsLevel,
    resolution: StatisticsResolution,
    begin: datetime,
    end: datetime,
    group_by: Collection[StatisticsDimension],
    tenant_id: object | None = None,
    carrier_id: object | None = None,
    trunk_id: object | None = None,
    prefix: str | None = None,
) -> list[Counted]:
    """What began from `begin` on and before `end`, in the order of time; a moment without a time
    zone is UTC. A tenant's token sees its own tenant's, and only those carriers and trunks by id
    that it sees elsewhere: the counts of others are told together."""
    begin, end = _in_utc(begin), _in_utc(end)
    _check_span(resolution, begin, end)
    owner = await _chosen(principal, Tenant, tenant_id, "tenantId") or tenant_of(principal)
    wanted = [
        owner or None,
        await _chosen(principal, Carrier, carrier_id, "carrierId"),
        await _chosen(principal, Trunk, trunk_id, "trunkId"),
        prefix,
    ]
    seen = [await _seen(principal, Carrier), await _seen(principal, Trunk)]
    given = [level, resolution, begin, end, list(group_by), *wanted, *seen, MAX_ROWS + 1]
    async with transaction() as connection:
        rows = await connection.execute_query_dict(SELECT, given)
    if len(rows) > MAX_ROWS:
        raise InvalidInput([Problem("groupBy", f"more than {MAX_ROWS} rows", _FIX)])
    return [_counted(row) for row in rows]


def _check_span(resolution: StatisticsResolution, begin: datetime, end: datetime) -> None:
    if end <= begin:
        raise InvalidInput([Problem("to", "it is not after from", "give a later moment")])
    if end - begin > MAX_ROWS * _STEPS[resolution]:
        much = f"more than {MAX_ROWS} {resolution.lower()}s"
        raise InvalidInput([Problem("from", much, _FIX)])


async def _chosen(
    principal: Principal, model: type[Model], object_id: object | None, path: str
) -> str | None:
    """The id as records have it; raises NotFound for one that is not within reach."""
    if object_id is None:
        return None
    return str((await get_row(principal, model, object_id, f"filter.{path}")).pk)


async def _seen(principal: Principal, model: type[Model]) -> list[str] | None:
    """The ids that the caller may see of a model, None for all there ever were."""
    if not tenant_of(principal):
        return None
    ids = await model.filter(scope(principal, model)).values_list("id", flat=True)
    return sorted({str(each) for each in ids})


def _counted(row: dict[str, Any]) -> Counted:
    return Counted(
        begins_at=row["begins_at"],
        tenant_id=row["tenant_id"],
        carrier_id=read_id(row["carrier"] or ""),
        trunk_id=read_id(row["trunk"] or ""),
        prefix=row["prefix"],
        sip_code=row["sip_code"],
        tally=Tally(
            row["attempts"],
            row["answered"],
            row["effective"],
            row["timed"],
            row["duration_ms"],
            dict(zip(row["pdd_buckets"], row["pdd_counts"], strict=True)),
        ),
    )


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
