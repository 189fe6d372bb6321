"""Secrets that the core carries are never shown with the object that has them."""

import pytest

from pointsman.routing.credential import Credential, make_credential
from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.sealed_trunk import SealedTrunk, open_trunk
from tests.routing.world import pbx_trunk


@pytest.mark.parametrize(
    "credential", [Credential("acme", "canary"), make_credential("acme", "canary", "a.example")]
)
def test_a_password_is_not_shown(credential: Credential) -> None:
    shown = repr(credential)
    assert shown == f"Credential(username='acme', realm={credential.realm!r})"


def test_an_ha1_is_not_shown() -> None:
    shown = repr(DigestIdentity("acme", "pbx.example", "canary", "canary"))
    assert shown == "DigestIdentity(username='acme', realm='pbx.example')"


def test_a_ha1_is_that_of_the_standard() -> None:
    """RFC 2617 section 3.5; for SHA-256, RFC 7616 section 3.9.1 has the response to it alone."""
    md5 = hash_a1("Mufasa", "testrealm@host.com", "Circle Of Life")
    assert md5 == "939e7578ed9e3c518a452acee763bce9"
    sha = hash_a1("Mufasa", "http-auth@example.org", "Circle of Life", DigestAlgorithm.SHA_256)
    assert sha == "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"


def test_a_credential_of_one_realm_has_no_password() -> None:
    credential = make_credential("acme", "canary", "a.example")
    assert credential.password == ""
    assert credential.ha1 == hash_a1("acme", "a.example", "canary")
    assert credential.ha1_sha256 == hash_a1("acme", "a.example", "canary", DigestAlgorithm.SHA_256)
    assert make_credential("acme", "canary", "") == Credential("acme", "canary")


def _unseal(sealed: bytes) -> str | None:
    return None if sealed == b"other key" else sealed.decode()


@pytest.mark.parametrize(
    ("ha1", "ha1_sha256", "identity", "lacks"),
    [
        (None, None, None, False),
        (b"m", None, DigestIdentity("u", "r", "m"), False),
        (b"m", b"s", DigestIdentity("u", "r", "m", "s"), False),
        (b"m", b"other key", DigestIdentity("u", "r", "m"), True),
        (b"other key", b"s", None, True),
    ],
)
def test_a_trunk_has_what_a_key_opens(
    ha1: bytes | None, ha1_sha256: bytes | None, identity: DigestIdentity | None, *, lacks: bool
) -> None:
    sealed = SealedTrunk(
        "pbx",
        digest_username="u",
        digest_realm="r",
        digest_ha1=ha1,
        digest_ha1_sha256=ha1_sha256,
    )
    trunk = open_trunk(pbx_trunk("pbx", "acme", "192.0.2.1"), sealed, _unseal)
    assert (trunk.digest, trunk.lacks_secret) == (identity, lacks)
