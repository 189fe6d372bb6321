"""Schedules: when routing rules apply."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tortoise.expressions import Q

from pointsman.auth import Principal
from pointsman.models import Schedule, Tenant
from pointsman.routing.schedule import Schedule as RoutedSchedule
from pointsman.routing.schedule import compile_schedule, is_open, next_change
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.rows import (
    DEFAULT_PAGE,
    Page,
    find_row,
    get_row,
    list_rows,
    save_fields,
)
from pointsman.services.schedule_parts import (
    HolidayInput,
    WindowInput,
    check_holidays,
    check_windows,
    routed_holidays,
    routed_windows,
)
from pointsman.services.time_zones import (
    FIRST_MOMENT,
    LAST_MOMENT,
    offsets_of,
    read_time_zone,
)
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems


@dataclass(frozen=True)
class ScheduleState:
    """Whether a schedule is open at a moment, and when that next changes: None if not within
    366 days."""

    at: datetime
    is_open: bool
    next_change_at: datetime | None


async def list_schedules(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
) -> Page[Schedule]:
    """Schedules by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    return await list_rows(principal, Schedule, where, order=("name",), first=first, after=after)


async def create_schedule(
    principal: Principal,
    *,
    tenant_id: object,
    name: str,
    time_zone: str,
    windows: Sequence[WindowInput],
    holidays: Sequence[HolidayInput] = (),
) -> Schedule:
    """Make a schedule of a tenant; without windows it is never open."""
    tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    time_zone = problems.check("timeZone", read_time_zone, time_zone)
    stored_windows = check_windows(problems, windows)
    stored_holidays = check_holidays(problems, holidays)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await Schedule.create(
            tenant=tenant,
            name=name,
            time_zone=time_zone,
            windows=stored_windows,
            holidays=stored_holidays,
        )
        made.created(row, describe(row))
    return row


async def update_schedule(
    principal: Principal,
    schedule_id: object,
    *,
    name: str | Unset = UNSET,
    time_zone: str | Unset = UNSET,
    windows: Sequence[WindowInput] | Unset = UNSET,
    holidays: Sequence[HolidayInput] | Unset = UNSET,
) -> Schedule:
    """Change the given fields; a list that is given replaces the whole list."""
    problems = Problems()
    fields = given(
        name=problems.check_given("name", validation.name, name),
        time_zone=problems.check_given("timeZone", read_time_zone, time_zone),
    )
    if not isinstance(windows, Unset):
        fields["windows"] = check_windows(problems, windows)
    if not isinstance(holidays, Unset):
        fields["holidays"] = check_holidays(problems, holidays)
    problems.raise_if_any()
    async with change(principal) as made:
        row = await get_row(principal, Schedule, schedule_id)
        before = describe(row)
        await save_fields(row, fields)
        await made.updated(row, before, describe(row))
    return row


async def delete_schedule(principal: Principal, schedule_id: object) -> Schedule:
    """Delete a schedule; raises Conflict while a routing rule uses it."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Schedule, schedule_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def find_schedule_state(
    principal: Principal, schedule_id: object, at: datetime | None = None
) -> ScheduleState | None:
    """Whether a schedule is open at a moment, now unless it is given; None when there is no such
    schedule within the caller's scope."""
    moment = datetime.now(UTC) if at is None else _check_moment(at)
    row = await find_row(principal, Schedule, schedule_id)
    if row is None:
        return None
    hours = compile_schedule(_routed(row))
    following = next_change(hours, moment.timestamp())
    return ScheduleState(
        moment,
        is_open(hours, moment.timestamp()),
        None if following is None else datetime.fromtimestamp(following, UTC),
    )


def _check_moment(at: datetime) -> datetime:
    problems = Problems()
    if at.tzinfo is None:
        problems.add(
            "at", "the time says not in which zone", "end it with Z, or with an offset as +01:00"
        )
    elif not FIRST_MOMENT <= at < LAST_MOMENT:
        problems.add(
            "at",
            f"{at.isoformat()} is out of range",
            f"use the years {FIRST_MOMENT.year} to {LAST_MOMENT.year - 1}",
        )
    problems.raise_if_any()
    return at.astimezone(UTC)


async def load_schedules(owner: Owner = EVERYBODY) -> tuple[RoutedSchedule, ...]:
    """All schedules, as the core knows them."""
    return tuple(_routed(row) for row in await Schedule.filter(owned_by(owner)).order_by("id"))


def _routed(row: Schedule) -> RoutedSchedule:
    return RoutedSchedule(
        id=str(row.id),
        name=row.name,
        tenant_id=str(row.tenant_id),
        time_zone=row.time_zone,
        offsets=offsets_of(row.time_zone),
        windows=routed_windows(row.windows),
        holidays=routed_holidays(row.holidays),
    )
