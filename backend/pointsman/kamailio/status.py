"""POST /kamailio/status: what the agent of a Kamailio node tells of it, for the database.

Each list that is given is all that the node has to tell of its kind; one that is absent is as it
was. 204 when it is stored, 400 for what is no status.
"""

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from msgspec import Struct

from pointsman.kamailio.asking_node import AskingNode
from pointsman.services.endpoint_states import ReportedState, store_endpoint_states
from pointsman.services.registration_states import (
    ReportedRegistration,
    store_registration_states,
)

PATH = "/kamailio/status"

status_routes = APIRouter()


class NodeStatus(Struct, frozen=True):
    """What a node tells: of the endpoints that it probes, and of what it registers."""

    endpoints: list[ReportedState] | None = None
    registrations: list[ReportedRegistration] | None = None


_DECODER = msgspec.json.Decoder(NodeStatus)


@status_routes.post(PATH)
async def store_status(request: Request, node: AskingNode) -> Response:
    """Store it."""
    try:
        status = _DECODER.decode(await request.body())
    except msgspec.MsgspecError as error:
        told = {"error": {"code": "BAD_REQUEST", "field": "", "message": str(error)}}
        return JSONResponse(told, 400)
    if status.endpoints is not None:
        await store_endpoint_states(node.id, status.endpoints)
    if status.registrations is not None:
        await store_registration_states(node.id, status.registrations)
    return Response(status_code=204)
