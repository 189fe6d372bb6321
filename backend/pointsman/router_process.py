"""The processes of a router: its first worker, which keeps the others and the compiler running.

They share one listening socket, so that each connection goes to a worker that is free to take it,
and one snapshot on disk. `python -m pointsman.router_process` is one of the other workers.
"""

import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from pointsman.app import http_options
from pointsman.child_process import follow_parent
from pointsman.installation import load_secrets, secret_keys, snapshot_directory
from pointsman.kamailio.http_protocol import build_protocol
from pointsman.kamailio.metrics import COUNTER_NAMES, RouterMetrics
from pointsman.kamailio.shared_counters import SharedCounters
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.kept_process import KeptProcess
from pointsman.listening import listen
from pointsman.router_app import build_router
from pointsman.settings import PREFIX, Settings, load_settings
from pointsman.telemetry import configure_logging

_LOOK_S = 0.1
_STOP_TIMEOUT_S = 10.0


def serve_router(settings: Settings, database_url: str) -> None:
    """Serve the role, in this process and in others that it starts, until it is told to stop."""
    directory = snapshot_directory(settings, database_url)
    listening = listen("router", settings.router_host, settings.router_port)
    counters = SharedCounters(COUNTER_NAMES, settings.router_workers, 0)
    environment = {
        **os.environ,
        f"{PREFIX}DATABASE_URL": database_url,
        f"{PREFIX}SECRET_KEYS": ",".join(secret_keys(settings)),
    }
    kept = [
        _worker(row, listening, counters, environment) for row in range(1, settings.router_workers)
    ]
    if settings.router_compiles:
        kept.insert(0, _kept("compiler", "compiler_process", [str(os.getpid())], environment))
    _serve(settings, directory, listening, counters, kept)


def main(arguments: Sequence[str]) -> None:
    """Serve as another worker of the router that started this process."""
    listening, counters, row, parent = map(int, arguments)
    follow_parent(parent)
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, f"router {row}")
    _serve(
        settings,
        snapshot_directory(settings, settings.database_url),
        socket.socket(fileno=listening),
        SharedCounters(COUNTER_NAMES, settings.router_workers, row, counters),
        [],
    )


def _serve(
    settings: Settings,
    directory: Path,
    listening: socket.socket,
    counters: SharedCounters,
    kept: list[KeptProcess],
) -> None:
    metrics = RouterMetrics(counters)
    feed = SnapshotFeed(
        directory,
        load_secrets(settings).unseal,
        metrics,
        max_age_s=settings.snapshot_max_age_s,
        past_max_age=settings.snapshot_past_max_age,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Whoever connects meanwhile waits, or is for another worker.
        await feed.begin()
        tasks = [asyncio.create_task(feed.follow()), asyncio.create_task(_keep(kept, metrics))]
        yield
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(_stop, kept)

    _raise_file_limit()
    for each in kept:
        each.check(time.monotonic())
    application = build_router(
        feed, metrics, max_body_bytes=settings.rtjson_max_body_bytes, lifespan=lifespan
    )
    # What is loaded by now stays for good: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(application, http=build_protocol(metrics), **http_options())
    uvicorn.Server(config).run([listening])


def _worker(
    row: int, listening: socket.socket, counters: SharedCounters, environment: dict[str, str]
) -> KeptProcess:
    descriptors = (listening.fileno(), counters.descriptor)
    arguments = [*map(str, descriptors), str(row), str(os.getpid())]
    return _kept(f"router worker {row}", "router_process", arguments, environment, descriptors)


def _kept(
    name: str,
    module: str,
    arguments: list[str],
    environment: dict[str, str],
    descriptors: Sequence[int] = (),
) -> KeptProcess:
    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"pointsman.{module}", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            # A Ctrl-C in the terminal reaches the first worker alone, so that all stop in order.
            process_group=0,
        )

    return KeptProcess(name, launch)


async def _keep(kept: list[KeptProcess], metrics: RouterMetrics) -> None:
    """Start what dies again."""
    while kept:
        metrics.set("restarts", sum(each.deaths for each in kept))
        for each in kept:
            each.check(time.monotonic())
        await asyncio.sleep(_LOOK_S)


def _stop(kept: list[KeptProcess]) -> None:
    running = [each.process for each in kept if each.process is not None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _raise_file_limit() -> None:
    """As many connections as the machine allows: what a shell has is for a shell's programs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main(sys.argv[1:])
