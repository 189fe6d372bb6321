"""A trunk's credentials as they are kept: encrypted."""

from collections.abc import Callable

from msgspec import Struct, structs

from pointsman.routing.credential import Credential
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.trunk import Trunk

Unseal = Callable[[bytes], str | None]


class SealedTrunk(Struct, frozen=True, gc=False):
    """What of a trunk is encrypted, None where there is none: the password of its outbound
    credential, the HA1 of its callers' identity; and what goes with each."""

    trunk_id: str
    outbound_username: str = ""
    outbound_realm: str = ""
    outbound_password: bytes | None = None
    digest_username: str = ""
    digest_realm: str = ""
    digest_ha1: bytes | None = None


def open_trunk(trunk: Trunk, sealed: SealedTrunk, unseal: Unseal) -> Trunk:
    """The trunk with its credentials; without those that no key opens, which it says."""
    password = None if sealed.outbound_password is None else unseal(sealed.outbound_password)
    ha1 = None if sealed.digest_ha1 is None else unseal(sealed.digest_ha1)
    credential = digest = None
    if password is not None:
        credential = Credential(sealed.outbound_username, password, sealed.outbound_realm)
    if ha1 is not None:
        digest = DigestIdentity(sealed.digest_username, sealed.digest_realm, ha1)
    return structs.replace(
        trunk,
        credential=credential,
        digest=digest,
        lacks_secret=(password is None and sealed.outbound_password is not None)
        or (ha1 is None and sealed.digest_ha1 is not None),
    )
