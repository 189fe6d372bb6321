"""Webhooks: URLs of an operator that are told of events."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from pointsman.auth import Principal, require_owner, require_platform
from pointsman.errors import Conflict
from pointsman.models import EventKind, Tenant, Webhook
from pointsman.routing.uri import has_control
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.rows import DEFAULT_PAGE, Page, get_row, list_rows, save_fields
from pointsman.services.secrets import NO_KEYS, SETTING, Secrets
from pointsman.services.trunk_credentials import Resealed
from pointsman.services.unset import UNSET, Unset, given
from pointsman.services.validation import Problems, Refused
from pointsman.services.webhook_targets import BadTarget, Targets, read_url

MAX_WEBHOOKS = 20
SECRET_LENGTHS = (16, 128)
# What only the platform is told of.
OF_PLATFORM = frozenset(
    {EventKind.RECORDS_CONFLICT, EventKind.SNAPSHOT_FAILED, EventKind.SNAPSHOT_RECOVERED}
)
_TO_PUBLIC = (
    "use a host with public addresses; an operator of the platform allows others by "
    "POINTSMAN_WEBHOOK_PRIVATE_TARGETS"
)


async def list_webhooks(
    principal: Principal,
    *,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    name_contains: str = "",
    tenant_id: object | None = None,
    enabled: bool | None = None,
) -> Page[Webhook]:
    """Webhooks by name."""
    where = Q(name__icontains=name_contains) if name_contains else Q()
    if tenant_id is not None:
        where &= Q(tenant_id=(await get_row(principal, Tenant, tenant_id, "tenantId")).id)
    if enabled is not None:
        where &= Q(enabled=enabled)
    return await list_rows(principal, Webhook, where, order=("name",), first=first, after=after)


async def create_webhook(
    principal: Principal,
    *,
    name: str,
    url: str,
    kinds: Sequence[EventKind],
    secret: str,
    tenant_id: object | None = None,
    enabled: bool = True,
    secrets: Secrets = NO_KEYS,
    targets: Targets | None = None,
) -> Webhook:
    """Make a webhook of a tenant, or of the platform, which is told of all tenants' events."""
    tenant = None
    if tenant_id is not None:
        tenant = await get_row(principal, Tenant, tenant_id, "tenantId")
    owner_id = tenant.id if tenant else None
    require_owner(principal, owner_id, "create a webhook of the platform")
    given_fields = {"name": name, "url": url, "kinds": kinds, "secret": secret}
    fields = await _check(given_fields, owner_id, secrets, targets or Targets())
    async with change(principal) as made:
        if await Webhook.filter(tenant_id=owner_id).count() >= MAX_WEBHOOKS:
            raise Conflict("tenantId", f"this owner has {MAX_WEBHOOKS} webhooks: delete one first")
        row = Webhook(tenant=tenant, enabled=enabled)
        row.update_from_dict(fields)
        await row.save()
        made.created(row, describe(row))
    return row


async def update_webhook(
    principal: Principal,
    webhook_id: object,
    *,
    name: str | Unset = UNSET,
    url: str | Unset = UNSET,
    kinds: Sequence[EventKind] | Unset = UNSET,
    secret: str | Unset = UNSET,
    enabled: bool | Unset = UNSET,
    secrets: Secrets = NO_KEYS,
    targets: Targets | None = None,
) -> Webhook:
    """Change the given fields. What waits for a disabled webhook is sent when it is enabled."""
    row = await get_row(principal, Webhook, webhook_id)
    given_fields = given(name=name, url=url, kinds=kinds, secret=secret)
    fields = await _check(given_fields, row.tenant_id, secrets, targets or Targets())
    async with change(principal) as made:
        row = await get_row(principal, Webhook, webhook_id)
        before = describe(row)
        await save_fields(row, {**fields, **given(enabled=enabled)})
        await made.updated(row, before, describe(row))
    return row


async def delete_webhook(principal: Principal, webhook_id: object) -> Webhook:
    """Delete a webhook with its deliveries; the events stay."""
    async with change(principal, removes="id") as made:
        row = await get_row(principal, Webhook, webhook_id)
        await row.delete()
        made.deleted(row, describe(row))
    return row


async def reseal_webhooks(principal: Principal, secrets: Secrets) -> Resealed:
    """Encrypt all secrets with the first key, so that the others can go."""
    require_platform(principal, "encrypt all secrets anew")
    count, unopened = 0, []
    async with change(principal):
        for row in await Webhook.all().order_by("name", "id"):
            resealed = secrets.reseal(row.secret)
            if resealed is None:
                unopened.append(row.name)
            else:
                await Webhook.filter(id=row.id).update(secret=resealed)
                count += 1
    return Resealed(count, unopened)


async def _check(
    fields: dict[str, Any], owner_id: UUID | None, secrets: Secrets, targets: Targets
) -> dict[str, Any]:
    """The columns of what is given; raises InvalidInput with every problem."""
    problems = Problems()
    columns = dict(fields)
    if "name" in fields:
        columns["name"] = problems.check("name", validation.name, fields["name"])
    if "url" in fields:
        await _check_url(problems, fields["url"], targets)
    if "kinds" in fields:
        columns["kinds"] = _check_kinds(problems, fields["kinds"], owner_id)
    if "secret" in fields:
        problems.check("secret", _secret, fields["secret"])
        if not secrets.can_seal:
            message = "this platform has no key to encrypt secrets with"
            problems.add("secret", message, f"set {SETTING} for all its roles")
    problems.raise_if_any()
    if "secret" in fields:
        columns["secret"] = secrets.seal(fields["secret"])
    return columns


async def _check_url(problems: Problems, url: str, targets: Targets) -> None:
    known = len(problems.found)
    target = problems.check("url", read_url, url)
    if len(problems.found) > known:
        return
    try:
        await targets.find(target)
    except BadTarget as error:
        problems.add("url", str(error), _TO_PUBLIC)


def _check_kinds(
    problems: Problems, kinds: Sequence[EventKind], owner_id: UUID | None
) -> list[str]:
    if not kinds:
        problems.add("kinds", "none is given", "give one at least, or disable the webhook")
    if EventKind.PING in kinds:
        problems.add("kinds", "a PING is sent by testWebhook alone", "leave it out")
    if owner_id is not None and (found := sorted(OF_PLATFORM.intersection(kinds))):
        problems.add("kinds", f"no tenant is told of {', '.join(found)}", "leave them out")
    return sorted({str(kind) for kind in kinds})


def _secret(text: str) -> str:
    """What signs: long enough not to be guessed, of visible characters."""
    least, most = SECRET_LENGTHS
    if not least <= len(text) <= most:
        raise Refused(f"a secret of {len(text)} characters", f"use {least} to {most}")
    if not text.isascii() or has_control(text) or " " in text:
        raise Refused("the secret has a character that is not visible ASCII", "use that only")
    return text
