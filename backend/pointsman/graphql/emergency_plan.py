"""Emergency plans in the schema."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.routing_group import RoutingGroup
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.services import emergency_plans
from pointsman.services.emergency_plans import MAX_GROUPS, MAX_NUMBERS
from pointsman.services.rows import DEFAULT_PAGE, find_row

_COUNTRY = (
    "Where the numbers are dialled, by its ISO 3166-1 alpha-2 code, such as IT; the tenant has "
    "one plan for a country. Calls from a trunk whose normalization profile is of a country are "
    "by the plan of that country, if it has the number, and by the first that has it if not."
)
_NUMBERS = (
    f"The numbers as they are dialled, such as 112: 2 to 15 digits, * or # each, {MAX_NUMBERS} at "
    "most. Written with a plus, or with a plus and the country's code before them, they are "
    "understood as well, and called as they are dialled."
)
_CALLING_NUMBER = (
    "The caller that is told instead of the caller, whatever the trunks' policies: the number, in "
    "E.164 such as +390401234567, by which emergency services know the place and call back."
)
_ROUTING_GROUPS = (
    f"Routing groups of the tenant, 1 to {MAX_GROUPS}, tried one after the other. While the plan "
    "is enabled they reach two carriers at least: no change of anything is saved that leaves it "
    "with less. What is in bad health is tried last, no group's bound holds, and of all "
    "endpoints that are tried one at least is of a second carrier."
)
_LOCATION = "Where the callers are, for people; 200 characters at most, on one line."
_GEOLOCATION_URI = (
    "An absolute URI that tells where they are, sent in Geolocation (RFC 6442); 500 characters at "
    "most, none for nothing."
)
_ENABLED = "A disabled plan is as if it were not there; it may reach less carriers."


@strawberry.type(
    description="How emergency calls of a tenant's PBXs leave. They go before DIDs, domains and "
    "rules, and no number list, destination class or limit stands in their way. A source trunk "
    "or tenant that is disabled does."
)
class EmergencyPlan:
    """models.EmergencyPlan."""

    id: strawberry.ID = strawberry.field(description="Names the plan for good.")
    country: str = strawberry.field(description=_COUNTRY)
    numbers: list[str] = strawberry.field(description=_NUMBERS)
    calling_number: str = strawberry.field(description=_CALLING_NUMBER)
    location: str = strawberry.field(description=_LOCATION)
    geolocation_uri: str = strawberry.field(description=_GEOLOCATION_URI)
    enabled: bool = strawberry.field(description=_ENABLED)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID]

    @strawberry.field(description="Whose plan it is.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description=_ROUTING_GROUPS)
    async def routing_groups(self, info: Info) -> list[RoutingGroup]:
        """In their order."""
        parts = await info.context.loaders.groups_by_emergency_plan_id.load(UUID(self.id))
        keys = [part.routing_group_id for part in parts]
        rows = await info.context.loaders.routing_group_by_id.load_many(keys)
        return [RoutingGroup.of(row) for row in rows if row]

    @classmethod
    def of(cls, row: models.EmergencyPlan) -> "EmergencyPlan":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            country=row.country,
            numbers=row.numbers,
            calling_number=row.calling_number,
            location=row.location,
            geolocation_uri=row.geolocation_uri,
            enabled=row.enabled,
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
        )


@strawberry.input(description="An emergency plan to make.")
class CreateEmergencyPlanInput:
    """emergency_plans.create_emergency_plan."""

    tenant_id: strawberry.ID = strawberry.field(description="Whose plan it is.")
    country: str = strawberry.field(description=_COUNTRY)
    numbers: list[str] = strawberry.field(description=_NUMBERS)
    calling_number: str = strawberry.field(description=_CALLING_NUMBER)
    routing_group_ids: list[strawberry.ID] = strawberry.field(description=_ROUTING_GROUPS)
    location: str = strawberry.field(default="", description=_LOCATION)
    geolocation_uri: str = strawberry.field(default="", description=_GEOLOCATION_URI)
    enabled: bool = strawberry.field(default=True, description=_ENABLED)


@strawberry.input(
    description="What to change of a plan; what is absent stays as it is, and numbers or groups "
    "that are given replace all that there are."
)
class UpdateEmergencyPlanInput:
    """emergency_plans.update_emergency_plan."""

    country: strawberry.Maybe[str | None] = strawberry.field(description=_COUNTRY)
    numbers: strawberry.Maybe[list[str] | None] = strawberry.field(description=_NUMBERS)
    calling_number: strawberry.Maybe[str | None] = strawberry.field(description=_CALLING_NUMBER)
    routing_group_ids: strawberry.Maybe[list[strawberry.ID] | None] = strawberry.field(
        description=_ROUTING_GROUPS
    )
    location: strawberry.Maybe[str | None] = strawberry.field(description=_LOCATION)
    geolocation_uri: strawberry.Maybe[str | None] = strawberry.field(description=_GEOLOCATION_URI)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=_ENABLED)


@strawberry.input(description="Which emergency plans to list.")
class EmergencyPlanFilter:
    """emergency_plans.list_emergency_plans."""

    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those of this tenant."
    )
    country: str = strawberry.field(
        default="", description="Only those for this country, such as IT."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")


EmergencyPlanResult = Annotated[
    EmergencyPlan | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("EmergencyPlanResult", description="The plan, or why nothing was changed."),
]


@strawberry.type
class EmergencyPlanQuery:
    """Reading emergency plans."""

    @strawberry.field(description="One emergency plan, null when there is none with this id.")
    async def emergency_plan(self, info: Info, id: strawberry.ID) -> EmergencyPlan | None:
        """One."""
        row = await find_row(info.context.principal, models.EmergencyPlan, id)
        return EmergencyPlan.of(row) if row else None

    @strawberry.field(description="Emergency plans by country.")
    async def emergency_plans(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: EmergencyPlanFilter | None = None,
    ) -> Connection[EmergencyPlan]:
        """Many."""
        page = await emergency_plans.list_emergency_plans(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or EmergencyPlanFilter()),
        )
        return Connection.of(page, EmergencyPlan.of)


@strawberry.type
class EmergencyPlanMutation:
    """Changing emergency plans."""

    @strawberry.mutation(description="Make an emergency plan.")
    async def create_emergency_plan(
        self, info: Info, input: CreateEmergencyPlanInput
    ) -> EmergencyPlanResult:
        """Create."""
        row = await emergency_plans.create_emergency_plan(
            info.context.principal, **created_fields(input)
        )
        return EmergencyPlan.of(row)

    @strawberry.mutation(description="Change an emergency plan.")
    async def update_emergency_plan(
        self, info: Info, id: strawberry.ID, input: UpdateEmergencyPlanInput
    ) -> EmergencyPlanResult:
        """Update."""
        row = await emergency_plans.update_emergency_plan(
            info.context.principal, id, **updated_fields(input)
        )
        return EmergencyPlan.of(row)

    @strawberry.mutation(
        description="Delete an emergency plan: its numbers are routed as all others from then on."
    )
    async def delete_emergency_plan(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await emergency_plans.delete_emergency_plan(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
