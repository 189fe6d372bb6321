"""Schedules in the schema, with their windows and holidays."""

import datetime as dt
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.routing.schedule import Weekday
from pointsman.services import schedules
from pointsman.services.rows import DEFAULT_PAGE, find_row
from pointsman.services.schedule_parts import (
    MAX_HOLIDAYS,
    MAX_WINDOWS,
    read_holidays,
    read_windows,
)

strawberry.enum(Weekday, description="A day of the week.")

_NAME = "Unique among the tenant's, 1 to 100 characters."
_TIME_ZONE = "A name of the IANA time zone database, such as Europe/Rome."
_WINDOWS = (
    f"When it is open, {MAX_WINDOWS} windows at most; those that overlap add up. Without any it "
    "is never open. They are what a clock on the wall shows: in an hour that a change of the "
    "clocks skips nothing opens, in one that it repeats a window opens twice."
)
_HOLIDAYS = (
    f"Days, {MAX_HOLIDAYS} at most, on which no window begins; one that began the evening before "
    "ends at its own time. To have that closed at midnight, write it as two windows."
)
_DAYS = "The days on which it begins, at least one."
_START = "The local time at which it opens, 00:00 to 23:59."
_END = (
    "The local time at which it closes, 00:00 to 24:00; at or before `start` it is that of the "
    "next day, so that 22:00 to 06:00 is a night, and 09:00 to 09:00 a whole day."
)
_DATE = "The local day, of the years 2000 to 2099."
_HOLIDAY_NAME = "What people call it, at most 100 characters; may be empty."


@strawberry.type(description="A weekly window.")
class Window:
    """schedule_parts.OpenWindow."""

    days: list[Weekday] = strawberry.field(description=_DAYS)
    start: str = strawberry.field(description=_START)
    end: str = strawberry.field(description=_END)


@strawberry.type(description="A day on which no window begins.")
class Holiday:
    """schedule_parts.Holiday."""

    date: dt.date = strawberry.field(description=_DATE)
    name: str = strawberry.field(description=_HOLIDAY_NAME)


@strawberry.type(
    description="Weekly windows and holidays in a time zone. Routing rules apply while one is "
    "open, or while it is closed."
)
class Schedule:
    """models.Schedule."""

    id: strawberry.ID = strawberry.field(description="Names the schedule for good.")
    name: str = strawberry.field(description=_NAME)
    time_zone: str = strawberry.field(description=_TIME_ZONE)
    windows: list[Window] = strawberry.field(description=_WINDOWS)
    holidays: list[Holiday] = strawberry.field(description=_HOLIDAYS)
    created_at: dt.datetime = strawberry.field(description="When it was made.")
    updated_at: dt.datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose schedule it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @classmethod
    def of(cls, row: models.Schedule) -> "Schedule":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            time_zone=row.time_zone,
            windows=[
                Window(days=list(window.days), start=window.start, end=window.end)
                for window in read_windows(row.windows)
            ],
            holidays=[
                Holiday(date=holiday.date, name=holiday.name)
                for holiday in read_holidays(row.holidays)
            ],
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


@strawberry.type(description="Whether a schedule is open at a moment.")
class ScheduleState:
    """schedules.ScheduleState."""

    at: dt.datetime = strawberry.field(description="The moment.")
    is_open: bool = strawberry.field(description="Whether it is open then.")
    next_change_at: dt.datetime | None = strawberry.field(
        description="When it next opens or closes; null if not within 366 days."
    )

    @classmethod
    def of(cls, state: schedules.ScheduleState) -> "ScheduleState":
        """Wrap a state."""
        return cls(at=state.at, is_open=state.is_open, next_change_at=state.next_change_at)


async def load_schedule(info: Info, schedule_id: UUID | None) -> Schedule | None:
    """The schedule that a row refers to, in one statement for a whole list."""
    if schedule_id is None:
        return None
    row = await info.context.loaders.schedule_by_id.load(schedule_id)
    return Schedule.of(row) if row else None


@strawberry.input(description="A weekly window.")
class WindowInput:
    """schedule_parts.WindowInput."""

    days: list[Weekday] = strawberry.field(description=_DAYS)
    start: str = strawberry.field(description=_START)
    end: str = strawberry.field(description=_END)


@strawberry.input(description="A day on which no window begins.")
class HolidayInput:
    """schedule_parts.HolidayInput."""

    date: dt.date = strawberry.field(description=_DATE)
    name: str = strawberry.field(default="", description=_HOLIDAY_NAME)


@strawberry.input(description="A schedule to make.")
class CreateScheduleInput:
    """schedules.create_schedule."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose schedule it is.")
    name: str = strawberry.field(description=_NAME)
    time_zone: str = strawberry.field(description=_TIME_ZONE)
    windows: list[WindowInput] = strawberry.field(description=_WINDOWS)
    holidays: list[HolidayInput] = strawberry.field(default_factory=list, description=_HOLIDAYS)


@strawberry.input(
    description="What to change of a schedule; what is absent stays as it is, and a list that is "
    "given replaces the whole list."
)
class UpdateScheduleInput:
    """schedules.update_schedule."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    time_zone: strawberry.Maybe[str | None] = strawberry.field(description=_TIME_ZONE)
    windows: strawberry.Maybe[list[WindowInput] | None] = strawberry.field(description=_WINDOWS)
    holidays: strawberry.Maybe[list[HolidayInput] | None] = strawberry.field(description=_HOLIDAYS)


@strawberry.input(description="Which schedules to list.")
class ScheduleFilter:
    """schedules.list_schedules."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )


ScheduleResult = Annotated[
    Schedule | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("ScheduleResult", description="The schedule, or why nothing was changed."),
]
At = Annotated[
    dt.datetime | None,
    strawberry.argument(
        description="The moment, with its offset from UTC, of the years 2000 to 2099; now when "
        "not said."
    ),
]


@strawberry.type
class ScheduleQuery:
    """Reading schedules."""

    @strawberry.field(description="One schedule, null when there is none with this id.")
    async def schedule(self, info: Info, id: strawberry.ID) -> Schedule | None:
        """One."""
        row = await find_row(info.context.principal, models.Schedule, id)
        return Schedule.of(row) if row else None

    @strawberry.field(description="Schedules by name.")
    async def schedules(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: ScheduleFilter | None = None,
    ) -> Connection[Schedule]:
        """Many."""
        page = await schedules.list_schedules(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or ScheduleFilter()),
        )
        return Connection.of(page, Schedule.of)

    @strawberry.field(
        description="Whether a schedule is open, null when there is none with this id."
    )
    async def schedule_is_open(
        self, info: Info, id: strawberry.ID, at: At = None
    ) -> ScheduleState | None:
        """Asked of the core, as calls ask it."""
        state = await schedules.find_schedule_state(info.context.principal, id, at)
        return ScheduleState.of(state) if state else None


@strawberry.type
class ScheduleMutation:
    """Changing schedules."""

    @strawberry.mutation(description="Make a schedule.")
    async def create_schedule(self, info: Info, input: CreateScheduleInput) -> ScheduleResult:
        """Create."""
        row = await schedules.create_schedule(info.context.principal, **created_fields(input))
        return Schedule.of(row)

    @strawberry.mutation(description="Change a schedule.")
    async def update_schedule(
        self, info: Info, id: strawberry.ID, input: UpdateScheduleInput
    ) -> ScheduleResult:
        """Update."""
        row = await schedules.update_schedule(info.context.principal, id, **updated_fields(input))
        return Schedule.of(row)

    @strawberry.mutation(description="Delete a schedule; refused while a routing rule uses it.")
    async def delete_schedule(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await schedules.delete_schedule(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
