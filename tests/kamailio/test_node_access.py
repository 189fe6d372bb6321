import base64

import pytest

from pointsman.kamailio.node_access import NodeAccess
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.token_hash import hash_token

TOKEN = "pmn_of_node_1"
NODES = (
    KamailioNode("1", "node-1", token_sha256=hash_token(TOKEN)),
    KamailioNode(
        "2",
        "node-2",
        token_sha256=hash_token("pmn_of_node_2"),
        trusted_cidrs=("203.0.113.0/28", "2001:db8::/64"),
    ),
)


def _basic(name: str, token: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{name}:{token}".encode())


@pytest.mark.parametrize(
    "authorization",
    [b"Bearer pmn_of_node_1", b"bearer  pmn_of_node_1 ", _basic("node-1", TOKEN)],
)
def test_a_node_is_known_by_its_token(authorization: bytes) -> None:
    node = NodeAccess(NODES).find(authorization, "198.51.100.9")
    assert node is not None
    assert node.name == "node-1"


@pytest.mark.parametrize("ip", ["203.0.113.1", "::ffff:203.0.113.1", "2001:db8::9"])
def test_a_listed_address_needs_no_token(ip: str) -> None:
    node = NodeAccess(NODES).find(None, ip)
    assert node is not None
    assert node.name == "node-2"


@pytest.mark.parametrize("ip", ["203.0.113.16", "198.51.100.9", "", "unix", "2001:db9::9"])
def test_any_other_address_does(ip: str) -> None:
    assert NodeAccess(NODES).find(None, ip) is None


@pytest.mark.parametrize(
    "authorization",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer pmn_of_node_",
        b"Bearer pmn_of_node_11",
        b"Bearer " + hash_token(TOKEN).hex().encode(),
        b"Basic",
        b"Basic !!!",
        b"Basic " + base64.b64encode(b"\xff\xff"),
        b"Basic \xff",
        b"Basic " + "\u00e9".encode(),
        _basic("node-2", TOKEN),
        _basic("", TOKEN),
        b"Digest username=node-1",
        b"Bearer \xff\xfe",
    ],
)
@pytest.mark.parametrize("ip", ["198.51.100.9", "203.0.113.1"])
def test_a_wrong_token_is_wrong_from_everywhere(authorization: bytes, ip: str) -> None:
    assert NodeAccess(NODES).find(authorization, ip) is None
