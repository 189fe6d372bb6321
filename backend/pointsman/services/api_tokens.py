"""Tokens for the API."""

from pointsman.auth import API_TOKEN_PREFIX, new_token
from pointsman.errors import Conflict
from pointsman.models import ApiToken, Tenant
from pointsman.services import validation
from pointsman.services.validation import Problems
from pointsman.token_hash import hash_token


async def create_api_token(name: str, tenant_name: str | None = None) -> str:
    """Make a token, an administrator's without `tenant_name`; returned once, kept hashed."""
    problems = Problems()
    name = problems.check("name", validation.name, name)
    problems.raise_if_any()
    tenant = None
    if tenant_name is not None:
        tenant = await Tenant.get_or_none(name=tenant_name)
        if tenant is None:
            raise Conflict("tenant", f"there is no tenant with the name {tenant_name}")
    token = new_token(API_TOKEN_PREFIX)
    await ApiToken.create(name=name, token_sha256=hash_token(token), tenant=tenant)
    return token


async def api_token_is_known(token: str) -> bool:
    """Whether the database has this token."""
    return await ApiToken.exists(token_sha256=hash_token(token))
