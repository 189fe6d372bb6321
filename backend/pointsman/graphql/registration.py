"""The registration of a trunk with its far end, and how it stands at each node."""

from datetime import datetime
from uuid import UUID

import strawberry

from pointsman import models
from pointsman.graphql.context import Info
from pointsman.routing.registration import (
    DEFAULT_EXPIRES_S,
    MAX_EXPIRES_S,
    MIN_EXPIRES_S,
    RegistrationStatus,
)
from pointsman.services.node_reports import TOLD_FOR, counts_still

strawberry.enum(
    RegistrationStatus,
    description="How a registration stands. REGISTERED: calls come. TRYING: asked, and not "
    "answered yet. FAILED: refused or not answered; it is tried again. DISABLED: the node does "
    f"not register. UNKNOWN: it cannot tell, or has told nothing for {TOLD_FOR.total_seconds():g} "
    "seconds.",
)

REGISTRATION = (
    "How it is registered with its far end (RFC 3261 section 10), by its outbound credential; null "
    "for a trunk that needs no registration."
)
_ENABLED = "Whether it is registered; what was registered and is not any more is taken back there."
_REGISTRAR = (
    "Where, as host, host:port or host:port;transport=tcp (udp, tcp, tls); empty for the trunk's "
    "first enabled endpoint."
)
_USERNAME = "The user of the address of record, 128 characters at most; empty for outboundUsername."
_DOMAIN = "The host of the address of record; empty for the registrar's."
_EXPIRES_S = (
    f"For how long it is asked for, {MIN_EXPIRES_S} to {MAX_EXPIRES_S} seconds. The far end may "
    "grant less; it is renewed in time."
)
_CONTACT_USER = (
    "The user of the contact that the far end sends calls to, 64 characters at most, of one trunk "
    "of the platform; empty for the trunk's id."
)
_NODE = (
    "The name of the one Kamailio node that registers; empty for each of them, with a contact of "
    "its own."
)


@strawberry.type(description="How a registration stands, as a Kamailio node says.")
class TrunkRegistrationState:
    """models.RegistrationState."""

    node: str = strawberry.field(description="The name of the node.")
    state: RegistrationStatus = strawberry.field(description="How it stands.")
    expires_at: datetime | None = strawberry.field(
        description="Until when the far end keeps it; null where it has none."
    )
    last_error: str = strawberry.field(
        description="What the last attempt came to when it failed, as 403 Forbidden; empty if it "
        "has not failed."
    )
    since: datetime = strawberry.field(description="Since when it stands so.")
    confirmed_at: datetime = strawberry.field(description="When the node last said so.")

    @classmethod
    def of(cls, row: models.RegistrationState) -> "TrunkRegistrationState":
        """Wrap a row that has its node."""
        is_told = counts_still(row.confirmed_at)
        return cls(
            node=row.node.name,
            state=row.state if is_told else RegistrationStatus.UNKNOWN,
            expires_at=row.expires_at,
            last_error=row.last_error,
            since=row.since,
            confirmed_at=row.confirmed_at,
        )


@strawberry.type(description="A registration with a trunk's far end.")
class TrunkRegistration:
    """An object of models.Trunk.registration."""

    enabled: bool = strawberry.field(description=_ENABLED)
    registrar: str = strawberry.field(description=_REGISTRAR)
    username: str = strawberry.field(description=_USERNAME)
    domain: str = strawberry.field(description=_DOMAIN)
    expires_s: int = strawberry.field(description=_EXPIRES_S)
    contact_user: str = strawberry.field(description=_CONTACT_USER)
    node: str = strawberry.field(description=_NODE)
    trunk_id: strawberry.Private[UUID]

    @strawberry.field(description="How it stands at each node that has said so, by their names.")
    async def states(self, info: Info) -> list[TrunkRegistrationState]:
        """What nodes report."""
        rows = await info.context.loaders.registration_states_by_trunk_id.load(self.trunk_id)
        return [TrunkRegistrationState.of(row) for row in rows]

    @classmethod
    def of(cls, row: models.Trunk) -> "TrunkRegistration | None":
        """Wrap that of a trunk."""
        return None if row.registration is None else cls(trunk_id=row.id, **row.registration)


@strawberry.input(description="A registration with a trunk's far end; it is given as a whole.")
class TrunkRegistrationInput:
    """trunk_registration.RegistrationInput."""

    enabled: bool = strawberry.field(default=True, description=_ENABLED)
    registrar: str = strawberry.field(default="", description=_REGISTRAR)
    username: str = strawberry.field(default="", description=_USERNAME)
    domain: str = strawberry.field(default="", description=_DOMAIN)
    expires_s: int = strawberry.field(default=DEFAULT_EXPIRES_S, description=_EXPIRES_S)
    contact_user: str = strawberry.field(default="", description=_CONTACT_USER)
    node: str = strawberry.field(default="", description=_NODE)
