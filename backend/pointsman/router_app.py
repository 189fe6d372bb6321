"""The router role: rtjson for Kamailio, health and metrics."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from pointsman.app import build_application
from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.health_routes import build_health_routes
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.registrations import serve_registrations
from pointsman.kamailio.router import Router
from pointsman.kamailio.snapshot_feed import SnapshotFeed

# 10,000 endpoints that are down.
_MAX_REPORT_BYTES = 1_048_576


def build_router(
    feed: SnapshotFeed,
    health: HealthFeed,
    metrics: RouterMetrics,
    *,
    max_body_bytes: int,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
) -> Router:
    """The application of a worker; `lifespan` lasts as long as it serves."""
    # A report of an agent's may be longer than any question.
    app = build_application(lifespan, metrics, max(max_body_bytes, _MAX_REPORT_BYTES))

    def count_down() -> dict[str, int]:
        nodes = feed.held.snapshot.kamailio_nodes if feed.held else ()
        return {node.name: len(health.by_node.get(node.id, ())) for node in nodes}

    metrics.endpoints_down = count_down
    app.include_router(build_health_routes(feed, health, metrics))
    serve_registrations(app, feed)

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether calls are decided, by which revision, and its ages in seconds."""
        held, status, now = feed.held, feed.status, time.time()
        shown = {
            "ready": feed.current is not None,
            "revision": held.snapshot.revision if held else None,
            "age_s": round(now - held.loaded_at, 3) if held else None,
            "confirmed_s_ago": round(now - feed.confirmed_at, 3) if feed.confirmed_at else None,
            "too_old": held is not None and feed.is_too_old,
            "newest_revision": status.newest_revision if status else None,
            "database": "connected" if status and status.connected else "lost",
            "compiling": status.compiling if status else "",
            "failing": status.failing if status else "",
        }
        return JSONResponse(shown, 200 if feed.current is not None else 503)

    return Router(feed, health, metrics, app, max_body_bytes=max_body_bytes)
