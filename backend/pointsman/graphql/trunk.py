"""Trunks in the schema, with their sources and endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql import trunk_field as field
from pointsman.graphql.carrier import Carrier, load_carrier
from pointsman.graphql.connection import After, Connection, First
from pointsman.graphql.context import Info
from pointsman.graphql.deletion import Deleted, DeleteResult
from pointsman.graphql.errors import Conflict, Forbidden, InvalidInput, NotFound
from pointsman.graphql.inputs import created_fields, updated_fields
from pointsman.graphql.normalization_profile import (
    NormalizationProfile,
    load_normalization_profile,
)
from pointsman.graphql.registration import REGISTRATION, TrunkRegistration
from pointsman.graphql.reroute_policy import ReroutePolicy, load_reroute_policy
from pointsman.graphql.tenant import Tenant, load_tenant
from pointsman.graphql.trunk_input import CreateTrunkInput, TrunkFilter, UpdateTrunkInput
from pointsman.graphql.trunk_part import (
    ENDPOINTS,
    SOURCES,
    ExtraHeader,
    TrunkEndpoint,
    TrunkSource,
)
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, TrunkKind
from pointsman.services import trunks
from pointsman.services.rows import DEFAULT_PAGE, find_row


@strawberry.type(
    description="A SIP interconnect with a carrier or with a tenant's PBX: who may send, where to "
    "send, and how the far end wants its calls."
)
class Trunk:
    """models.Trunk."""

    id: strawberry.ID = strawberry.field(description="Names the trunk for good.")
    name: str = strawberry.field(description=field.NAME)
    kind: TrunkKind = strawberry.field(description="PBX with a tenant, CARRIER with a carrier.")
    enabled: bool = strawberry.field(description=field.ENABLED)
    draining: bool = strawberry.field(description=field.DRAINING)
    probing: bool = strawberry.field(description=field.PROBING)
    number_format: NumberFormat = strawberry.field(description=field.NUMBER_FORMAT)
    tech_prefix: str = strawberry.field(description=field.TECH_PREFIX)
    from_host: str = strawberry.field(description=field.FROM_HOST)
    caller_id_policy: CallerIdPolicy = strawberry.field(description=field.CALLER_ID_POLICY)
    caller_id_number: str = strawberry.field(description=field.CALLER_ID_NUMBER)
    send_asserted_identity: bool = strawberry.field(description=field.SEND_ASSERTED_IDENTITY)
    send_preferred_identity: bool = strawberry.field(description=field.SEND_PREFERRED_IDENTITY)
    send_remote_party_id: bool = strawberry.field(description=field.SEND_REMOTE_PARTY_ID)
    trusted: bool = strawberry.field(description=field.TRUSTED)
    diversion_policy: DiversionPolicy = strawberry.field(description=field.DIVERSION_POLICY)
    extra_headers: list[ExtraHeader] = strawberry.field(description=field.EXTRA_HEADERS)
    socket: str = strawberry.field(description=field.SOCKET)
    fr_timer_ms: int = strawberry.field(description=field.FR_TIMER_MS)
    fr_inv_timer_ms: int = strawberry.field(description=field.FR_INV_TIMER_MS)
    outbound_username: str = strawberry.field(description=field.OUTBOUND_USERNAME)
    has_outbound_password: bool = strawberry.field(description=field.HAS_OUTBOUND_CREDENTIAL)
    outbound_realm: str = strawberry.field(description=field.OUTBOUND_REALM)
    digest_username: str = strawberry.field(description=field.DIGEST_USERNAME)
    has_digest_password: bool = strawberry.field(description=field.HAS_DIGEST_CREDENTIAL)
    digest_realm: str = strawberry.field(description=field.DIGEST_REALM)
    registration: TrunkRegistration | None = strawberry.field(description=REGISTRATION)
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    tenant_id: strawberry.Private[UUID | None]
    carrier_id: strawberry.Private[UUID | None]
    normalization_profile_id: strawberry.Private[UUID | None]
    reroute_policy_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The tenant whose PBX it leads to; null for kind CARRIER.")
    async def tenant(self, info: Info) -> Tenant | None:
        """The owner of a PBX trunk."""
        return await load_tenant(info, self.tenant_id)

    @strawberry.field(description="The carrier it leads to; null for kind PBX.")
    async def carrier(self, info: Info) -> Carrier | None:
        """The carrier of a carrier's trunk."""
        return await load_carrier(info, self.carrier_id)

    @strawberry.field(description=field.NORMALIZATION_PROFILE)
    async def normalization_profile(self, info: Info) -> NormalizationProfile | None:
        """Its profile."""
        return await load_normalization_profile(info, self.normalization_profile_id)

    @strawberry.field(description=field.REROUTE_POLICY)
    async def reroute_policy(self, info: Info) -> ReroutePolicy | None:
        """Its own; null for none."""
        return await load_reroute_policy(info, self.reroute_policy_id)

    @strawberry.field(description=SOURCES)
    async def sources(self, info: Info) -> list[TrunkSource]:
        """By address."""
        rows = await info.context.loaders.sources_by_trunk_id.load(UUID(self.id))
        return [TrunkSource.of(row) for row in rows]

    @strawberry.field(description=ENDPOINTS)
    async def endpoints(self, info: Info) -> list[TrunkEndpoint]:
        """By priority, then host."""
        rows = await info.context.loaders.endpoints_by_trunk_id.load(UUID(self.id))
        return [TrunkEndpoint.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.Trunk) -> "Trunk":
        """Wrap a row."""
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            kind=row.kind,
            enabled=row.enabled,
            draining=row.draining,
            probing=row.probing,
            number_format=row.number_format,
            tech_prefix=row.tech_prefix,
            from_host=row.from_host,
            caller_id_policy=row.caller_id_policy,
            caller_id_number=row.caller_id_number,
            send_asserted_identity=row.send_asserted_identity,
            send_preferred_identity=row.send_preferred_identity,
            send_remote_party_id=row.send_remote_party_id,
            trusted=row.trusted,
            diversion_policy=row.diversion_policy,
            extra_headers=[ExtraHeader(**header) for header in row.extra_headers],
            socket=row.socket,
            fr_timer_ms=row.fr_timer_ms,
            fr_inv_timer_ms=row.fr_inv_timer_ms,
            outbound_username=row.outbound_username,
            has_outbound_password=row.outbound_password is not None,
            outbound_realm=row.outbound_realm,
            digest_username=row.digest_username,
            has_digest_password=row.digest_ha1 is not None,
            digest_realm=row.digest_realm,
            registration=TrunkRegistration.of(row),
            created_at=row.created_at,
            updated_at=row.updated_at,
            tenant_id=row.tenant_id,
            carrier_id=row.carrier_id,
            normalization_profile_id=row.normalization_profile_id,
            reroute_policy_id=row.reroute_policy_id,
        )


async def load_trunk(info: Info, trunk_id: UUID | None) -> Trunk | None:
    """The trunk that a row refers to, in one statement for a whole list."""
    row = await info.context.loaders.trunk_by_id.load(trunk_id) if trunk_id else None
    return Trunk.of(row) if row else None


TrunkResult = Annotated[
    Trunk | InvalidInput | NotFound | Conflict | Forbidden,
    strawberry.union("TrunkResult", description="The trunk, or why nothing was changed."),
]


@strawberry.type
class TrunkQuery:
    """Reading trunks."""

    @strawberry.field(description="One trunk, null when there is none with this id.")
    async def trunk(self, info: Info, id: strawberry.ID) -> Trunk | None:
        """One."""
        row = await find_row(info.context.principal, models.Trunk, id)
        return Trunk.of(row) if row else None

    @strawberry.field(description="Trunks by name.")
    async def trunks(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = None,
        filter: TrunkFilter | None = None,
    ) -> Connection[Trunk]:
        """Many."""
        page = await trunks.list_trunks(
            info.context.principal,
            first=first,
            after=after,
            **created_fields(filter or TrunkFilter()),
        )
        return Connection.of(page, Trunk.of)


@strawberry.type
class TrunkMutation:
    """Changing trunks."""

    @strawberry.mutation(description="Make a trunk.")
    async def create_trunk(self, info: Info, input: CreateTrunkInput) -> TrunkResult:
        """Create."""
        row = await trunks.create_trunk(
            info.context.principal, secrets=info.context.secrets, **created_fields(input)
        )
        return Trunk.of(row)

    @strawberry.mutation(description="Change a trunk.")
    async def update_trunk(
        self, info: Info, id: strawberry.ID, input: UpdateTrunkInput
    ) -> TrunkResult:
        """Update."""
        nullable = ("normalization_profile_id", "reroute_policy_id", "registration")
        changes = updated_fields(input, nullable=nullable)
        row = await trunks.update_trunk(
            info.context.principal, id, secrets=info.context.secrets, **changes
        )
        return Trunk.of(row)

    @strawberry.mutation(description="Delete a trunk that nothing uses any more.")
    async def delete_trunk(self, info: Info, id: strawberry.ID) -> DeleteResult:
        """Delete."""
        row = await trunks.delete_trunk(info.context.principal, id)
        return Deleted(id=strawberry.ID(str(row.id)))
