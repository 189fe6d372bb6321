"""GraphQL over HTTP: JSON by POST for programs, the GraphiQL console by GET for people.

No queries by GET, no batches, no multipart, no subscriptions: one JSON body, one operation.
"""

import json
import re
from importlib import resources
from typing import Annotated

import strawberry
from cross_web import HTTPException
from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse, Response
from strawberry.fastapi import GraphQLRouter

from pointsman.auth import authenticate
from pointsman.graphql.context import Context
from pointsman.graphql.loaders import Loaders
from pointsman.services.configuration_cache import ConfigurationCache
from pointsman.services.explanation import Explainer
from pointsman.services.secrets import Secrets
from pointsman.services.webhook_targets import Targets

PATH = "/graphql"
_ESCAPED_NUL = re.compile(r"\\u(?:0000|\{0+\})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MEDIA_TYPES = {"js": "text/javascript", "css": "text/css", "txt": "text/plain"}
# The console runs what it is served with, and talks to nobody else.
_CONSOLE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; img-src 'self' data:; worker-src 'self' blob:; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Endpoint(GraphQLRouter[Context, None]):
    def decode_json(self, data: str | bytes) -> object:
        """A JSON object; raises HTTPException 400 for anything else."""
        try:
            body = json.loads(data)
            storable = _is_storable(body)
        except (ValueError, RecursionError):
            raise HTTPException(400, "The body is no JSON") from None
        if not isinstance(body, dict):
            raise HTTPException(400, 'The body must be a JSON object: {"query": "..."}')
        query = body.get("query")
        if not isinstance(query, str):
            raise HTTPException(400, 'The body must have a text "query"')
        if _ESCAPED_NUL.search(query) or not storable:
            raise HTTPException(400, "The body has a text that is no Unicode text without NUL")
        return body


def _is_storable(value: object) -> bool:
    """Whether PostgreSQL can keep every text of a JSON value: no NUL, no lone surrogate."""
    if isinstance(value, str):
        return "\0" not in value and _SURROGATE.search(value) is None
    if isinstance(value, dict):
        return all(_is_storable(key) and _is_storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_storable, value))
    return True


def build_endpoint(
    schema: strawberry.Schema,
    *,
    secrets: Secrets,
    targets: Targets,
    explainer: Explainer,
    graphiql: bool,
) -> APIRouter:
    """The routes of the API; raises Unauthenticated for a caller without a good token."""
    configurations = ConfigurationCache(secrets)

    async def context(authorization: Annotated[str | None, Header()] = None) -> Context:
        principal = await authenticate(authorization)
        return Context(principal, Loaders(principal), secrets, targets, configurations, explainer)

    router = APIRouter()
    if graphiql:
        _add_console(router)
    endpoint = _Endpoint(
        schema,
        path=PATH,
        graphql_ide=None,
        allow_queries_via_get=False,
        subscription_protocols=(),
        context_getter=context,
    )
    router.include_router(endpoint)
    return router


def _add_console(router: APIRouter) -> None:
    files = resources.files("pointsman.graphql") / "console"

    @router.get(PATH, include_in_schema=False)
    async def console() -> HTMLResponse:
        """The console's page."""
        return HTMLResponse((files / "index.html").read_text(), headers=_CONSOLE_HEADERS)

    @router.get("/console/{name}", include_in_schema=False)
    async def console_file(name: str) -> Response:
        """A file that the page loads."""
        for file in files.iterdir():
            if file.name == name:
                return _file(file.read_bytes(), name, {})
            if file.name == f"{name}.gz":  # kept packed, as every browser takes it
                return _file(file.read_bytes(), name, {"Content-Encoding": "gzip"})
        return Response(status_code=404)


def _file(content: bytes, name: str, headers: dict[str, str]) -> Response:
    return Response(
        content,
        media_type=_MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
        headers={**_CONSOLE_HEADERS, "Cache-Control": "max-age=3600", **headers},
    )
