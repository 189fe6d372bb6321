"""`python -m tests.faults.forking_compiler DESCRIPTOR` starts a compiler for each line that it
reads, and says its pid: a fork, since a start of Python takes longer than what is tested does.

The memory behind the descriptor has a byte that says what the compiler of the moment is at, for
whoever kills it.
"""

import mmap
import os
import sys
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import Any

from pointsman.compiler import compiler
from pointsman.compiler_process import serve
from pointsman.settings import load_settings
from pointsman.snapshots.catalog import Catalog
from pointsman.snapshots.writer import SnapshotWriter
from pointsman.telemetry import configure_logging


class At(IntEnum):
    """What a compiler is at."""

    STARTING = 0
    NOTHING = 1
    COMPILING = 2
    WRITING = 3


def main(descriptor: int) -> None:
    """Start compilers until nobody asks for another."""
    told = mmap.mmap(descriptor, mmap.PAGESIZE)
    _tell_compiles(told)
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, "compiler")
    former = 0
    for _ in sys.stdin:
        if former:
            os.waitpid(former, 0)
        told[0] = At.STARTING
        former = os.fork()
        if not former:
            serve(settings, settings.database_url)
            os._exit(0)
        sys.stdout.write(f"{former}\n")
        sys.stdout.flush()


def _tell_compiles(told: mmap.mmap) -> None:
    """Have compiles and commits tell that they are under way."""
    compiling = 0

    def telling(compile_it: Callable[..., Awaitable[Catalog]]) -> Callable[..., Any]:
        async def told_of(*arguments: Any) -> Catalog:
            nonlocal compiling
            compiling += 1
            told[0] = At.COMPILING
            try:
                return await compile_it(*arguments)
            finally:
                compiling -= 1
                told[0] = At.COMPILING if compiling else At.NOTHING

        return told_of

    commit = SnapshotWriter.commit

    def commit_told_of(writer: SnapshotWriter, catalog: Catalog) -> Catalog:
        told[0] = At.WRITING
        try:
            return commit(writer, catalog)
        finally:
            told[0] = At.COMPILING if compiling else At.NOTHING

    for name in ("compile_full", "compile_partial"):
        setattr(compiler, name, telling(getattr(compiler, name)))
    SnapshotWriter.commit = commit_told_of  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    main(int(sys.argv[1]))
