"""What is said of a call's fields in the schema."""

from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from pointsman.calls.call import CallOutcome, CallState
from pointsman.calls.event import CallEnd
from pointsman.services.call_filter import MIN_PREFIX

# Longer than GraphQL's Int holds, where a clock was wrong.
Milliseconds = NewType("Milliseconds", int)
SCALARS: dict[object, ScalarDefinition] = {
    Milliseconds: strawberry.scalar(
        name="Milliseconds",
        description="A whole number of milliseconds, as a number of up to 53 bits.",
        serialize=int,
        parse_value=int,
    )
}

strawberry.enum(
    CallState,
    description="How far a call got: STARTED, it was decided and is being set up; ANSWERED, it "
    "lasts; ENDED; INCOMPLETE, its end never came, and it is older than calls become.",
)
strawberry.enum(
    CallOutcome,
    description="What became of a call: ANSWERED, and over; REJECTED by the platform, `code` says "
    "why; FAILED, nobody took it, `sipCode` says how the last try ended; CANCELLED by the caller "
    "before anybody had taken it; IN_PROGRESS, it rings or lasts; INCOMPLETE, its end never came.",
)
strawberry.enum(
    CallEnd,
    name="CallCause",
    description="How a call ended: REJECTED by the platform, FAILED at all endpoints, CANCELLED by "
    "the caller; and of those that were answered BYE_CALLER and BYE_CALLEE, who hung up; EXPIRED, "
    "it lasted as long as calls may; UNREACHABLE, an end stopped answering; UNKNOWN, nobody said.",
)

# What a row and its object have alike.
AS_STORED = (
    "state", "outcome", "node", "sip_call_id", "from_tag", "to_tag", "calling_number",
    "called_number", "started_at", "answered_at", "ended_at", "duration_ms", "pdd_ms",
    "clock_went_back", "sip_code", "sip_reason", "q850", "code", "decision", "source_ip",
    "source_port", "transport", "received_ip", "received_port", "request_uri", "from_uri",
    "to_uri", "updated_at",
)  # fmt: skip

WHERE_THERE = ", where there still is one within the caller's reach."
ID = "Names the call for good. Ids are in the order of time."
STATE = "How far it got."
OUTCOME = (
    "What became of it. Of a call that is over: ANSWERED when its answer was told, or when it "
    "ended as only answered calls do; else REJECTED, FAILED or CANCELLED by its `cause`. "
    "IN_PROGRESS without an end, until it is INCOMPLETE."
)
TENANT_ID = (
    "The tenant's id, as the node said it; null when it named none, as of a call from nobody that "
    "is known."
)
TENANT = (
    "Whose call it is; null for a call of nobody that was known when it came, which no tenant sees."
)
SOURCE_TRUNK_ID = "The id of the trunk that it came from, which may be no more; null for none."
TRUNK_ID = "The id of the trunk that answered it, which may be no more; null for none."
CARRIER_ID = (
    "The id of the carrier that answered it, which may be no more; null when nobody or a PBX did."
)
ENDPOINT_ID = "The id of the endpoint that answered it, which may be no more; null for none."
CALLING_NUMBER = "Who called, as the router read it: in E.164 with a plus where it is such."
CALLED_NUMBER = "Who was called, as the router read it: in E.164 with a plus where it is such."
ANSWERED_AT = "When a 2xx went to the caller, in UTC; null when none did."
ENDED_AT = "When it was over, in UTC; null without an end."
DURATION_MS = (
    "From the answer to the end: 0 of a call that nobody answered; null without an end, and where "
    "the node's clock was set back."
)
PDD_MS = (
    "The post-dial delay: from the INVITE until it rang anywhere or was answered; null when it did "
    "neither."
)
CLOCK_WENT_BACK = (
    "Whether the node's clock was set back during the call: whoever bills it has to look."
)
CAUSE = "How it ended; null without an end."
SIP_CODE = "The last final SIP code to the caller; 0 while there is none."
Q850 = "The Reason header of the end (RFC 3326), such as Q.850;cause=16; empty without one."
CODE = (
    "What the router decided: what the call matched (DID, DOMAIN, ROUTING_RULE, EMERGENCY), or why "
    "it is rejected, such as NO_ROUTE."
)
MATCH = "The id of the DID, domain, emergency plan or routing rule that it matched."
DECISION = "Names the router's decision in every log."
REVISION_ID = "The number of the configuration's revision that decided it."
REVISION = (
    "The configuration's revision that decided it. A tenant's token sees one that changed "
    "something of the tenant's; else it is null."
)
UPDATED_AT = "When something was last told of it, in UTC."
PREFIX = f"{MIN_PREFIX} characters at least, such as +39; the more, the sooner it is found."
