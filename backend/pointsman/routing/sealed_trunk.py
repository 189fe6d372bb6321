"""A trunk's credentials as they are kept: encrypted."""

from collections.abc import Callable

from msgspec import Struct, structs

from pointsman.routing.credential import make_credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.trunk import Trunk

Unseal = Callable[[bytes], str | None]


class SealedTrunk(Struct, frozen=True, gc=False):
    """What of a trunk is encrypted, None where there is none: the password of its outbound
    credential, the HA1s of its callers' identity; and what goes with each."""

    trunk_id: str
    outbound_username: str = ""
    outbound_realm: str = ""
    outbound_password: bytes | None = None
    digest_username: str = ""
    digest_realm: str = ""
    digest_ha1: bytes | None = None
    digest_ha1_sha256: bytes | None = None


def open_trunk(trunk: Trunk, sealed: SealedTrunk, unseal: Unseal) -> Trunk:
    """The trunk with its credentials; without those that no key opens, which it says."""
    password = _open(sealed.outbound_password, unseal)
    ha1 = _open(sealed.digest_ha1, unseal)
    ha1_sha256 = _open(sealed.digest_ha1_sha256, unseal)
    credential = digest = None
    if password:
        credential = make_credential(sealed.outbound_username, password, sealed.outbound_realm)
    if ha1:
        digest = DigestIdentity(sealed.digest_username, sealed.digest_realm, ha1, ha1_sha256 or "")
    return structs.replace(
        trunk,
        credential=credential,
        digest=digest,
        lacks_secret=None in (password, ha1, ha1_sha256),
    )


def _open(sealed: bytes | None, unseal: Unseal) -> str | None:
    """The secret, "" where there is none, None when no key opens it."""
    return "" if sealed is None else unseal(sealed)
