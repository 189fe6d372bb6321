"""The control role: GraphQL, its console, health and metrics."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from pointsman.app import build_application, http_options
from pointsman.database import DATABASE_ERRORS, connected, error_text, missing_migrations
from pointsman.database_url import connection_parameters
from pointsman.errors import Unauthenticated
from pointsman.graphql.endpoint import build_endpoint
from pointsman.graphql.schema import build_schema
from pointsman.installation import load_secrets
from pointsman.kamailio.explanation import explain_question
from pointsman.priority import OTHERS_NICE, set_priority
from pointsman.services.config_revisions import get_current_revision
from pointsman.settings import Settings
from pointsman.telemetry import ControlMetrics

# A probe does not wait longer.
_READY_TIMEOUT_S = 2.0

log = structlog.get_logger()


def serve(settings: Settings, database_url: str) -> None:
    """Serve the role in this process until it is told to stop."""
    # Calls come first where there is no core for each.
    set_priority(OTHERS_NICE)
    uvicorn.run(
        build_control(settings, database_url),
        host=settings.control_host,
        port=settings.control_port,
        http="httptools",
        **http_options(),
    )


def build_control(settings: Settings, database_url: str) -> FastAPI:
    """The control role: GraphQL, its console, health and metrics."""
    metrics = ControlMetrics()
    connection_parameters(database_url)  # a bad one stops the start

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with connected(database_url):
            yield

    app = build_application(lifespan, metrics, settings.graphql_max_body_bytes)
    app.add_exception_handler(Unauthenticated, _answer_unauthenticated)
    for error in DATABASE_ERRORS:
        app.add_exception_handler(error, _answer_unavailable)
    endpoint = build_endpoint(
        build_schema(metrics),
        secrets=load_secrets(settings),
        explainer=explain_question,
        graphiql=settings.graphiql,
    )
    app.include_router(endpoint)

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether the database answers and is migrated."""
        try:
            async with asyncio.timeout(_READY_TIMEOUT_S):
                missing = await missing_migrations()
                revision = None if missing else (await get_current_revision()).id
        except DATABASE_ERRORS as error:
            return JSONResponse({"ready": False, "database": error_text(error)}, 503)
        ready = {"ready": not missing, "revision": revision, "missing_migrations": missing}
        return JSONResponse(ready, 503 if missing else 200)

    return app


async def _answer_unavailable(_: Request, error: Exception) -> JSONResponse:
    log.error("the database does not answer", error=error_text(error))
    shown = {
        "message": "the database does not answer: try again",
        "extensions": {"code": "UNAVAILABLE"},
    }
    return JSONResponse({"errors": [shown]}, 503, {"retry-after": "1"})


async def _answer_unauthenticated(_: Request, error: Exception) -> JSONResponse:
    shown = {"message": str(error), "extensions": {"code": Unauthenticated.code}}
    return JSONResponse({"errors": [shown]}, 401, {"www-authenticate": "Bearer"})
