"""`make soak`: calls at half the clean rate for ten minutes, with a fault every ten seconds.

Then each call that the callee took must have its record, once, with its duration within a second,
and Kamailio's shared memory must not have grown. Exits with 1 where one of them does not hold.
"""

import random
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.sip_load import clean_rate
from tests.soak.platform import Platform
from tests.soak.soak import Outcome, Plan, soak

_MOST_GROWTH = 0.02
_SHARED_MB = 1024


def main(
    minutes: Annotated[float, typer.Option(help="How long calls are placed.")] = 10.0,
    calls_per_s: Annotated[
        int, typer.Option(help="At what rate; 0 is half of what is found to be clean.")
    ] = 0,
    fault_every_s: Annotated[float, typer.Option(help="Seconds from a fault to the next.")] = 10.0,
    seed: Annotated[int, typer.Option(help="Repeats the faults of a run; 0 is another one.")] = 0,
) -> None:
    """Soak, and print what came of it."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    seed = seed or random.randrange(1, 10**6)  # noqa: S311 -- nothing secret
    with tempfile.TemporaryDirectory(prefix="pointsman-soak-") as name:
        directory = Path(name)
        # PostgreSQL's own user passes through.
        directory.chmod(0o755)
        platform = Platform(directory, _SHARED_MB)
        try:
            platform.start()
            if not calls_per_s:
                calls_per_s = clean_rate(platform.kamailio.socket, directory) // 2
                console.print(f"clean: {2 * calls_per_s} calls/s")
            plan = Plan(calls_per_s, int(minutes * 60), fault_every_s, seed)
            console.print(f"{minutes:g} minutes, {calls_per_s} calls/s, --seed {seed}")
            with Progress(console=console) as progress:
                outcome = soak(plan, platform, directory, progress)
        finally:
            platform.stop()
            platform.discard()
    faults = _report(outcome, console)
    sys.exit(1 if faults else 0)


def _report(outcome: Outcome, console: Console) -> list[str]:
    account = outcome.account
    table = Table("what", "count")
    for what, count in outcome.counts.items():
        table.add_row(f"caller: {what}", f"{count:,}")
    table.add_row("callee: calls that were acknowledged", f"{account.talks:,}")
    table.add_row("records of answered calls", f"{account.recorded:,}")
    for state, count in sorted(account.states.items()):
        table.add_row(f"records {state}", f"{count:,}")
    table.add_row("answered and without an end in the records", f"{len(account.incomplete):,}")
    grown = f"{outcome.memory_growth:+.2%} of {outcome.memory_before / 2**20:.1f} MiB"
    table.add_row("Kamailio's shared memory", grown)
    table.add_row("faults", f"{len(outcome.faults)}")
    console.print(table)
    faults = account.faults
    if outcome.memory_growth > _MOST_GROWTH:
        faults.append(f"Kamailio's shared memory grew by more than {_MOST_GROWTH:.0%}")
    for fault in faults:
        console.print(f"[red]{fault}")
    if not faults:
        console.print("every call that was answered is on record once")
    return faults


if __name__ == "__main__":
    typer.run(main)
