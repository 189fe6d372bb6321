"""Secrets that the core carries are never shown with the object that has them."""

from pointsman.routing.credential import Credential
from pointsman.routing.digest_identity import DigestIdentity


def test_a_password_is_not_shown() -> None:
    shown = repr(Credential("acme", "canary", "alpha.example"))
    assert shown == "Credential(username='acme', realm='alpha.example')"


def test_an_ha1_is_not_shown() -> None:
    shown = repr(DigestIdentity("acme", "pbx.example", "canary"))
    assert shown == "DigestIdentity(username='acme', realm='pbx.example')"
