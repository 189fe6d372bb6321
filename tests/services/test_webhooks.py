"""Webhooks: what is stored, audited and refused."""

from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput
from pointsman.models import ChangeRecord, ConfigRevision, EventKind, Webhook
from pointsman.services.secrets import NO_KEYS, Secrets, new_key
from pointsman.services.tenants import delete_tenant
from pointsman.services.webhook_targets import Targets
from pointsman.services.webhooks import (
    MAX_WEBHOOKS,
    create_webhook,
    delete_webhook,
    reseal_webhooks,
    update_webhook,
)
from tests.services.conftest import Objects
from tests.webhooks.conftest import resolving

_SECRETS = Secrets([new_key()])
_PUBLIC = Targets(resolve=resolving(["93.184.215.14"]))
_TO_PUBLIC = "use a host with public addresses; an operator of the platform allows others"
FIELDS: dict[str, Any] = {
    "name": "hook",
    "url": "https://hooks.example/",
    "kinds": [EventKind.TRUNK_UP, EventKind.TRUNK_DOWN, EventKind.TRUNK_UP],
    "secret": "canary-0123456789",
    "secrets": _SECRETS,
    "targets": _PUBLIC,
}


async def _refused(attempt: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: (problem.message, problem.fix) for problem in caught.value.problems}


async def test_it_is_stored_with_its_secret_sealed(admin: Principal, objects: Objects) -> None:
    row = await create_webhook(admin, tenant_id=objects.acme.id, **FIELDS)
    stored = await Webhook.get(id=row.id)
    assert (stored.tenant_id, stored.kinds) == (objects.acme.id, ["TRUNK_DOWN", "TRUNK_UP"])
    assert b"canary" not in stored.secret
    assert _SECRETS.unseal(stored.secret) == "canary-0123456789"


async def test_each_change_is_audited_without_its_secret(
    admin: Principal, objects: Objects
) -> None:
    row = await create_webhook(admin, **FIELDS)
    before = await ConfigRevision.all().count()
    await update_webhook(admin, row.id, secret="canary-another-one", secrets=_SECRETS)
    await update_webhook(admin, row.id, name="hook")
    await delete_webhook(admin, row.id)
    assert await ConfigRevision.all().count() == before + 2
    records = await ChangeRecord.filter(object_id=row.id).order_by("id")
    assert [record.operation for record in records] == ["CREATE", "UPDATE", "DELETE"]
    for record in records:
        assert "canary" not in str((record.before, record.after))
    assert records[1].before["secret"] != records[1].after["secret"]
    assert records[1].after["secret"].startswith("sealed ")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kinds": []}, {"kinds": ("none is given", "give one at least, or disable the webhook")}),
        (
            {"kinds": [EventKind.PING]},
            {"kinds": ("a PING is sent by testWebhook alone", "leave it out")},
        ),
        (
            {"secret": "canary"},
            {"secret": ("a secret of 6 characters", "use 16 to 128")},
        ),
        (
            {"secret": "canary with blanks"},
            {
                "secret": (
                    "the secret has a character that is not visible ASCII",
                    "use that only",
                )
            },
        ),
        (
            {"secrets": NO_KEYS},
            {
                "secret": (
                    "this platform has no key to encrypt secrets with",
                    "set POINTSMAN_SECRET_KEYS for all its roles",
                )
            },
        ),
        (
            {"name": "", "url": "nonsense"},
            {
                "name": ("a name of 0 characters", "use 1 to 100 characters"),
                "url": (
                    "this is no URL of HTTP",
                    "write a URL such as https://hooks.example.com/pointsman",
                ),
            },
        ),
        (
            {"targets": Targets(resolve=resolving(["93.184.215.14", "10.0.0.1"]))},
            {
                "url": (
                    "the host hooks.example has an address that is not public",
                    f"{_TO_PUBLIC} by POINTSMAN_WEBHOOK_PRIVATE_TARGETS",
                )
            },
        ),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_write(
    admin: Principal,
    objects: Objects,
    given: dict[str, Any],
    expected: dict[str, tuple[str, str]],
) -> None:
    assert await _refused(create_webhook(admin, **{**FIELDS, **given})) == expected
    assert await Webhook.all().count() == 0
    row = await create_webhook(admin, **FIELDS)
    fields = {"secrets": _SECRETS, "targets": _PUBLIC, **given}
    if "secrets" in given:
        fields["secret"] = FIELDS["secret"]
    if "targets" in given:
        fields["url"] = FIELDS["url"]
    assert await _refused(update_webhook(admin, row.id, **fields)) == expected


async def test_a_tenant_is_not_told_of_the_platforms_own(
    admin: Principal, objects: Objects
) -> None:
    kinds = [EventKind.TRUNK_DOWN, EventKind.SNAPSHOT_FAILED, EventKind.RECORDS_CONFLICT]
    given = {**FIELDS, "kinds": kinds}
    refused = await _refused(create_webhook(admin, tenant_id=objects.acme.id, **given))
    message = "no tenant is told of RECORDS_CONFLICT, SNAPSHOT_FAILED"
    assert refused == {"kinds": (message, "leave them out")}
    assert (await create_webhook(admin, **given)).tenant_id is None


async def test_only_an_administrator_makes_one_of_the_platform(of_zen: Principal) -> None:
    with pytest.raises(Forbidden, match="create a webhook of the platform"):
        await create_webhook(of_zen, **FIELDS)


async def test_an_owner_has_so_many_of_different_names(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    given = {**FIELDS, "tenant_id": objects.zen.id}
    for number in range(MAX_WEBHOOKS):
        await create_webhook(of_zen, **{**given, "name": f"hook {number}"})
    with pytest.raises(Conflict, match="this owner has 20 webhooks: delete one first"):
        await create_webhook(of_zen, **given)
    await create_webhook(admin, **FIELDS)
    with pytest.raises(Conflict, match="another webhook of this owner has this name"):
        await create_webhook(admin, **FIELDS)


async def test_a_tenant_with_one_stays(admin: Principal, objects: Objects) -> None:
    await create_webhook(admin, tenant_id=objects.zen.id, **FIELDS)
    with pytest.raises(Conflict, match="it is still used by"):
        await delete_tenant(admin, objects.zen.id)


async def test_its_secret_is_encrypted_anew(admin: Principal, objects: Objects) -> None:
    old, new = new_key(), new_key()
    row = await create_webhook(admin, **{**FIELDS, "secrets": Secrets([old])})
    assert await reseal_webhooks(admin, Secrets([new])) == (0, ["hook"])
    assert await reseal_webhooks(admin, Secrets([new, old])) == (1, [])
    stored = await Webhook.get(id=row.id)
    assert Secrets([new]).unseal(stored.secret) == "canary-0123456789"
