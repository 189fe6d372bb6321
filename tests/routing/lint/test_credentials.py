"""Credentials that could be kept better."""

from msgspec import structs

from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.lint.finding import FindingCode, Severity
from tests.routing.lint.checked import clean_world, codes, findings, named


def test_a_password_that_kamailio_is_told_is_told_of() -> None:
    world = clean_world()
    alpha, beta = world.trunks[2], world.trunks[3]
    world.trunks[2] = structs.replace(alpha, credential=Credential("acme", "canary"))
    world.trunks[3] = structs.replace(
        beta, credential=make_credential("acme", "canary", "beta.example")
    )
    (finding,) = findings(world, FindingCode.OUTBOUND_WITHOUT_REALM)
    assert (finding.severity, finding.tenant_id) == (Severity.WARNING, "")
    assert finding.message == (
        "the password of acme goes with each call to the trunk alpha-1, as it is: its hash would "
        "do if its realm were known"
    )
    assert finding.fix == "set outboundRealm to the realm of the far end's challenge"
    assert named(world, FindingCode.OUTBOUND_WITHOUT_REALM) == [[alpha.name]]


def test_a_digest_user_of_md5_alone_is_told_of() -> None:
    world = clean_world()
    identity = DigestIdentity("acme", "acme.example", "0" * 32)
    world.trunks[0] = structs.replace(world.trunks[0], digest=identity)
    (finding,) = findings(world, FindingCode.DIGEST_WITHOUT_SHA256)
    assert (finding.severity, finding.tenant_id) == (Severity.WARNING, "acme")
    assert finding.message == (
        "the password of acme, by whom calls of the trunk acme-pbx are told, was set when only "
        "MD5 was kept of it: nobody in the realm acme.example can sign in by SHA-256"
    )
    assert finding.fix == "set digestPassword again"
    identity = structs.replace(identity, ha1_sha256="0" * 64)
    world.trunks[0] = structs.replace(world.trunks[0], digest=identity)
    assert codes(world) == []
