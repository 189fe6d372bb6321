"""The process that compiles snapshots; `python -m pointsman.compiler_process` is the one that a
router keeps."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

import structlog

from pointsman.child_process import follow_parent
from pointsman.compiler.compiler import Compiler
from pointsman.database import connected
from pointsman.database_url import connection_parameters
from pointsman.installation import load_secrets, snapshot_directory
from pointsman.priority import OTHERS_NICE, set_priority
from pointsman.services.changes import CHANNEL
from pointsman.settings import Settings, load_settings
from pointsman.snapshots.writer import SnapshotWriter
from pointsman.telemetry import configure_logging

log = structlog.get_logger()


def serve(settings: Settings, database_url: str) -> None:
    """Compile in this process until it is told to stop."""
    set_priority(OTHERS_NICE)
    directory = snapshot_directory(settings, database_url)
    with SnapshotWriter(directory) as writer:
        asyncio.run(_compile(settings, database_url, writer))


def main(arguments: Sequence[str]) -> None:
    """Serve as the compiler of the router that started this process."""
    follow_parent(int(arguments[0]))
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, "compiler")
    serve(settings, settings.database_url)


async def _compile(settings: Settings, database_url: str, writer: SnapshotWriter) -> None:
    compiler = Compiler(
        writer,
        load_secrets(settings).unseal,
        connection_parameters=connection_parameters(database_url),
        channel=CHANNEL,
        poll_s=settings.router_poll_s,
    )
    async with connected(database_url):
        following = asyncio.create_task(compiler.follow())
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, following.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await following


if __name__ == "__main__":
    main(sys.argv[1:])
