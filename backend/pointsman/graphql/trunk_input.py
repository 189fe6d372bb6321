"""What is given of a trunk over the API."""

import strawberry

from pointsman.graphql import trunk_field as field
from pointsman.graphql.registration import REGISTRATION, TrunkRegistrationInput
from pointsman.graphql.trunk_part import (
    ENDPOINTS,
    SOURCES,
    ExtraHeaderInput,
    TrunkEndpointInput,
    TrunkSourceInput,
)
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import (
    DEFAULT_FR_INV_TIMER_MS,
    DEFAULT_FR_TIMER_MS,
    CallerIdPolicy,
    DiversionPolicy,
    TrunkKind,
)


@strawberry.input(
    description="A trunk to make: with tenantId to that tenant's PBX, with carrierId to the "
    "carrier; exactly one of the two."
)
class CreateTrunkInput:
    """trunks.create_trunk."""

    name: str = strawberry.field(description=field.NAME)
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="The tenant whose PBX it leads to."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="The carrier it leads to."
    )
    enabled: bool = strawberry.field(default=True, description=field.ENABLED)
    draining: bool = strawberry.field(default=False, description=field.DRAINING)
    probing: bool = strawberry.field(default=True, description=field.PROBING)
    number_format: NumberFormat = strawberry.field(
        default=NumberFormat.PLUS_E164, description=field.NUMBER_FORMAT
    )
    normalization_profile_id: strawberry.ID | None = strawberry.field(
        default=None, description=field.NORMALIZATION_PROFILE
    )
    tech_prefix: str = strawberry.field(default="", description=field.TECH_PREFIX)
    from_host: str = strawberry.field(default="", description=field.FROM_HOST)
    caller_id_policy: CallerIdPolicy = strawberry.field(
        default=CallerIdPolicy.PASS, description=field.CALLER_ID_POLICY
    )
    caller_id_number: str = strawberry.field(default="", description=field.CALLER_ID_NUMBER)
    send_asserted_identity: bool = strawberry.field(
        default=True, description=field.SEND_ASSERTED_IDENTITY
    )
    send_preferred_identity: bool = strawberry.field(
        default=False, description=field.SEND_PREFERRED_IDENTITY
    )
    send_remote_party_id: bool = strawberry.field(
        default=False, description=field.SEND_REMOTE_PARTY_ID
    )
    trusted: bool | None = strawberry.field(default=None, description=field.TRUSTED)
    diversion_policy: DiversionPolicy = strawberry.field(
        default=DiversionPolicy.NONE, description=field.DIVERSION_POLICY
    )
    extra_headers: list[ExtraHeaderInput] = strawberry.field(
        default_factory=list, description=field.EXTRA_HEADERS
    )
    socket: str = strawberry.field(default="", description=field.SOCKET)
    fr_timer_ms: int = strawberry.field(default=DEFAULT_FR_TIMER_MS, description=field.FR_TIMER_MS)
    fr_inv_timer_ms: int = strawberry.field(
        default=DEFAULT_FR_INV_TIMER_MS, description=field.FR_INV_TIMER_MS
    )
    reroute_policy_id: strawberry.ID | None = strawberry.field(
        default=None, description=field.REROUTE_POLICY
    )
    outbound_username: str = strawberry.field(default="", description=field.OUTBOUND_USERNAME)
    outbound_password: str | None = strawberry.field(
        default=None, description=field.OUTBOUND_CREDENTIAL
    )
    outbound_realm: str = strawberry.field(default="", description=field.OUTBOUND_REALM)
    digest_username: str = strawberry.field(default="", description=field.DIGEST_USERNAME)
    digest_password: str | None = strawberry.field(
        default=None, description=field.DIGEST_CREDENTIAL
    )
    digest_realm: str = strawberry.field(default="", description=field.DIGEST_REALM)
    registration: TrunkRegistrationInput | None = strawberry.field(
        default=None, description=REGISTRATION
    )
    sources: list[TrunkSourceInput] = strawberry.field(default_factory=list, description=SOURCES)
    endpoints: list[TrunkEndpointInput] = strawberry.field(
        default_factory=list, description=ENDPOINTS
    )


@strawberry.input(
    description="What to change of a trunk; what is absent stays as it is, and a list that is "
    "given replaces the whole list."
)
class UpdateTrunkInput:
    """trunks.update_trunk."""

    name: strawberry.Maybe[str | None] = strawberry.field(description=field.NAME)
    enabled: strawberry.Maybe[bool | None] = strawberry.field(description=field.ENABLED)
    draining: strawberry.Maybe[bool | None] = strawberry.field(description=field.DRAINING)
    probing: strawberry.Maybe[bool | None] = strawberry.field(description=field.PROBING)
    number_format: strawberry.Maybe[NumberFormat | None] = strawberry.field(
        description=field.NUMBER_FORMAT
    )
    normalization_profile_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=field.NORMALIZATION_PROFILE
    )
    tech_prefix: strawberry.Maybe[str | None] = strawberry.field(description=field.TECH_PREFIX)
    from_host: strawberry.Maybe[str | None] = strawberry.field(description=field.FROM_HOST)
    caller_id_policy: strawberry.Maybe[CallerIdPolicy | None] = strawberry.field(
        description=field.CALLER_ID_POLICY
    )
    caller_id_number: strawberry.Maybe[str | None] = strawberry.field(
        description=field.CALLER_ID_NUMBER
    )
    send_asserted_identity: strawberry.Maybe[bool | None] = strawberry.field(
        description=field.SEND_ASSERTED_IDENTITY
    )
    send_preferred_identity: strawberry.Maybe[bool | None] = strawberry.field(
        description=field.SEND_PREFERRED_IDENTITY
    )
    send_remote_party_id: strawberry.Maybe[bool | None] = strawberry.field(
        description=field.SEND_REMOTE_PARTY_ID
    )
    trusted: strawberry.Maybe[bool | None] = strawberry.field(description=field.TRUSTED)
    diversion_policy: strawberry.Maybe[DiversionPolicy | None] = strawberry.field(
        description=field.DIVERSION_POLICY
    )
    extra_headers: strawberry.Maybe[list[ExtraHeaderInput] | None] = strawberry.field(
        description=field.EXTRA_HEADERS
    )
    socket: strawberry.Maybe[str | None] = strawberry.field(description=field.SOCKET)
    fr_timer_ms: strawberry.Maybe[int | None] = strawberry.field(description=field.FR_TIMER_MS)
    fr_inv_timer_ms: strawberry.Maybe[int | None] = strawberry.field(
        description=field.FR_INV_TIMER_MS
    )
    reroute_policy_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description=field.REROUTE_POLICY
    )
    outbound_username: strawberry.Maybe[str | None] = strawberry.field(
        description=field.OUTBOUND_USERNAME
    )
    outbound_password: strawberry.Maybe[str | None] = strawberry.field(
        description=field.OUTBOUND_CREDENTIAL
    )
    outbound_realm: strawberry.Maybe[str | None] = strawberry.field(
        description=field.OUTBOUND_REALM
    )
    digest_username: strawberry.Maybe[str | None] = strawberry.field(
        description=field.DIGEST_USERNAME
    )
    digest_password: strawberry.Maybe[str | None] = strawberry.field(
        description=field.DIGEST_CREDENTIAL
    )
    digest_realm: strawberry.Maybe[str | None] = strawberry.field(description=field.DIGEST_REALM)
    registration: strawberry.Maybe[TrunkRegistrationInput | None] = strawberry.field(
        description=REGISTRATION
    )
    sources: strawberry.Maybe[list[TrunkSourceInput] | None] = strawberry.field(description=SOURCES)
    endpoints: strawberry.Maybe[list[TrunkEndpointInput] | None] = strawberry.field(
        description=ENDPOINTS
    )


@strawberry.input(description="Which trunks to list.")
class TrunkFilter:
    """trunks.list_trunks."""

    name_contains: str = strawberry.field(
        default="", description="Part of the name, in upper or lower case."
    )
    kind: TrunkKind | None = strawberry.field(default=None, description="Only those of this kind.")
    tenant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those to this tenant's PBX."
    )
    carrier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those to this carrier."
    )
    enabled: bool | None = strawberry.field(default=None, description="Only those that are so.")
