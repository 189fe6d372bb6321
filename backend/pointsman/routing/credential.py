"""How a leg answers a challenge of the far end (RFC 3261 section 22)."""

from msgspec import Struct

from pointsman.routing.digest_hash import DigestAlgorithm, hash_a1


class Credential(Struct, frozen=True, gc=False):
    """The outbound credential of a trunk. With a realm it has the hashes of the password that
    hold there, and no password; with `realm` "" any realm's challenge is answered, which takes
    the password itself."""

    username: str
    password: str = ""
    realm: str = ""
    ha1: str = ""
    ha1_sha256: str = ""

    def __repr__(self) -> str:
        return f"Credential(username={self.username!r}, realm={self.realm!r})"


def make_credential(username: str, password: str, realm: str) -> Credential:
    """The credential of a user: where its realm is known the password goes no further."""
    if not realm:
        return Credential(username, password)
    return Credential(
        username,
        "",
        realm,
        hash_a1(username, realm, password),
        hash_a1(username, realm, password, DigestAlgorithm.SHA_256),
    )
