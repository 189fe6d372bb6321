"""`make bench`: every figure beside its control in one run, as a table and as JSON.

Absolute figures move from machine to machine; the ratios are what counts. Run nothing else
meanwhile.
"""

import asyncio
import os
import platform
import shutil
import tempfile
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pointsman import __version__
from pointsman.auth import Principal
from pointsman.database import migrate
from pointsman.services.api_tokens import create_api_token
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.bench import sections
from tests.bench.at_size import Database
from tests.bench.generator import Size, generate
from tests.bench.report import Figure, table_of, write
from tests.conftest import bound, copy_database, discard, start_postgres

_OUTPUT = Path("build") / "bench.json"
_TENANTS, _DIDS = 1_000, 100_000
_SIZES = (1_000, 100_000, 1_000_000)
_CALLS = 2_000_000


class Section(StrEnum):
    """Parts that can be measured alone."""

    HTTP = "http"
    SIZE = "size"
    GOODPUT = "goodput"
    REACTIONS = "reactions"
    RECORDS = "records"
    SIP = "sip"
    RECORDS_PAGE = "records-page"


def main(
    only: Annotated[list[Section] | None, typer.Option(help="Measure this part.")] = None,
    rounds: Annotated[int, typer.Option(help="Of the HTTP servers, in turn.")] = 5,
    seconds: Annotated[int, typer.Option(help="Of one HTTP measurement.")] = 3,
    prefixes: Annotated[int, typer.Option(help="Of the largest configuration.")] = _SIZES[-1],
    calls: Annotated[int, typer.Option(help="That pages are read of.")] = _CALLS,
) -> None:
    """Measure and print."""
    console = Console(width=None if os.isatty(1) else 130)
    console.print(f"Pointsman {__version__}, {_machine()}")
    wanted = set(only or Section)
    figures: list[Figure] = []
    directory = Path(tempfile.mkdtemp(prefix="pointsman-bench-"))
    server = start_postgres()
    try:
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, directory)
            asyncio.run(migrate(server.url))
            for part in Section:
                if part in wanted:
                    figures += _measure(part, server.url, directory, console,
                                        (rounds, seconds, prefixes, calls))  # fmt: skip
                    console.print(table_of(figures))
    finally:
        discard(server)
    write(_OUTPUT, _machine(), figures)
    console.print(f"The same as JSON: {_OUTPUT}")
    missed = [figure.name for figure in figures if not figure.holds]
    if missed:
        console.print("Not what is asked: " + "; ".join(missed))


def _measure(
    part: Section,
    template_url: str,
    directory: Path,
    console: Console,
    how: tuple[int, int, int, int],
) -> list[Figure]:
    rounds, seconds, prefixes, calls = how

    def database(count: int) -> Database:
        with console.status(f"a configuration of {count:,} prefixes"):
            return asyncio.run(_generated(template_url, count))

    with console.status(f"{part}"):
        if part is Section.HTTP:
            sizes = [size for size in _SIZES if size < prefixes] + [prefixes]
            return sections.http({size: database(size) for size in sizes}, directory,
                                 rounds, seconds)  # fmt: skip
        if part is Section.SIZE:
            return sections.at_size(database(prefixes), directory)
        if part is Section.GOODPUT:
            return sections.goodput(database(_SIZES[1]), directory)
        if part is Section.REACTIONS:
            return sections.reactions(asyncio.run(copy_database(template_url, "bench_sip")))
        if part is Section.RECORDS:
            return _on_disk(directory)
        if part is Section.SIP:
            return sections.sip(asyncio.run(copy_database(template_url, "bench_calls")))
        return sections.record_pages(asyncio.run(copy_database(template_url, "bench_pages")), calls)


def _on_disk(directory: Path) -> list[Figure]:
    """Records, in a database that loses nothing of what it has committed."""
    server = start_postgres({"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"})
    try:
        asyncio.run(migrate(server.url))
        url = asyncio.run(copy_database(server.url, "bench_records"))
        return sections.records(asyncio.run(_fill(url, _SIZES[0])), directory / "records")
    finally:
        discard(server)


async def _generated(template_url: str, prefixes: int) -> Database:
    """As it was generated before, or new."""
    if prefixes not in _MADE:
        _MADE[prefixes] = await _fill(
            await copy_database(template_url, f"bench_{prefixes}"), prefixes
        )
    return _MADE[prefixes]


async def _fill(url: str, prefixes: int) -> Database:
    tenants = min(_TENANTS, prefixes)
    await generate(url, Size(tenants, min(_DIDS, 100 * prefixes), prefixes))
    async with bound(url):
        node = await create_kamailio_node(Principal("bench"), name="bench")
        admin = await create_api_token("bench")
    return Database(url, node, admin, tenants)


_MADE: dict[int, Database] = {}


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"


if __name__ == "__main__":
    typer.run(main)
