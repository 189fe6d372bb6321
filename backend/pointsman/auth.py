"""Who calls, and what lies within their reach.

Tokens are 256 random bits, so a plain SHA-256 of them is safe at rest; they are compared in
constant time. `scope` is the one door to a tenant's rows: what a service looks up for a caller
goes through it, so that a foreign id is NotFound. A test forbids to read a principal's tenant
elsewhere, and one tries every field of the schema with another tenant's token.
"""

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model

from pointsman.errors import Forbidden, Unauthenticated
from pointsman.models import (
    ApiToken,
    CallRecord,
    Carrier,
    CarrierGrant,
    ChangeRecord,
    Did,
    Domain,
    EmergencyPlan,
    Event,
    NormalizationProfile,
    NumberList,
    ReroutePolicy,
    RoutingGroup,
    RoutingRule,
    Schedule,
    Tenant,
    Trunk,
    TrustedProxy,
    Webhook,
    WebhookDelivery,
)
from pointsman.token_hash import hash_token

API_TOKEN_PREFIX = "pma_"  # noqa: S105 -- the part of a token that is no secret
NODE_TOKEN_PREFIX = "pmn_"  # noqa: S105 -- likewise
_OF_ONE_TENANT = (
    CallRecord,
    CarrierGrant,
    ChangeRecord,
    Did,
    Domain,
    EmergencyPlan,
    Event,
    NumberList,
    RoutingGroup,
    RoutingRule,
    Schedule,
    Webhook,
)


@dataclass(frozen=True)
class Principal:
    """The caller: an administrator of the platform, or a tenant's token."""

    name: str
    tenant_id: UUID | None = None

    @property
    def of_platform(self) -> bool:
        """Whether the whole platform is within reach."""
        return self.tenant_id is None


def new_token(prefix: str) -> str:
    """A fresh token; shown once, stored hashed."""
    return prefix + secrets.token_urlsafe(32)


def bearer_of(authorization: str | None) -> str | None:
    """The token in an Authorization header (RFC 6750 section 2.1)."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def authenticate(authorization: str | None) -> Principal:
    """The principal of an API token; raises Unauthenticated, the same for none and a wrong one."""
    token = bearer_of(authorization)
    digest = hash_token(token or "")
    row = await ApiToken.get_or_none(token_sha256=digest) if token else None
    if row is None or not hmac.compare_digest(bytes(row.token_sha256), digest):
        raise Unauthenticated(
            "send the header 'Authorization: Bearer TOKEN' with a token of this platform"
        )
    return Principal(row.name, row.tenant_id)


def scope(principal: Principal, model: type[Model]) -> Q:
    """What of a model the principal may see."""
    tenant_id = principal.tenant_id
    if tenant_id is None:
        return Q()
    if model is Tenant:
        return Q(id=tenant_id)
    if model is Carrier:
        return Q(grants__tenant_id=tenant_id)
    if model is Trunk:
        return Q(tenant_id=tenant_id) | Q(carrier__grants__tenant_id=tenant_id)
    if model in (NormalizationProfile, ReroutePolicy):
        return Q(tenant_id=tenant_id) | Q(tenant_id=None)  # the platform's are for all to use
    if model is WebhookDelivery:
        return Q(webhook__tenant_id=tenant_id)
    if model is TrustedProxy:
        return Q(id__isnull=True)  # none: no tenant sees them
    if model in _OF_ONE_TENANT:
        return Q(tenant_id=tenant_id)
    raise TypeError(f"{model.__name__} has no scope: say in auth.scope who may see it")


def tenant_of(principal: Principal) -> str:
    """The id of the tenant that the principal is confined to, as the core writes it; "" for an
    administrator of the platform."""
    return "" if principal.tenant_id is None else str(principal.tenant_id)


def require_platform(principal: Principal, what: str) -> None:
    """Raise Forbidden unless the principal is an administrator of the platform."""
    if not is_within_reach(principal, None):
        raise Forbidden(f"only an administrator of the platform may {what}")


def require_owner(principal: Principal, tenant_id: UUID | None, what: str) -> None:
    """Raise Forbidden unless the principal may write an object of this owner: its tenant, or
    None for one of the platform's."""
    if not is_within_reach(principal, tenant_id):
        raise Forbidden(f"only an administrator of the platform may {what}")


def is_within_reach(principal: Principal, tenant_id: UUID | None) -> bool:
    """Whether the principal may write an object of this owner, or, for None, the platform's."""
    return principal.of_platform or principal.tenant_id == tenant_id
