"""A call that asks where to go: what Kamailio saw, parsed."""

from msgspec import Struct

from pointsman.routing.trunk import Transport
from pointsman.routing.uri import NameAddr, Uri


class Sender(Struct, frozen=True, gc=False):
    """Where a call comes from: by its socket, or by what a proxy says of one that it forwards."""

    ip: str
    port: int
    transport: Transport


class Diversion(Struct, frozen=True, gc=False):
    """Who was called before, and why the call went on (RFC 5806): "unconditional" and so on.
    `counter` is how often in a row; a `private` one is for those who are trusted only."""

    party: NameAddr
    reason: str
    counter: int = 1
    private: bool = False


class Call(Struct, frozen=True, gc=False):
    """One initial INVITE.

    `source_ip` and `source_port` are those of the socket it came in by, never of a header.
    `request_uri` holds the called number, `from_` the calling one. Of To the display name counts,
    and `to_uri`, as it came, when the Request-URI is a contact that we have registered: it is read
    then and not before, since of most calls it never is. `asserted` is the P-Asserted-Identity the
    peer sent (RFC 3325); `has_unreadable_identity` when it sent one that cannot be read, for
    which no other must stand in. `received_ip` and `received_port` are the local socket of the
    Kamailio node, "" and 0 when the node did not say.

    `forwarded` is what the sender says of a call that it forwards, to be believed of listed
    proxies only. `username` and `realm` are those of the caller's digest credentials, "" without;
    `authenticated` when the node has verified them. `privacy` has the values of Privacy
    (RFC 3323), lower case; `diversions` who was called before, the last one first.
    """

    sip_call_id: str
    source_ip: str
    source_port: int
    transport: Transport
    request_uri: Uri
    from_: NameAddr
    to_display: str
    asserted: NameAddr | None = None
    has_unreadable_identity: bool = False
    received_ip: str = ""
    received_port: int = 0
    forwarded: Sender | None = None
    username: str = ""
    realm: str = ""
    authenticated: bool = False
    privacy: frozenset[str] = frozenset()
    diversions: tuple[Diversion, ...] = ()
    to_uri: str = ""
