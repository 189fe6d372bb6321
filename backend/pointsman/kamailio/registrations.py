"""GET /kamailio/registrations: what a node has to register, as its router's snapshot has it.

Passwords are in it, opened as they are for the legs of a call, so that it is for the node that
asks and nobody else, and stands in no log.
"""

import hashlib

import msgspec
from fastapi import FastAPI, Request, Response

from pointsman.kamailio.listed_registration import (
    LIST_PATH,
    ListedRegistration,
    RegistrationList,
)
from pointsman.kamailio.router import refuse
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.node_registration import Contacts, NodeRegistration


def list_registrations(contacts: Contacts, node: KamailioNode) -> list[ListedRegistration]:
    """What this node registers."""
    own = [each for each in contacts.values() if each.node in ("", node.name)]
    return [_listed(each) for each in sorted(own, key=lambda each: each.trunk_id)]


def _listed(each: NodeRegistration) -> ListedRegistration:
    return ListedRegistration(
        id=each.trunk_id,
        contact_user=each.contact_user,
        username=each.username,
        domain=each.domain,
        registrar=f"sip:{each.registrar}",
        transport=each.transport,
        realm=each.realm,
        auth_username=each.auth_username,
        auth_password=each.auth_password,
        auth_ha1=each.auth_ha1,
        expires_s=each.expires_s,
        socket=each.socket,
    )


def serve_registrations(app: FastAPI, feed: SnapshotFeed) -> None:
    """Answer LIST_PATH; its ETag is another one whenever anything of the list is."""

    @app.get(LIST_PATH)
    async def registrations(request: Request) -> Response:
        """The list for the node whose token it is."""
        published = feed.current
        if published is None:
            return _refuse(503, feed.refusal, "no configuration is in use")
        authorization = request.headers.get("authorization")
        node = published.access.find(
            None if authorization is None else authorization.encode("latin-1"),
            request.client.host if request.client else "",
        )
        if node is None:
            return _refuse(401, "UNAUTHENTICATED", "send the token of a Kamailio node")
        listed = list_registrations(published.snapshot.contacts, node)
        etag = f'"{hashlib.sha256(msgspec.json.encode(listed)).hexdigest()[:32]}"'
        headers = {"etag": etag, "cache-control": "no-store"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        body = msgspec.json.encode(RegistrationList(published.snapshot.revision, listed))
        return Response(body, media_type="application/json", headers=headers)


def _refuse(status: int, code: str, message: str) -> Response:
    """As the router refuses a question."""
    reply = refuse(status, code, message)
    response = Response(reply.body, status)
    response.raw_headers = [
        *reply.headers,
        (b"content-length", str(len(reply.body)).encode()),
    ]
    return response
