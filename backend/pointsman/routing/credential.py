"""How a leg answers a challenge of the far end (RFC 3261 section 22)."""

from msgspec import Struct


class Credential(Struct, frozen=True, gc=False):
    """The outbound credential of a trunk; with `realm` "" any realm's challenge is answered."""

    username: str
    password: str
    realm: str = ""

    def __repr__(self) -> str:
        return f"Credential(username={self.username!r}, realm={self.realm!r})"
