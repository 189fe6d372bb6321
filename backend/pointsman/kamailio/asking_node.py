"""Which Kamailio node asks a role that has the database: the same rules as a router's, of the nodes
that there are now."""

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from pointsman.errors import Unauthenticated
from pointsman.kamailio.node_access import NodeAccess
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.services.kamailio_nodes import load_kamailio_nodes

# A node that waits for longer asks again.
_TIMEOUT_S = 5.0


async def find_asking_node(request: Request) -> KamailioNode:
    """The node whose token, or trusted address, the request has; raises Unauthenticated."""
    authorization = request.headers.get("authorization")
    async with asyncio.timeout(_TIMEOUT_S):
        nodes = await load_kamailio_nodes()
    node = NodeAccess(nodes).find(
        None if authorization is None else authorization.encode("latin-1"),
        request.client.host if request.client else "",
    )
    if node is None:
        raise Unauthenticated("send the token of a Kamailio node")
    return node


AskingNode = Annotated[KamailioNode, Depends(find_asking_node)]
