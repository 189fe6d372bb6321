"""Who a caller is by digest authentication (RFC 8760, RFC 2617), where its address tells not."""

from msgspec import Struct


class DigestIdentity(Struct, frozen=True, gc=False):
    """The inbound credential of a trunk: `ha1` is MD5(username:realm:password) in hexadecimal,
    which is as good as the password within its realm."""

    username: str
    realm: str
    ha1: str

    def __repr__(self) -> str:
        return f"DigestIdentity(username={self.username!r}, realm={self.realm!r})"
