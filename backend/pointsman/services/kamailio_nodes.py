"""Kamailio nodes: who may ask where calls go."""

from collections.abc import Sequence

from pointsman.auth import NODE_TOKEN_PREFIX, Principal, new_token, require_platform
from pointsman.models import KamailioNode
from pointsman.routing.kamailio_node import KamailioNode as RoutedNode
from pointsman.routing.source_table import parse_ip
from pointsman.services import validation
from pointsman.services.changes import change, describe
from pointsman.services.validation import Problems
from pointsman.token_hash import hash_token


async def create_kamailio_node(
    principal: Principal,
    *,
    name: str,
    sockets: Sequence[str] = (),
    trusted_cidrs: Sequence[str] = (),
) -> str:
    """Make a node; its token is returned once and kept hashed.

    `sockets` are its SIP addresses as ip:port, to which no call is ever sent; from
    `trusted_cidrs` it may ask without a token.
    """
    require_platform(principal, "create a Kamailio node")
    problems = Problems()
    name = problems.check("name", validation.name, name)
    for index, socket in enumerate(sockets):
        _check_socket(problems, f"sockets[{index}]", socket)
    networks = [
        problems.check(f"trusted_cidrs[{index}]", validation.cidr, text)
        for index, text in enumerate(trusted_cidrs)
    ]
    problems.raise_if_any()
    token = new_token(NODE_TOKEN_PREFIX)
    async with change(principal) as made:
        row = await KamailioNode.create(
            name=name,
            token_sha256=hash_token(token),
            sockets=list(sockets),
            trusted_cidrs=[str(network) for network in networks],
        )
        made.created(row, describe(row))
    return token


async def node_token_is_known(token: str) -> bool:
    """Whether the database has a node with this token."""
    return await KamailioNode.exists(token_sha256=hash_token(token))


def split_socket(socket: str) -> tuple[str, int]:
    """Host and port of "192.0.2.1:5060" or "[2001:db8::1]:5060"; raises ValueError."""
    host, _, port = socket.rpartition(":")
    address = parse_ip(host.removeprefix("[").removesuffix("]"))
    if address is None or not port.isascii() or not port.isdigit():
        raise ValueError(socket)
    return str(address), int(port)


def _check_socket(problems: Problems, path: str, socket: str) -> None:
    try:
        _, port = split_socket(socket)
    except ValueError:
        problems.add(path, f"{socket!r} is no SIP address", "write ip:port, as 192.0.2.1:5060")
    else:
        problems.check(path, validation.port, port)


async def load_kamailio_nodes() -> tuple[RoutedNode, ...]:
    """All Kamailio nodes, as the core knows them."""
    return tuple(
        RoutedNode(
            id=str(row.id),
            name=row.name,
            sockets=tuple(split_socket(socket) for socket in row.sockets),
            token_sha256=bytes(row.token_sha256),
            trusted_cidrs=tuple(row.trusted_cidrs),
        )
        for row in await KamailioNode.all().order_by("id")
    )
