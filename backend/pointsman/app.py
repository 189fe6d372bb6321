"""What the applications of all roles have in common."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from fastapi import FastAPI, Response

from pointsman import __version__


class Metrics(Protocol):
    """What a role counts."""

    content_type: str

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""


def http_options() -> dict[str, Any]:
    """How all roles are served by uvicorn."""
    return {
        "loop": "uvloop",
        "ws": "none",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": False,
        # A peer's address is that of its socket: what a header says of it is not believed.
        "proxy_headers": False,
        "timeout_graceful_shutdown": 5,
    }


def build_application(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    metrics: Metrics,
    max_body_bytes: int | None,
) -> FastAPI:
    """An application with its health and its metrics; without `max_body_bytes` whoever reads a body
    limits it."""
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
