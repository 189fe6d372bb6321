"""`make bench`: every figure beside its control in one run, as a table and as JSON.

Absolute figures move from machine to machine; the ratios are what counts. Run nothing else
meanwhile.
"""

import asyncio
import json
import os
import platform
import statistics
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from pointsman import __version__
from pointsman.auth import Principal
from pointsman.database import migrate
from pointsman.demo import load_demo
from pointsman.routing.snapshot import Snapshot, compile_snapshot
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.snapshots import load_configuration
from tests.bench import decisions, http_load, reactions
from tests.conftest import bound, copy_database, discard, start_postgres
from tests.sip.conftest import provision_acme
from tests.sip.harness.kamailio import missing_parts
from tests.sip.harness.stack import Stack

_OUTPUT = Path("build") / "bench.json"


def main(
    seconds: int = typer.Option(3, help="How long each HTTP measurement takes."),
    rounds: int = typer.Option(7, help="How many of them, in turn with the control."),
) -> None:
    """Measure and print."""
    server = start_postgres()
    try:
        demo_url, sip_url, token, snapshot = asyncio.run(_prepare(server.url))
        console = Console(width=None if os.isatty(1) else 110)
        console.print(f"Pointsman {__version__}, {_machine()}")
        figures: dict[str, dict[str, float]] = {}
        with console.status("rtjson over HTTP, one core"):
            figures["rtjson"] = _rtjson(demo_url, token, rounds, seconds)
        with console.status("decisions in process"):
            median, p99 = decisions.measure(snapshot, 50_000)
            figures["decision"] = {"median_us": median, "p99_us": p99}
        if missing := missing_parts():
            console.print(f"NOT MEASURED for want of {', '.join(missing)}: SIP")
        else:
            with console.status("reactions, over GraphQL and SIP"):
                figures |= _reactions(sip_url)
        console.print(_table(figures))
        _OUTPUT.parent.mkdir(exist_ok=True)
        _OUTPUT.write_text(json.dumps({"machine": _machine(), **figures}, indent=2) + "\n")
        console.print(f"The same as JSON: {_OUTPUT}")
    finally:
        discard(server)


async def _prepare(template_url: str) -> tuple[str, str, str, Snapshot]:
    await migrate(template_url)
    demo_url = await copy_database(template_url, "bench")
    async with bound(demo_url):
        await load_demo()
        token = await create_kamailio_node(Principal("bench"), name="bench")
        snapshot = compile_snapshot(await load_configuration())
    return demo_url, await copy_database(template_url, "bench_sip"), token, snapshot


def _rtjson(database_url: str, token: str, rounds: int, seconds: int) -> dict[str, float]:
    control, router, ratio = http_load.compare(database_url, token, rounds=rounds, seconds=seconds)
    return {"requests_per_s": router, "control_requests_per_s": control, "ratio": ratio}


def _reactions(database_url: str) -> dict[str, dict[str, float]]:
    stack = Stack(database_url)
    stack.start()
    try:
        acme = provision_acme(stack)
        shown, noticed = reactions.change_to_answer(stack, acme, 100)
        down = reactions.without_a_router(stack, 20)
    finally:
        stack.stop()
    return {
        "change": {
            "median_ms": statistics.median(shown),
            "p99_ms": statistics.quantiles(shown, n=100)[98],
            "control_median_ms": statistics.median(noticed),
        },
        "no_router": {name.replace(" ", "_") + "_ms": value for name, value in down.items()},
    }


def _table(figures: dict[str, dict[str, float]]) -> Table:
    table = Table("what", "measured", "control", "ratio")
    rtjson = figures["rtjson"]
    table.add_row(
        "rtjson on one core, demo configuration",
        f"{rtjson['requests_per_s']:,.0f} requests/s",
        f"{rtjson['control_requests_per_s']:,.0f} (bare ASGI)",
        f"{rtjson['ratio']:.2f}",
    )
    decision = figures["decision"]
    table.add_row(
        "a decision in process, median / p99",
        f"{decision['median_us']:.1f} / {decision['p99_us']:.1f} µs",
        "",
        "",
    )
    if "change" in figures:
        change, down = figures["change"], figures["no_router"]
        table.add_row(
            "GraphQL commit to the first rtjson answer with it, median / p99",
            f"{change['median_ms']:.1f} / {change['p99_ms']:.1f} ms",
            f"{change['control_median_ms']:.1f} ms (bare LISTEN)",
            "",
        )
        answers = f"{down['router_answers_ms']:.1f} ms (router answers 404)"
        table.add_row(
            "INVITE to 503, router killed", f"{down['router_is_killed_ms']:.1f} ms", answers, ""
        )
        table.add_row(
            "INVITE to 503, router hangs (timeout 500 ms)",
            f"{down['router_hangs_ms']:.1f} ms",
            answers,
            "",
        )
    return table


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"


if __name__ == "__main__":
    typer.run(main)
