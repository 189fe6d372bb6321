"""Counts of calls in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman.calls.call_statistics import (
    StatisticsDimension,
    StatisticsLevel,
    StatisticsResolution,
)
from pointsman.graphql.carrier import Carrier, load_carrier
from pointsman.graphql.context import Info
from pointsman.graphql.inputs import created_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.services.call_statistics import MAX_ROWS, Counted, list_statistics

strawberry.enum(
    StatisticsLevel,
    name="CallStatisticsLevel",
    description="What is counted: CALLS, each call once, with the carrier and the trunk that "
    "answered it; ATTEMPTS, each try at a trunk, which is how good carriers and trunks are.",
)
strawberry.enum(
    StatisticsResolution,
    name="CallStatisticsResolution",
    description="The time that counts are of, in UTC: by when calls started.",
)
strawberry.enum(
    StatisticsDimension,
    name="CallStatisticsDimension",
    description="What counts are told apart by. PREFIX: the country calling code of the called "
    "number. SIP_CODE: the last final response.",
)


@strawberry.type(
    description="Counts of calls, or of tries at trunks, that have in common what they were "
    "grouped by. docs/statistics.md defines each."
)
class CallStatistics:
    """call_statistics.Counted."""

    begins_at: datetime | None = strawberry.field(
        description="When the minute, hour or day began; null when not grouped by TIME."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        description="Whose calls; null when not grouped by TENANT, and for calls of no tenant that "
        "there is."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        description="Null when not grouped by CARRIER, for a trunk without a carrier, and for "
        "carriers that the caller may not see, together."
    )
    trunk_id: strawberry.ID | None = strawberry.field(
        description="Null when not grouped by TRUNK, for calls that nobody answered, and for "
        "trunks that the caller may not see, together."
    )
    prefix: str | None = strawberry.field(
        description="The country calling code, such as +39; empty for a number that is not in "
        "E.164; null when not grouped by PREFIX."
    )
    sip_code: int | None = strawberry.field(
        description="0 for calls without a final response; null when not grouped by SIP_CODE."
    )
    attempts: int = strawberry.field(
        description="How many. A call counts when it is answered, over, or given up as incomplete."
    )
    answered: int = strawberry.field(description="How many of them were answered.")
    asr: float | None = strawberry.field(
        description="Answer seizure ratio (ITU-T E.425): answered / attempts, 0 to 1."
    )
    ner: float | None = strawberry.field(
        description="Network effectiveness ratio (ITU-T E.425), 0 to 1: answered, busy, not "
        "answered or rejected by the user / attempts."
    )
    acd_s: float | None = strawberry.field(
        description="Average call duration in seconds, of the answered ones that are over; null "
        "without any."
    )
    minutes: float = strawberry.field(description="How many minutes they lasted, in all.")
    pdd_median_ms: float | None = strawberry.field(
        description="Median of the post-dial delay in milliseconds, 5 % off at most; null when "
        "nothing rang."
    )
    pdd_p95_ms: float | None = strawberry.field(
        description="What 95 of 100 post-dial delays are no longer than, in milliseconds, 5 % off "
        "at most; null when nothing rang."
    )

    @strawberry.field(description="The tenant of tenantId; null where it is gone.")
    async def tenant(self, info: Info) -> Tenant | None:
        """In one statement for all rows."""
        return await load_tenant(info, _uuid(self.tenant_id))

    @strawberry.field(description="The carrier of carrierId; null where it is gone.")
    async def carrier(self, info: Info) -> Carrier | None:
        """In one statement for all rows."""
        return await load_carrier(info, _uuid(self.carrier_id))

    @strawberry.field(description="The trunk of trunkId; null where it is gone.")
    async def trunk(self, info: Info) -> Trunk | None:
        """In one statement for all rows."""
        return await load_trunk(info, _uuid(self.trunk_id))

    @classmethod
    def of(cls, counted: Counted) -> "CallStatistics":
        """Wrap one."""
        tally = counted.tally
        return cls(
            begins_at=counted.begins_at,
            tenant_id=_id(counted.tenant_id),
            carrier_id=_id(counted.carrier_id),
            trunk_id=_id(counted.trunk_id),
            prefix=counted.prefix,
            sip_code=counted.sip_code,
            attempts=tally.attempts,
            answered=tally.answered,
            asr=tally.asr,
            ner=tally.ner,
            acd_s=tally.acd_s,
            minutes=tally.minutes,
            pdd_median_ms=tally.pdd_median_ms,
            pdd_p95_ms=tally.pdd_p95_ms,
        )


@strawberry.input(description="Which calls to count.")
class CallStatisticsFilter:
    """call_statistics.list_statistics."""

    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this carrier."
    )
    trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this trunk."
    )
    prefix: str | None = strawberry.field(
        default=None, description="Only those to this country calling code, such as +39."
    )


_From = Annotated[
    datetime,
    strawberry.argument(name="from", description="Count what began at this moment or later."),
]
_To = Annotated[
    datetime, strawberry.argument(name="to", description="Count what began before this moment.")
]
_GroupBy = Annotated[
    list[StatisticsDimension],
    strawberry.argument(description="What to tell apart; else all in one."),
]


@strawberry.type
class CallStatisticsQuery:
    """Reading counts of calls."""

    @strawberry.field(
        description="Counts of calls in the order of time, then of what they are grouped by; what "
        f"comes to more than {MAX_ROWS} rows, or goes over more than {MAX_ROWS} minutes, hours or "
        "days, is an error that says what to do. A tenant's token sees its own tenant's."
    )
    async def call_statistics(
        self,
        info: Info,
        *,
        level: StatisticsLevel,
        resolution: StatisticsResolution,
        begin: _From,
        end: _To,
        group_by: _GroupBy,
        filter: CallStatisticsFilter | None = None,
    ) -> list[CallStatistics]:
        """Many."""
        found = await list_statistics(
            info.context.principal,
            level=level,
            resolution=resolution,
            begin=begin,
            end=end,
            group_by=group_by,
            **created_fields(filter or CallStatisticsFilter()),
        )
        return [CallStatistics.of(each) for each in found]


def _id(key: UUID | None) -> strawberry.ID | None:
    return None if key is None else strawberry.ID(str(key))


def _uuid(key: strawberry.ID | None) -> UUID | None:
    return None if key is None else UUID(key)
