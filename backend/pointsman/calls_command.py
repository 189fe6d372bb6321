"""The command `pointsman calls`: calls, as files."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from pointsman.auth import Principal
from pointsman.call_sheet import SheetFormat, head_of, write_calls
from pointsman.calls.call import CallOutcome
from pointsman.command_database import with_database
from pointsman.services.call_export import MAX_DAYS, Row, export_calls
from pointsman.services.call_filter import CallFilter

calls_app = typer.Typer(no_args_is_help=True, help="Calls, as their nodes tell of them.")

_BY = Principal("command line")
Begin = Annotated[
    datetime, typer.Option("--from", help="Calls that started then or later, in UTC.")
]
End = Annotated[
    datetime,
    typer.Option("--to", help=f"Calls that started before, {MAX_DAYS} days later at most."),
]
Form = Annotated[SheetFormat, typer.Option("--format", help="CSV, or a JSON object a line.")]
Output = Annotated[
    Path | None, typer.Option(dir_okay=False, help="The file to write; else standard output.")
]
Tenant = Annotated[str | None, typer.Option(help="Only those of the tenant with this id.")]
Called = Annotated[str | None, typer.Option(help="Only those to numbers that begin so.")]
Calling = Annotated[str | None, typer.Option(help="Only those from numbers that begin so.")]
Outcome = Annotated[CallOutcome | None, typer.Option(help="Only those that this became of.")]


@calls_app.command()
def export(
    *,
    begin: Begin,
    end: End,
    form: Form = SheetFormat.CSV,
    output: Output = None,
    tenant: Tenant = None,
    called_prefix: Called = None,
    calling_prefix: Calling = None,
    outcome: Outcome = None,
) -> None:
    """Write calls as CSV or JSON Lines, the newest first.

    Works on the database of the settings and writes nothing to it; no role need run.
    """
    asked = CallFilter(
        started_from=begin.replace(tzinfo=UTC),
        started_to=end.replace(tzinfo=UTC),
        tenant_id=tenant,
        called_number_prefix=called_prefix,
        calling_number_prefix=calling_prefix,
        outcome=outcome,
    )

    async def write() -> int:
        batches = export_calls(_BY, asked)
        if output is None:
            return await _write(batches, form, sys.stdout.buffer)
        with output.open("wb") as file:
            return await _write(batches, form, file)

    typer.echo(f"{with_database(write):,} calls written", err=True)


async def _write(batches: AsyncIterator[list[Row]], form: SheetFormat, file: BinaryIO) -> int:
    written = 0
    columns = SpinnerColumn(), TextColumn("{task.completed:,} calls")
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        shown = progress.add_task("calls", total=None)
        file.write(head_of(form))
        async for rows in batches:
            file.write(write_calls(form, rows))
            written += len(rows)
            progress.update(shown, completed=written)
    file.flush()
    return written
