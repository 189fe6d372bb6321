"""The processes of a router: its first worker, which keeps the others and the compiler running.

They share one listening socket, so that each connection goes to a worker that is free to take it,
and one snapshot on disk.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from pointsman.installation import secret_keys, snapshot_directory
from pointsman.kept_process import KeptProcess
from pointsman.listening import listen
from pointsman.settings import PREFIX, Settings

if TYPE_CHECKING:
    from pointsman.kamailio.shared_counters import SharedCounters


def serve(settings: Settings, database_url: str) -> None:
    """Serve the role, in this process and in others that it starts, until it is told to stop."""
    directory = snapshot_directory(settings, database_url)
    listening = listen("router", settings.router_host, settings.router_port)
    environment = {
        **os.environ,
        f"{PREFIX}DATABASE_URL": database_url,
        f"{PREFIX}SECRET_KEYS": ",".join(secret_keys(settings)),
    }
    kept = []
    if settings.router_compiles:
        kept = [_kept("compiler", "compiler_process", [str(os.getpid())], environment)]
        # It starts while this process gets ready, which waits for its first word.
        kept[0].check(time.monotonic())
    worker = import_module("pointsman.router_worker")
    counters = worker.SharedCounters(worker.COUNTER_NAMES, settings.router_workers, 0)
    kept += [
        _worker(row, listening, counters, environment) for row in range(1, settings.router_workers)
    ]
    for each in kept[1:] if settings.router_compiles else kept:
        each.check(time.monotonic())
    worker.serve_worker(settings, directory, listening, counters, kept)


def _worker(
    row: int, listening: socket.socket, counters: "SharedCounters", environment: dict[str, str]
) -> KeptProcess:
    descriptors = (listening.fileno(), counters.descriptor)
    arguments = [*map(str, descriptors), str(row), str(os.getpid())]
    return _kept(f"router worker {row}", "router_worker", arguments, environment, descriptors)


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
            # A Ctrl-C in the terminal reaches the first worker alone, so that all stop in order;
            # and each is scheduled by the priority that it gives its session.
            start_new_session=True,
        )

    return KeptProcess(name, launch)
