"""The command `pointsman statistics`: counting calls anew."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pointsman.command_database import with_database
from pointsman.errors import BadEnvironment
from pointsman.services.statistics_recount import Difference, Sums, recount_day

statistics_app = typer.Typer(no_args_is_help=True, help="Counts of calls.")
_DAY = timedelta(days=1)
# Of a table on a screen; how many there are is told in any case.
_MOST_SHOWN = 50


@statistics_app.callback()
def _statistics() -> None:
    """Counts of calls."""


@statistics_app.command()
def rebuild(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day, in UTC.")
    ],
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; else today."),
    ] = None,
) -> None:
    """Count the calls of these days anew from their records, and tell what that changed.

    Nothing is to be stopped for it. Days of which calls are not kept any more stay as they are.
    """
    begin, end = first.date(), last.date() if last else datetime.now(UTC).date()
    if end < begin:
        raise BadEnvironment(f"--to {end} is before --from {begin}")
    days = [begin + number * _DAY for number in range((end - begin).days + 1)]
    found: list[Difference] = []
    dropped = 0

    async def count() -> None:
        nonlocal dropped
        with Progress(console=Console(stderr=True)) as progress:
            for day in progress.track(days, description="Counting calls"):
                differences = await recount_day(day)
                found.extend(differences or ())
                dropped += differences is None

    with_database(count)
    _print(found)
    typer.echo(f"days counted: {len(days) - dropped}, differences: {len(found)}")
    if dropped:
        typer.echo(f"days left as they are, since their calls are not kept any more: {dropped}")


def _print(found: Sequence[Difference]) -> None:
    if not found:
        return
    table = Table("Of", "Counted", "Before", "Now")
    for each in found[:_MOST_SHOWN]:
        of = f"{each.resolution.lower()} {each.begins_at:%Y-%m-%d %H:%M}"
        table.add_row(of, each.level.lower(), _told(each.before), _told(each.after))
    Console().print(table)
    if len(found) > _MOST_SHOWN:
        typer.echo(f"and {len(found) - _MOST_SHOWN} more")


def _told(sums: Sums) -> str:
    seconds = sums.duration_ms / 1_000
    return f"{sums.attempts} attempts, {sums.answered} answered, {seconds:g} s"
