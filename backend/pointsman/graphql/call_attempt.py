"""The tries of a call, in the schema."""

from datetime import datetime

import strawberry

from pointsman import models
from pointsman.calls.event import AttemptEnd
from pointsman.graphql.carrier import Carrier, load_carrier
from pointsman.graphql.context import Info
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.services.rows import read_id

strawberry.enum(
    AttemptEnd,
    description="How a try ended: ANSWERED; REPLY, a final reply of 300 or more; TIMEOUT, no final "
    "reply in time; TRANSPORT, it could not be sent; CANCELLED, the caller gave up or another leg "
    "was answered.",
)


@strawberry.type(description="One try at one endpoint, for a call.")
class CallAttempt:
    """models.CallAttempt."""

    id: strawberry.ID = strawberry.field(description="Names the try for good.")
    position: int = strawberry.field(description="Its place among the call's tries, from 0.")
    place: int = strawberry.field(
        description="The place of its leg in what the router answered, from 0."
    )
    trunk_id: strawberry.ID | None = strawberry.field(
        description="The id of the trunk, which may be no more."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        description="The id of the trunk's carrier, which may be no more; null for a PBX."
    )
    endpoint_id: strawberry.ID | None = strawberry.field(
        description="The id of the endpoint, which may be no more."
    )
    end: AttemptEnd = strawberry.field(description="How it ended.")
    sip_code: int = strawberry.field(description="The final SIP code; 0 for none.")
    sip_reason: str = strawberry.field(description="The reason phrase that came with it.")
    q850: str = strawberry.field(
        description="The Reason header that came with it (RFC 3326), such as Q.850;cause=16."
    )
    sent_at: datetime | None = strawberry.field(description="When it was sent, in UTC.")
    rang_at: datetime | None = strawberry.field(
        description="When it first rang, in UTC; null when it did not."
    )
    ended_at: datetime | None = strawberry.field(
        description="When its final reply came, or it was given up, in UTC."
    )

    @strawberry.field(description="The trunk, where there still is one within the caller's reach.")
    async def trunk(self, info: Info) -> Trunk | None:
        """Where it was sent."""
        return await load_trunk(info, read_id(self.trunk_id))

    @strawberry.field(
        description="The carrier, where there still is one within the caller's reach."
    )
    async def carrier(self, info: Info) -> Carrier | None:
        """Whose trunk it is."""
        return await load_carrier(info, read_id(self.carrier_id))

    @classmethod
    def of(cls, row: models.CallAttempt) -> "CallAttempt":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            position=row.position,
            place=row.place,
            trunk_id=optional_id(row.trunk),
            carrier_id=optional_id(row.carrier),
            endpoint_id=optional_id(row.endpoint),
            end=row.end,
            sip_code=row.sip_code,
            sip_reason=row.sip_reason,
            q850=row.q850,
            sent_at=row.sent_at,
            rang_at=row.rang_at,
            ended_at=row.ended_at,
        )


def optional_id(text: str) -> strawberry.ID | None:
    """An id as records have it: empty for none."""
    return strawberry.ID(text) if text else None
