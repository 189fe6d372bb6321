"""A Kamailio router that asks where calls go."""

from msgspec import Struct


class KamailioNode(Struct, frozen=True, gc=False):
    """`sockets` are the node's own SIP addresses (host, port), to which no call may ever be
    sent; `token_sha256` is its token hashed; `trusted_cidrs` lists the addresses from which
    it may ask without a token."""

    id: str
    name: str
    sockets: tuple[tuple[str, int], ...] = ()
    token_sha256: bytes = b""
    trusted_cidrs: tuple[str, ...] = ()
