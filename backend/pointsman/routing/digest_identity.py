"""Who a caller is by digest authentication (RFC 7616, RFC 8760), where its address tells not."""

from msgspec import Struct


class DigestIdentity(Struct, frozen=True, gc=False):
    """The inbound credential of a trunk: `ha1` is MD5(username:realm:password) in hexadecimal,
    `ha1_sha256` the same by SHA-256, "" where the password was set before that was kept. Each is
    as good as the password within its realm."""

    username: str
    realm: str
    ha1: str
    ha1_sha256: str = ""

    def __repr__(self) -> str:
        return f"DigestIdentity(username={self.username!r}, realm={self.realm!r})"
