"""A worker of a router: answers what comes to the socket, by the snapshot on disk.

`python -m pointsman.router_worker` is one of the others beside a router's first worker.
"""

import asyncio
import contextlib
import gc
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from pointsman.app import http_options
from pointsman.child_process import follow_parent
from pointsman.installation import load_secrets, snapshot_directory
from pointsman.kamailio.health_feed import HealthFeed
from pointsman.kamailio.http_protocol import build_protocol
from pointsman.kamailio.http_queue import MOST
from pointsman.kamailio.metrics import COUNTER_NAMES, RouterMetrics
from pointsman.kamailio.shared_counters import SharedCounters
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.kept_process import KeptProcess, stop_all
from pointsman.priority import ROUTER_NICE, set_priority
from pointsman.router_app import build_router
from pointsman.settings import Settings, load_settings
from pointsman.telemetry import configure_logging

_LOOK_S = 0.1
# What an answer leaves behind is gone without the collector; it looks less often than it would.
_GARBAGE = 20_000, 50, 100


def serve_worker(
    settings: Settings,
    directory: Path,
    listening: socket.socket,
    counters: SharedCounters,
    kept: list[KeptProcess],
) -> None:
    """Serve in this process until it is told to stop, and keep others running meanwhile."""
    metrics = RouterMetrics(counters)
    feed = SnapshotFeed(
        directory,
        load_secrets(settings).unseal,
        metrics,
        max_age_s=settings.snapshot_max_age_s,
        past_max_age=settings.snapshot_past_max_age,
    )
    health = HealthFeed(directory, settings.health_max_age_s)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Whoever connects meanwhile waits, or is for another worker.
        await feed.begin()
        health.look()
        async with _doing(feed.follow(), health.follow(), _keep(kept, metrics)):
            yield
        await asyncio.to_thread(stop_all, kept)

    _raise_file_limit()
    set_priority(ROUTER_NICE)
    application = build_router(
        feed, health, metrics, max_body_bytes=settings.rtjson_max_body_bytes, lifespan=lifespan
    )
    # What is loaded by now stays for good: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    # Whoever finds no room among those that connect tries again a second later.
    config = uvicorn.Config(
        application, http=build_protocol(metrics), backlog=MOST, **http_options()
    )
    uvicorn.Server(config).run([listening])


def main(arguments: Sequence[str]) -> None:
    """Serve as another worker of the router that started this process."""
    listening, counters, row, parent = map(int, arguments)
    follow_parent(parent)
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, f"router {row}")
    serve_worker(
        settings,
        snapshot_directory(settings, settings.database_url),
        socket.socket(fileno=listening),
        SharedCounters(COUNTER_NAMES, settings.router_workers, row, counters),
        [],
    )


@contextlib.asynccontextmanager
async def _doing(*kept_up: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do these meanwhile."""
    tasks = [asyncio.create_task(each) for each in kept_up]
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep(kept: list[KeptProcess], metrics: RouterMetrics) -> None:
    """Start what dies again."""
    while kept:
        metrics.set("restarts", sum(each.deaths for each in kept))
        for each in kept:
            each.check(time.monotonic())
        await asyncio.sleep(_LOOK_S)


def _raise_file_limit() -> None:
    """As many connections as the machine allows: what a shell has is for a shell's programs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main(sys.argv[1:])
