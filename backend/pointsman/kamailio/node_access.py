"""Which Kamailio node asks? By its token, or by an address that is listed as trusted.

The answer depends on the snapshot alone, so that it holds without a database. No header but
Authorization is read: an X-Forwarded-For is what anybody writes.
"""

import base64
import hmac
from collections.abc import Sequence
from ipaddress import ip_network

from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.source_table import SourceTable
from pointsman.token_hash import hash_token

_NO_DIGEST = bytes(32)
_MAX_KNOWN = 256


class NodeAccess:
    """The nodes of a snapshot, found by token or address."""

    __slots__ = ("_by_digest", "_by_id", "_known", "_trusted")

    def __init__(self, nodes: Sequence[KamailioNode]) -> None:
        self._by_id = {node.id: node for node in nodes}
        self._by_digest = {node.token_sha256: node for node in nodes}
        self._known: dict[bytes, KamailioNode] = {}
        self._trusted = SourceTable(
            {ip_network(cidr): node.id for node in nodes for cidr in node.trusted_cidrs}
        )

    def find(self, authorization: bytes | None, peer_ip: str) -> KamailioNode | None:
        """The node that asks, or None.

        `Bearer TOKEN`, or `Basic` with the node's name and its token, which is what a URL of
        the form http://NAME:TOKEN@host/ makes of them (RFC 7617). With a header the address
        does not count: a wrong token is wrong from everywhere.
        """
        if authorization is None:
            return self._by_id.get(self._trusted.longest(peer_ip) or "")
        node = self._known.get(authorization)
        if node is not None:
            return node
        name, token = _read_credentials(authorization)
        digest = hash_token(token)
        # The digest tells nothing of the token, so looking it up leaks no time that helps.
        node = self._by_digest.get(digest)
        known = hmac.compare_digest(digest, _NO_DIGEST if node is None else node.token_sha256)
        if node is None or not known or name not in (None, node.name):
            return None
        # A header that was right once is right for as long as this snapshot is; its bytes are
        # compared only where their keyed hash is equal, which nobody can steer.
        if len(self._known) < _MAX_KNOWN:
            self._known[authorization] = node
        return node


def _read_credentials(authorization: bytes) -> tuple[str | None, str]:
    scheme, _, rest = authorization.decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return None, rest.strip()
    if scheme.lower() == "basic":
        try:
            name, _, token = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except ValueError:  # no base64, no UTF-8, no ASCII
            return None, ""
        return name, token
    return None, ""
