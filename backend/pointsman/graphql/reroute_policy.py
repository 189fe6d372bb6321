"""Reroute policies in the schema."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.routing.reroute_policy import RerouteAction, ReroutePhase
from pointsman.services import reroute_policies
from pointsman.services.reroute_policies import MAX_RULES
from pointsman.services.rows import DEFAULT_PAGE, find_row

strawberry.enum(
    RerouteAction,
    description="What happens then. STOP: the caller gets the answer. NEXT: the next leg is "
    "tried. NEXT_CARRIER: the next leg of another carrier (for a PBX, of another trunk). REWRITE: "
    "the caller gets another answer. Where no leg is left the caller gets the answer.",
)
strawberry.enum(
    ReroutePhase,
    description="When the leg fails: before the far end has rung (180), after, or ANY. Who "
    "reports other progress (181 to 189) and is then silent until the timer ends is taken to have "
    "rung.",
)

_NAME = "Unique among its owner's, 1 to 100 characters."
_RULES = (
    f"At most {MAX_RULES}, one for each cause and phase; their order has no meaning. A rule for a "
    "code goes before one for its class, one for a phase before one for ANY. What no rule says, "
    "the default says: before ringing NEXT on 408, 5xx, TIMEOUT and TRANSPORT, STOP on anything "
    "else; STOP on everything after ringing. The default for a code ends where a rule for its "
    "class begins. Each leg carries its rules to Kamailio: the shorter they are, the more legs "
    "find room."
)
_CAUSE = (
    "A SIP code from 300 to 699, a class of them (3xx to 6xx), TIMEOUT (no final answer in time; "
    "a 408 of the far end is 408) or TRANSPORT (could not be sent; also 477 and 478 of a Kamailio "
    "behind the trunk, unless a rule names them)."
)
_ACTION = "What happens. A 6xx goes on (NEXT, NEXT_CARRIER) before ringing only."
_SIP_CODE = "What REWRITE answers: 400 to 699 but 401 and 407; null for the other actions."
_SIP_REASON = "Its reason phrase, 1 to 64 characters; empty for the other actions."


@strawberry.type(description="What happens when a leg fails for one cause.")
class RerouteRule:
    """An object of models.ReroutePolicy.rules."""

    cause: str = strawberry.field(description=_CAUSE)
    phase: ReroutePhase = strawberry.field(description="When the leg fails.")
    action: RerouteAction = strawberry.field(description=_ACTION)
    sip_code: int | None = strawberry.field(description=_SIP_CODE)
    sip_reason: str = strawberry.field(description=_SIP_REASON)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "RerouteRule":
        """Wrap an object of the column."""
        return cls(
            cause=stored["cause"],
            phase=ReroutePhase(stored["phase"]),
            action=RerouteAction(stored["action"]),
            sip_code=stored["sip_code"] or None,
            sip_reason=stored["sip_reason"],
        )


@strawberry.type(
    description="What happens when a leg fails: the policy of its trunk, else of the trunk's "
    "carrier, else of the tenant whose call it is, else the default. A call that is answered, or "
    "that the caller has given up, never goes on."
)
class ReroutePolicy:
    """models.ReroutePolicy."""

    id: strawberry.ID = strawberry.field(description="Names the policy for good.")
    name: str = strawberry.field(description=_NAME)
    rules: list[RerouteRule] = strawberry.field(description=_RULES)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]

    @strawberry.field(description="Its owner; null for the platform's, which all may use.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @classmethod
    def of(cls, row: models.ReroutePolicy) -> "ReroutePolicy":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            rules=[RerouteRule.of(stored) for stored in row.rules],
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


async def load_reroute_policy(info: Info, policy_id: UUID | None) -> ReroutePolicy | None:
    """The policy that a row refers to, in one statement for a whole list."""
    loaders = info.context.loaders
    row = await loaders.reroute_policy_by_id.load(policy_id) if policy_id else None
    return ReroutePolicy.of(row) if row else None


@strawberry.input(description="What happens when a leg fails for one cause.")
class RerouteRuleInput:
    """reroute_policies.RuleInput."""

    cause: str = strawberry.field(description=_CAUSE)
    action: RerouteAction = strawberry.field(description=_ACTION)
    phase: ReroutePhase = strawberry.field(
        default=ReroutePhase.BEFORE_RINGING, description="When the leg fails."
    )
    sip_code: int | None = strawberry.field(default=None, description=_SIP_CODE)
    sip_reason: str = strawberry.field(default="", description=_SIP_REASON)


@strawberry.input(description="A reroute policy to make.")
class CreateReroutePolicyInput:
    """reroute_policies.create_reroute_policy."""

    name: str = strawberry.field(description=_NAME)
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Its owner; without it the policy is the platform's."
    )
    rules: list[RerouteRuleInput] = strawberry.field(default_factory=list, description=_RULES)


@strawberry.input(description="What to change of a policy; what is absent stays as it is.")
class UpdateReroutePolicyInput:
    """reroute_policies.update_reroute_policy."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=_NAME)
    rules: strawberry.Maybe[list[RerouteRuleInput] | None] = strawberry.field(
        description=f"All rules from now on. {_RULES}"
    )


@strawberry.input(description="Which reroute policies to list.")
class ReroutePolicyFilter:
    """reroute_policies.list_reroute_policies."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those that this tenant may use: its own, the platform's."
    )


ReroutePolicyResult = Annotated[
    ReroutePolicy | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("ReroutePolicyResult", description="The policy, or why nothing was changed."),
]


@strawberry.type
class ReroutePolicyQuery:
    """Reading reroute policies."""

    @strawberry.field(description="One reroute policy, null when there is none with this id.")
    async def reroute_policy(self, info: Info, id: strawberry.ID) -> ReroutePolicy | None:
        """One."""
        row = await find_row(info.context.principal, models.ReroutePolicy, id)
        return ReroutePolicy.of(row) if row else None

    @strawberry.field(description="Reroute policies by name, a tenant's and the platform's.")
    async def reroute_policies(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: ReroutePolicyFilter | None = None,
    ) -> Connection[ReroutePolicy]:
        """Many."""
        page = await reroute_policies.list_reroute_policies(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or ReroutePolicyFilter()),
        )
        return Connection.of(page, ReroutePolicy.of)


@strawberry.type
class ReroutePolicyMutation:
    """Changing reroute policies."""

    @strawberry.mutation(description="Make a reroute policy.")
    async def create_reroute_policy(
        self, info: Info, input: CreateReroutePolicyInput
    ) -> ReroutePolicyResult:
        """Create."""
        row = await reroute_policies.create_reroute_policy(
            info.context.principal, **created_fields(input)
        )
        return ReroutePolicy.of(row)

    @strawberry.mutation(description="Change a reroute policy.")
    async def update_reroute_policy(
        self, info: Info, id: strawberry.ID, input: UpdateReroutePolicyInput
    ) -> ReroutePolicyResult:
        """Update."""
        row = await reroute_policies.update_reroute_policy(
            info.context.principal, id, **updated_fields(input)
        )
        return ReroutePolicy.of(row)

    @strawberry.mutation(
        description="Delete a reroute policy; refused while a trunk, carrier or tenant has it."
    )
    async def delete_reroute_policy(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await reroute_policies.delete_reroute_policy(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
