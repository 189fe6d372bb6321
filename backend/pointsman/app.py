"""The applications of the roles: control (GraphQL) and router (Kamailio)."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from pointsman import __version__
from pointsman.database import (
    DATABASE_ERRORS,
    connected,
    connection_parameters,
    error_text,
    missing_migrations,
)
from pointsman.errors import Unauthenticated
from pointsman.first_start import read_secret_keys
from pointsman.graphql.endpoint import build_endpoint
from pointsman.graphql.schema import build_schema
from pointsman.kamailio.explanation import explain_question
from pointsman.kamailio.http_protocol import build_protocol
from pointsman.kamailio.router import Router
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.role_name import RoleName
from pointsman.services.changes import CHANNEL
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.secrets import Secrets
from pointsman.services.snapshots import load_configuration
from pointsman.settings import Settings
from pointsman.telemetry import ControlMetrics, RouterMetrics

# A probe does not wait longer.
_READY_TIMEOUT_S = 2.0

log = structlog.get_logger()


def serve_role(settings: Settings, role: RoleName, database_url: str) -> None:
    """Serve one role in this process until it is told to stop."""
    if role is RoleName.CONTROL:
        application: Any = build_control(settings, database_url)
        protocol: Any = "httptools"
        host, port = settings.control_host, settings.control_port
    else:
        application = build_router(settings, database_url)
        protocol = build_protocol()
        host, port = settings.router_host, settings.router_port
    # What is loaded by now stays for good: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http=protocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        # A peer's address is that of its socket: what a header says of it is not believed.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )


def load_secrets(settings: Settings) -> Secrets:
    """What opens the secrets of this installation: its setting's keys, else, in a PostgreSQL of
    our own, the key of the state directory. Another's database is another installation's too, and
    a key of this machine alone would shut the others out."""
    keys = settings.given_secret_keys
    if not keys and not settings.database_url:
        keys = read_secret_keys(settings.state_dir)
    return Secrets(keys)


def build_control(settings: Settings, database_url: str) -> FastAPI:
    """The control role: GraphQL, its console, health and metrics."""
    metrics = ControlMetrics()
    connection_parameters(database_url)  # a bad one stops the start

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with connected(database_url):
            yield

    app = _application(lifespan, metrics, settings.graphql_max_body_bytes)
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


def build_router(settings: Settings, database_url: str) -> Router:
    """The router role: rtjson for Kamailio, health and metrics."""
    metrics = RouterMetrics()
    feed = SnapshotFeed(
        connection_parameters=connection_parameters(database_url),
        channel=CHANNEL,
        load=partial(load_configuration, load_secrets(settings)),
        metrics=metrics,
        poll_s=settings.router_poll_s,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with connected(database_url):
            following = asyncio.create_task(feed.follow())
            yield
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following

    app = _application(lifespan, metrics, settings.rtjson_max_body_bytes)

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether there is a snapshot, its revision, and its ages in seconds."""
        published = feed.current
        if published is None:
            return JSONResponse({"ready": False, "revision": None}, 503)
        now = time.time()
        return JSONResponse(
            {
                "ready": True,
                "revision": published.snapshot.revision,
                "age_s": round(now - published.loaded_at, 3),
                "confirmed_s_ago": round(now - (feed.confirmed_at or published.loaded_at), 3),
                "database": "connected" if feed.connected else "lost",
            }
        )

    return Router(feed, metrics, app, settings.rtjson_max_body_bytes)


def _application(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    metrics: ControlMetrics | RouterMetrics,
    max_body_bytes: int,
) -> FastAPI:
    # No pages of FastAPI's own: they load their parts from elsewhere.
    app = FastAPI(
        title="Pointsman",
        version=__version__,
        lifespan=lifespan,
        max_body_size=max_body_bytes,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """That the process answers."""
        return {"status": "ok", "version": __version__}

    @app.get("/metrics")
    async def exposition() -> Response:
        """Prometheus' text format."""
        return Response(metrics.exposition(), media_type=metrics.content_type)

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
