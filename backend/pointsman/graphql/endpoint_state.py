"""What Kamailio nodes have found of an endpoint, in the schema."""

from datetime import datetime

import strawberry

from pointsman import models
from pointsman.routing.health import EndpointHealth as HealthState
from pointsman.services.node_reports import TOLD_FOR, counts_still

strawberry.enum(
    HealthState,
    name="HealthState",
    description="What a Kamailio node has found of an endpoint: UP, it answers; DOWN, it does not, "
    "and the calls of that node skip it; UNKNOWN, it is not found out yet, or was not told for "
    f"{TOLD_FOR.total_seconds():g} seconds.",
)


@strawberry.type(description="What one Kamailio node has found of an endpoint by probing it.")
class EndpointHealth:
    """models.EndpointState."""

    node: str = strawberry.field(description="The name of the Kamailio node that probes it.")
    state: HealthState = strawberry.field(description="Whether it answers.")
    since: datetime = strawberry.field(description="Since when it is so.")
    reply_code: int = strawberry.field(
        description="The SIP code of the last reply to a probe: 408 when none came, 0 before the "
        "first probe has ended."
    )
    reply_reason: str = strawberry.field(description="The reason phrase of that reply.")
    probed_at: datetime | None = strawberry.field(
        description="When the last probe ended; null before the first one has."
    )
    note: str = strawberry.field(
        description="Why the state is not what the probes alone say, such as that calls are "
        "answered; else empty."
    )
    confirmed_at: datetime = strawberry.field(description="When the node last said so.")

    @classmethod
    def of(cls, row: models.EndpointState) -> "EndpointHealth":
        """Wrap a row."""
        is_told = counts_still(row.confirmed_at)
        return cls(
            node=row.node.name,
            state=row.state if is_told else HealthState.UNKNOWN,
            since=row.since,
            reply_code=row.reply_code,
            reply_reason=row.reply_reason,
            probed_at=row.probed_at,
            note=row.note,
            confirmed_at=row.confirmed_at,
        )
