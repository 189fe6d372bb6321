"""The control role: GraphQL, its console, the export of calls, health and metrics.

It also tells webhooks of events: it has the keys of their secrets, which records has not, and
neither a call nor a record of one waits for it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from pointsman.app import build_application
from pointsman.call_export import build_call_export
from pointsman.database import DATABASE_ERRORS, connected, error_text
from pointsman.database_role import add_readiness, serve_role
from pointsman.database_url import connection_parameters
from pointsman.errors import Unauthenticated
from pointsman.graphql.endpoint import build_endpoint
from pointsman.graphql.schema import build_schema
from pointsman.installation import load_secrets
from pointsman.kamailio.explanation import explain_question
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.webhook_targets import Targets, read_networks
from pointsman.settings import Settings
from pointsman.telemetry import ControlMetrics
from pointsman.webhooks.sender import Sender
from pointsman.webhooks.upkeep import keep_up

log = structlog.get_logger()


def serve(settings: Settings, database_url: str) -> None:
    """Serve the role in this process until it is told to stop."""
    application = build_control(settings, database_url)
    serve_role(application, settings.control_host, settings.control_port)


def build_control(settings: Settings, database_url: str) -> FastAPI:
    """The control role: GraphQL, its console, the export of calls, health and metrics."""
    metrics = ControlMetrics()
    connection_parameters(database_url)  # a bad one stops the start
    secrets = load_secrets(settings)
    targets = Targets(read_networks(settings.webhook_private_targets))

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with connected(database_url):
            tasks = [
                asyncio.create_task(Sender(secrets, targets, metrics).follow()),
                asyncio.create_task(keep_up(metrics, settings.events_keep_days)),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    app = build_application(lifespan, metrics, settings.graphql_max_body_bytes)
    app.add_exception_handler(Unauthenticated, _answer_unauthenticated)
    for error in DATABASE_ERRORS:
        app.add_exception_handler(error, _answer_unavailable)
    endpoint = build_endpoint(
        build_schema(metrics),
        secrets=secrets,
        targets=targets,
        explainer=explain_question,
        graphiql=settings.graphiql,
    )
    app.include_router(endpoint)
    app.include_router(build_call_export())
    add_readiness(app, _tell_revision)
    return app


async def _tell_revision() -> dict[str, object]:
    """How far the configuration is."""
    return {"revision": (await get_current_revision()).id}


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
