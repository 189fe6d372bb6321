"""Calls in the schema: for looking up, never to be changed."""

from datetime import datetime
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.calls.call import CallOutcome, CallState
from pointsman.calls.event import CallEnd
from pointsman.graphql import call_record_field as field
from pointsman.graphql.call_attempt import CallAttempt, optional_id
from pointsman.graphql.call_record_field import Milliseconds
from pointsman.graphql.carrier import Carrier, load_carrier
from pointsman.graphql.config_revision import ConfigRevision, load_config_revision
from pointsman.graphql.connection import After, Edge, First, PageInfo, asks_for, edges_of
from pointsman.graphql.context import Info
from pointsman.graphql.inputs import created_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk import Trunk, load_trunk
from pointsman.services.call_filter import CallFilter
from pointsman.services.call_lookup import (
    MAX_COUNT,
    CallPage,
    find_call_record,
    list_call_records,
)
from pointsman.services.rows import DEFAULT_PAGE, read_id


@strawberry.type(
    description="A call, as its node tells of it. Records are for reading: nothing changes them "
    "but what the node says later of the same call."
)
class CallRecord:
    """models.CallRecord."""

    id: strawberry.ID = strawberry.field(description=field.ID)
    state: CallState = strawberry.field(description=field.STATE)
    outcome: CallOutcome = strawberry.field(description=field.OUTCOME)
    node: str = strawberry.field(description="The name of the Kamailio node that had the call.")
    sip_call_id: str = strawberry.field(description="Its Call-ID on the caller's side.")
    from_tag: str = strawberry.field(description="The caller's tag.")
    to_tag: str = strawberry.field(description="The callee's tag; empty before there is one.")
    tenant_id: strawberry.ID | None = strawberry.field(description=field.TENANT_ID)
    source_trunk_id: strawberry.ID | None = strawberry.field(description=field.SOURCE_TRUNK_ID)
    trunk_id: strawberry.ID | None = strawberry.field(description=field.TRUNK_ID)
    carrier_id: strawberry.ID | None = strawberry.field(description=field.CARRIER_ID)
    endpoint_id: strawberry.ID | None = strawberry.field(description=field.ENDPOINT_ID)
    calling_number: str = strawberry.field(description=field.CALLING_NUMBER)
    called_number: str = strawberry.field(description=field.CALLED_NUMBER)
    started_at: datetime = strawberry.field(description="When its INVITE came, in UTC.")
    answered_at: datetime | None = strawberry.field(description=field.ANSWERED_AT)
    ended_at: datetime | None = strawberry.field(description=field.ENDED_AT)
    duration_ms: Milliseconds | None = strawberry.field(description=field.DURATION_MS)
    pdd_ms: Milliseconds | None = strawberry.field(description=field.PDD_MS)
    clock_went_back: bool = strawberry.field(description=field.CLOCK_WENT_BACK)
    cause: CallEnd | None = strawberry.field(description=field.CAUSE)
    sip_code: int = strawberry.field(description=field.SIP_CODE)
    sip_reason: str = strawberry.field(description="The reason phrase of the end.")
    q850: str = strawberry.field(description=field.Q850)
    code: str = strawberry.field(description=field.CODE)
    match: strawberry.ID | None = strawberry.field(description=field.MATCH)
    decision: str = strawberry.field(description=field.DECISION)
    revision_id: strawberry.ID | None = strawberry.field(description=field.REVISION_ID)
    source_ip: str = strawberry.field(description="The address that it came from.")
    source_port: int = strawberry.field(description="The port that it came from.")
    transport: str = strawberry.field(description="What carried it: udp, tcp, tls.")
    received_ip: str = strawberry.field(description="The node's own address that it came to.")
    received_port: int = strawberry.field(description="The node's own port that it came to.")
    request_uri: str = strawberry.field(description="The Request-URI of its INVITE.")
    from_uri: str = strawberry.field(description="The URI in From of its INVITE.")
    to_uri: str = strawberry.field(description="The URI in To of its INVITE.")
    updated_at: datetime = strawberry.field(description=field.UPDATED_AT)
    key: strawberry.Private[UUID]
    owner_id: strawberry.Private[UUID | None]
    revision_number: strawberry.Private[int | None]

    @strawberry.field(description=field.TENANT)
    async def tenant(self, info: Info) -> Tenant | None:
        """Whose call it is."""
        return await load_tenant(info, self.owner_id)

    @strawberry.field(description=f"The trunk that it came from{field.WHERE_THERE}")
    async def source_trunk(self, info: Info) -> Trunk | None:
        """Who called."""
        return await load_trunk(info, read_id(self.source_trunk_id))

    @strawberry.field(description=f"The trunk that answered it{field.WHERE_THERE}")
    async def trunk(self, info: Info) -> Trunk | None:
        """Who answered."""
        return await load_trunk(info, read_id(self.trunk_id))

    @strawberry.field(description=f"The carrier that answered it{field.WHERE_THERE}")
    async def carrier(self, info: Info) -> Carrier | None:
        """Whose trunk answered."""
        return await load_carrier(info, read_id(self.carrier_id))

    @strawberry.field(description=field.REVISION)
    async def revision(self, info: Info) -> ConfigRevision | None:
        """What decided it."""
        return await load_config_revision(info, self.revision_number)

    @strawberry.field(description="The tries at endpoints, in their order.")
    async def attempts(self, info: Info) -> list[CallAttempt]:
        """In their order."""
        rows = await info.context.loaders.attempts_by_call_record_id.load(self.key)
        return [CallAttempt.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.CallRecord) -> "CallRecord":
        """Wrap a row."""
        return cls(
            **{name: getattr(row, name) for name in field.AS_STORED},
            id=strawberry.ID(str(row.id)),
            tenant_id=optional_id(row.tenant),
            source_trunk_id=optional_id(row.source_trunk),
            trunk_id=optional_id(row.trunk),
            carrier_id=optional_id(row.carrier),
            endpoint_id=optional_id(row.endpoint),
            cause=CallEnd(row.cause) if row.cause else None,
            match=optional_id(row.match),
            revision_id=strawberry.ID(str(row.revision)) if row.revision else None,
            key=row.id,
            owner_id=row.tenant_id,
            revision_number=row.revision,
        )


@strawberry.input(description="Which calls to list: those for which all holds that is given.")
class CallRecordFilter:
    """call_filter.CallFilter."""

    started_from: datetime | None = strawberry.field(
        default=None, description="Only those that started then or later."
    )
    started_to: datetime | None = strawberry.field(
        default=None, description="Only those that started before."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant, which may be no more."
    )
    calling_number: str | None = strawberry.field(
        default=None, description="Only those from this number, as records have it."
    )
    called_number: str | None = strawberry.field(
        default=None, description="Only those to this number, as records have it."
    )
    calling_number_prefix: str | None = strawberry.field(
        default=None, description=f"Only those from numbers that begin so. {field.PREFIX}"
    )
    called_number_prefix: str | None = strawberry.field(
        default=None, description=f"Only those to numbers that begin so. {field.PREFIX}"
    )
    source_trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that came from this trunk, which may be no more."
    )
    trunk_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that this trunk answered, which may be no more."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that this carrier answered, which may be no more."
    )
    outcome: CallOutcome | None = strawberry.field(
        default=None, description="Only those that this became of."
    )
    sip_code: int | None = strawberry.field(
        default=None, description="Only those with this last SIP code; 0 for none."
    )
    sip_call_id: str | None = strawberry.field(
        default=None, description="Only those with this Call-ID on the caller's side."
    )


@strawberry.type(description="A page of calls.")
class CallRecordConnection:
    """A page of call_lookup."""

    edges: list[Edge[CallRecord]] = strawberry.field(description="The calls with their cursors.")
    nodes: list[CallRecord] = strawberry.field(description="The calls.")
    page_info: PageInfo = strawberry.field(description="Where this page ends.")
    total_count: int | None = strawberry.field(
        description="How many calls the whole list has, counted when asked for; null when more "
        f"than {MAX_COUNT:,}."
    )

    @classmethod
    def of(cls, page: CallPage) -> "CallRecordConnection":
        """The service's page, each row wrapped."""
        nodes = [CallRecord.of(row) for row in page.rows]
        return cls(
            edges=edges_of(page.cursors, nodes),
            nodes=nodes,
            page_info=PageInfo.of(page),
            total_count=page.total,
        )


@strawberry.type
class CallRecordQuery:
    """Reading calls."""

    @strawberry.field(description="One call, null when there is none with this id.")
    async def call_record(self, info: Info, id: strawberry.ID) -> CallRecord | None:
        """One."""
        row = await find_call_record(info.context.principal, id)
        return CallRecord.of(row) if row else None

    @strawberry.field(
        description="Calls, the newest first. One condition is found at once, however many calls "
        "there are; with several that are each of many calls, give a range of time."
    )
    async def call_records(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: CallRecordFilter | None = None,
    ) -> CallRecordConnection:
        """Many."""
        asked = CallFilter(**created_fields(filter or CallRecordFilter()))
        count = asks_for(info, "totalCount")
        page = await list_call_records(
            info.context.principal, asked, first=first, after=after, count=count
        )
        return CallRecordConnection.of(page)
