"""How trunks prove who they are, and what of that anybody gets to see."""

import base64
import json
from typing import Any

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput
from pointsman.models import ChangeRecord, ConfigRevision, Trunk
from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.trunk import Trunk as RoutedTrunk
from pointsman.services.domains import create_domain
from pointsman.services.secrets import NO_KEYS, Secrets
from pointsman.services.trunk_credentials import reseal_credentials
from pointsman.services.trunks import create_trunk, load_trunks, update_trunk
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")

KEY, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
SECRETS = Secrets([KEY])
OUTBOUND: dict[str, Any] = {"outbound_username": "acme", "outbound_password": "hunter2"}
DIGEST: dict[str, Any] = {
    "digest_username": "Mufasa",
    "digest_realm": "testrealm@host.com".replace("@", "."),
    "digest_password": "Circle Of Life",
}
_A1 = ("Mufasa", "testrealm.host.com", "Circle Of Life")
HA1, HA1_SHA256 = hash_a1(*_A1), hash_a1(*_A1, DigestAlgorithm.SHA_256)


async def _loaded(row: Trunk, secrets: Secrets = SECRETS) -> RoutedTrunk:
    (found,) = [trunk for trunk in await load_trunks(secrets) if trunk.id == str(row.id)]
    return found


async def _refused(attempt: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: (problem.message, problem.fix) for problem in caught.value.problems}


async def test_the_core_gets_what_the_operator_wrote(admin: Principal, objects: Objects) -> None:
    row = await create_trunk(
        admin,
        name="home",
        tenant_id=objects.acme.id,
        secrets=SECRETS,
        outbound_realm="Carrier One",
        **OUTBOUND,
        **DIGEST,
    )
    loaded = await _loaded(row)
    assert loaded.credential == make_credential("acme", "hunter2", "Carrier One")
    assert loaded.digest == DigestIdentity("Mufasa", "testrealm.host.com", HA1, HA1_SHA256)
    assert not loaded.lacks_secret


async def test_what_is_stored_is_sealed(admin: Principal, objects: Objects) -> None:
    row = await update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **OUTBOUND, **DIGEST)
    stored = await Trunk.get(id=row.id)
    for sealed, secret in (
        (stored.outbound_password, "hunter2"),
        (stored.digest_ha1, HA1),
        (stored.digest_ha1_sha256, HA1_SHA256),
    ):
        assert sealed is not None
        assert secret.encode() not in sealed
        assert SECRETS.unseal(sealed) == secret


async def test_a_secret_that_no_key_opens_leaves_the_trunk_without_it(
    admin: Principal, objects: Objects
) -> None:
    row = await update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **OUTBOUND, **DIGEST)
    for secrets in (Secrets([OTHER]), NO_KEYS):
        loaded = await _loaded(row, secrets)
        assert (loaded.credential, loaded.digest, loaded.lacks_secret) == (None, None, True)
    half = await update_trunk(admin, row.id, secrets=Secrets([OTHER]), outbound_password="new")
    loaded = await _loaded(half, Secrets([OTHER]))
    assert loaded.credential == Credential("acme", "new")
    assert (loaded.digest, loaded.lacks_secret) == (None, True)
    assert (await _loaded(half, Secrets([OTHER, KEY]))).lacks_secret is False
    assert (await _loaded(objects.zen_pbx, NO_KEYS)).lacks_secret is False


@pytest.mark.parametrize("fields", [OUTBOUND, DIGEST])
async def test_without_a_key_no_secret_is_saved(
    admin: Principal, objects: Objects, fields: dict[str, Any]
) -> None:
    problems = await _refused(update_trunk(admin, objects.acme_pbx.id, **fields))
    (path,) = problems
    assert path in ("outboundPassword", "digestPassword")
    assert problems[path] == (
        "this platform has no key to encrypt secrets with",
        "set POINTSMAN_SECRET_KEYS for all its roles",
    )
    stored = await Trunk.get(id=objects.acme_pbx.id)
    assert (stored.outbound_username, stored.digest_username) == ("", "")
    # What has no secret needs no key.
    await update_trunk(admin, objects.acme_pbx.id, name="renamed")


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"outbound_username": "a"}, {"outboundPassword"}),
        ({"outbound_password": "p"}, {"outboundPassword"}),
        ({"outbound_realm": "r"}, {"outboundRealm"}),
        ({"outbound_realm": "r", "outbound_password": "p"}, {"outboundRealm", "outboundPassword"}),
        ({"outbound_username": "a", "outbound_password": ""}, {"outboundPassword"}),
        ({"outbound_username": "a" * 129, "outbound_password": "p"}, {"outboundUsername"}),
        ({"outbound_username": 'a"', "outbound_password": "p"}, {"outboundUsername"}),
        ({"outbound_username": "a\r\nX: y", "outbound_password": "p"}, {"outboundUsername"}),
        ({"outbound_username": "a", "outbound_password": "p\n"}, {"outboundPassword"}),
        ({"outbound_username": "a", "outbound_password": "p" * 129}, {"outboundPassword"}),
        (
            {"outbound_username": "a", "outbound_password": "p", "outbound_realm": "\\"},
            {"outboundRealm"},
        ),
        ({"digest_username": "a"}, {"digestRealm", "digestPassword"}),
        ({"digest_username": "a", "digest_realm": "a.example"}, {"digestPassword"}),
        ({"digest_username": "a", "digest_password": "p"}, {"digestRealm"}),
        ({"digest_realm": "a.example"}, {"digestRealm"}),
        ({"digest_password": "p"}, {"digestPassword"}),
        ({**DIGEST, "digest_username": "a:b"}, {"digestUsername"}),
        ({**DIGEST, "digest_realm": "no realm"}, {"digestRealm"}),
        ({**DIGEST, "digest_password": ""}, {"digestPassword"}),
    ],
)
async def test_half_a_credential_is_none(
    admin: Principal, objects: Objects, fields: dict[str, Any], paths: set[str]
) -> None:
    problems = await _refused(update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **fields))
    assert problems.keys() == paths
    made = create_trunk(admin, name="x", tenant_id=objects.acme.id, secrets=SECRETS, **fields)
    assert (await _refused(made)).keys() == paths


async def test_an_outbound_credential_changes_field_by_field(
    admin: Principal, objects: Objects
) -> None:
    trunk_id = objects.acme_pbx.id
    await update_trunk(admin, trunk_id, secrets=SECRETS, **OUTBOUND)
    # Neither needs the password again, nor a key.
    row = await update_trunk(admin, trunk_id, outbound_realm="r")
    row = await update_trunk(admin, trunk_id, outbound_username="other")
    assert (await _loaded(row)).credential == make_credential("other", "hunter2", "r")
    row = await update_trunk(admin, trunk_id, secrets=SECRETS, outbound_password="new")
    assert (await _loaded(row)).credential == make_credential("other", "new", "r")
    row = await update_trunk(admin, trunk_id, outbound_username="")
    assert (await _loaded(row)).credential is None
    stored = await Trunk.get(id=trunk_id)
    assert (stored.outbound_realm, stored.outbound_password) == ("", None)


@pytest.mark.parametrize(
    "fields", [{"digest_username": "Simba"}, {"digest_realm": "elsewhere.example"}]
)
async def test_a_ha1_holds_for_its_user_and_realm_alone(
    admin: Principal, objects: Objects, fields: dict[str, Any]
) -> None:
    trunk_id = objects.acme_pbx.id
    await update_trunk(admin, trunk_id, secrets=SECRETS, **DIGEST)
    assert await _refused(update_trunk(admin, trunk_id, secrets=SECRETS, **fields)) == {
        "digestPassword": (
            "what is kept of the password holds for the former user and realm only",
            "give digestPassword too",
        )
    }
    given = {**DIGEST, **fields}
    row = await update_trunk(
        admin, trunk_id, secrets=SECRETS, digest_password="Circle Of Life", **fields
    )
    identity = (await _loaded(row)).digest
    assert identity is not None
    a1 = (given["digest_username"], given["digest_realm"], given["digest_password"])
    assert identity.ha1 == hash_a1(*a1)
    assert identity.ha1_sha256 == hash_a1(*a1, DigestAlgorithm.SHA_256)


@pytest.mark.parametrize(
    "fields",
    [{"digest_username": "", "digest_realm": ""}, {"digest_username": ""}],
)
async def test_without_a_user_there_is_no_ha1(
    admin: Principal, objects: Objects, fields: dict[str, Any]
) -> None:
    trunk_id = objects.acme_pbx.id
    await update_trunk(admin, trunk_id, secrets=SECRETS, **DIGEST)
    row = await update_trunk(admin, trunk_id, **fields)
    assert (await _loaded(row)).digest is None
    stored = await Trunk.get(id=trunk_id)
    assert (stored.digest_realm, stored.digest_ha1, stored.digest_ha1_sha256) == ("", None, None)


async def test_of_a_password_that_was_set_before_there_is_md5_until_it_is_set_again(
    admin: Principal, objects: Objects
) -> None:
    trunk_id = objects.acme_pbx.id
    await update_trunk(admin, trunk_id, secrets=SECRETS, **DIGEST)
    await Trunk.filter(id=trunk_id).update(digest_ha1_sha256=None)
    row = await update_trunk(admin, trunk_id, name="renamed", secrets=SECRETS)
    assert (await _loaded(row)).digest == DigestIdentity("Mufasa", "testrealm.host.com", HA1)
    row = await update_trunk(
        admin, trunk_id, secrets=SECRETS, digest_password=DIGEST["digest_password"]
    )
    identity = (await _loaded(row)).digest
    assert identity == DigestIdentity("Mufasa", "testrealm.host.com", HA1, HA1_SHA256)


async def test_the_same_user_and_realm_need_no_password_again(
    admin: Principal, objects: Objects
) -> None:
    trunk_id = objects.acme_pbx.id
    await update_trunk(admin, trunk_id, secrets=SECRETS, **DIGEST)
    revisions = await ConfigRevision.all().count()
    same = {name: value for name, value in DIGEST.items() if name != "digest_password"}
    row = await update_trunk(admin, trunk_id, **same)
    assert (await _loaded(row)).digest == DigestIdentity(
        "Mufasa", "testrealm.host.com", HA1, HA1_SHA256
    )
    assert await ConfigRevision.all().count() == revisions


async def test_a_user_of_a_realm_is_one_trunks_on_the_platform(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    await update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **DIGEST)
    with pytest.raises(Conflict) as caught:
        await update_trunk(of_zen, objects.zen_pbx.id, secrets=SECRETS, **DIGEST)
    assert (caught.value.path, str(caught.value)) == (
        "digestUsername",
        "another trunk has this digest user in this realm",
    )
    elsewhere = {**DIGEST, "digest_realm": "zen.example"}
    await update_trunk(of_zen, objects.zen_pbx.id, secrets=SECRETS, **elsewhere)


async def test_no_tenant_has_a_user_in_anothers_domain_or_at_an_address(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    for tenant, trunk in ((objects.acme, objects.acme_pbx), (objects.zen, objects.zen_pbx)):
        name = f"{tenant.name.lower()}.example"
        await create_domain(admin, tenant_id=tenant.id, name=name, pbx_trunk_id=trunk.id)
    trunk_id = objects.zen_pbx.id
    for realm, message in (
        ("Acme.example", "acme.example is a domain of another tenant"),
        ("203.0.113.1", "203.0.113.1 is an address"),
    ):
        given = {**DIGEST, "digest_realm": realm}
        problems = await _refused(update_trunk(of_zen, trunk_id, secrets=SECRETS, **given))
        assert problems.keys() == {"digestRealm"}
        assert problems["digestRealm"][0] == message
        # The platform knows whose address it is, and who may use whose domain.
        row = await update_trunk(admin, trunk_id, secrets=SECRETS, **given)
        assert row.digest_realm == realm.lower()
        # It stays the tenant's once it is.
        await update_trunk(of_zen, trunk_id, secrets=SECRETS, **given)
    for realm in ("zen.example", "elsewhere.example"):
        given = {**DIGEST, "digest_realm": realm}
        row = await update_trunk(of_zen, trunk_id, secrets=SECRETS, **given)
        assert row.digest_realm == realm


async def test_all_secrets_are_encrypted_anew_with_the_first_key(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    old, both, new = Secrets([OTHER]), Secrets([KEY, OTHER]), Secrets([KEY])
    first = await update_trunk(admin, objects.acme_pbx.id, secrets=old, **OUTBOUND, **DIGEST)
    second = await update_trunk(admin, objects.alpha_trunk.id, secrets=old, **OUTBOUND)
    revisions = await ConfigRevision.all().count()
    assert await reseal_credentials(admin, new) == (0, ["alpha-1", "pbx"])
    assert await reseal_credentials(admin, both) == (4, [])
    assert await reseal_credentials(admin, new) == (4, [])
    for row in (first, second):
        assert (await _loaded(row, new)).credential == Credential("acme", "hunter2")
    assert (await _loaded(first, new)).digest is not None
    assert (await _loaded(first, old)).lacks_secret
    assert await ConfigRevision.all().count() == revisions
    with pytest.raises(Forbidden):
        await reseal_credentials(of_zen, both)


@pytest.mark.parametrize(
    ("first", "then", "columns"),
    [
        (OUTBOUND, {"outbound_password": "canary-2"}, {"outbound_password"}),
        (DIGEST, {"digest_password": "canary-2"}, {"digest_ha1", "digest_ha1_sha256"}),
    ],
)
async def test_a_change_of_the_password_alone_is_on_record_without_it(
    admin: Principal, objects: Objects, first: Any, then: Any, columns: set[str]
) -> None:
    await update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **first)
    revisions = await ConfigRevision.all().count()
    await update_trunk(admin, objects.acme_pbx.id, secrets=SECRETS, **then)
    assert await ConfigRevision.all().count() == revisions + 1
    record = await ChangeRecord.all().order_by("-id").first()
    assert record is not None
    assert record.before is not None
    assert record.after is not None
    changed = {name for name in record.after if record.before[name] != record.after[name]}
    assert changed == columns
    for described in (record.before, record.after):
        for column in columns:
            assert described[column].startswith("sealed ")
            assert len(described[column]) == len("sealed ") + 12


async def test_no_secret_is_in_any_record_or_text(admin: Principal, objects: Objects) -> None:
    trunk_id = objects.acme_pbx.id
    canaries = ("canary-outbound", "canary-digest")
    row = await update_trunk(
        admin,
        trunk_id,
        secrets=SECRETS,
        **{**OUTBOUND, "outbound_password": canaries[0]},
        **{**DIGEST, "digest_password": canaries[1]},
    )
    loaded = await _loaded(row)
    assert loaded.digest is not None
    texts = [
        json.dumps([[r.before, r.after] for r in await ChangeRecord.all()]),
        repr(loaded),
        repr(row),
        repr(row.__dict__),
        str(loaded.credential),
    ]
    bad: dict[str, Any] = {
        "outbound_password": f"{canaries[0]}\n",
        "digest_password": "canary" * 99,
    }
    texts.append(str(await _refused(update_trunk(admin, trunk_id, secrets=SECRETS, **bad))))
    for text in texts:
        for secret in (
            *canaries, loaded.digest.ha1, loaded.digest.ha1_sha256, "canarycanary"
        ):  # fmt: skip
            assert secret not in text
