"""The parts of `make bench`, each with what is asked of its figures."""

import asyncio
import statistics
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pointsman.auth import Principal
from pointsman.demo import load_demo
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.bench import at_size as size_figures
from tests.bench import goodput as overload
from tests.bench import reactions as reaction_times
from tests.bench import records_load, servers, sip_load
from tests.bench.at_size import Database
from tests.bench.call_generator import generate_calls
from tests.bench.call_pages import measure_pages
from tests.bench.decisions import map_snapshot
from tests.bench.decisions import measure as measure_decisions
from tests.bench.http_load import Caller, Load
from tests.bench.report import Figure
from tests.bench.servers import Server
from tests.conftest import bound
from tests.sip.conftest import provision_acme
from tests.sip.harness.kamailio import missing_parts
from tests.sip.harness.stack import Stack

_DECISIONS = 30_000
# A pause between a connection's requests that makes about half of what a router answers.
_HALF_LOAD_MS = 2
_LATENCY_S = 8
_RECORDS_PER_S, _RECORDS_S = 5_000, 60
# Meanwhile about as many calls are decided as have so many records, three each.
_RECORDS_DELAY_MS = 9
# The share of what could be answered that is, for each of goodput.LOADS.
_GOODPUT = {0.5: 0.99, 0.8: 0.99, 1.0: 0.90, 2.0: 0.90, 3.0: 0.85, 5.0: 0.75}


def http(
    databases: dict[int, Database], directory: Path, rounds: int, seconds: int
) -> list[Figure]:
    """rtjson on one core at each size beside the controls, all in turn."""
    largest, smallest = max(databases), min(databases)
    with ExitStack() as stack:
        controls = {
            "bare": stack.enter_context(servers.bare_asgi()),
            "fastapi": stack.enter_context(servers.fastapi_constant()),
        }
        routers: dict[int, tuple[Server, Caller]] = {}
        for size, database in databases.items():
            router = stack.enter_context(servers.router(database.url, directory / str(size)))
            servers.pin(router, servers.SERVER_CORE)
            routers[size] = router, Caller(database.node_token, database.tenants)
            # Each tenant's first call reads the tenant.
            routers[size][1].ask(router, seconds)
        rates: dict[object, list[float]] = {key: [] for key in (*controls, *routers)}
        for _ in range(rounds):
            for name, server in controls.items():
                rates[name].append(routers[largest][1].ask(server, seconds).per_s)
            for size, (router, caller) in routers.items():
                rates[size].append(caller.ask(router, seconds).per_s)
    names = {size: f"{size:,} prefixes" for size in databases}
    figures = [_ratio(f"rtjson at {names[largest]} over bare ASGI", rates, largest, "bare", 0.60)]
    figures.append(
        _ratio(f"rtjson at {names[largest]} over FastAPI", rates, largest, "fastapi", 3.5)
    )
    for size in databases:
        if size != smallest:
            name = f"rtjson at {names[size]} over {names[smallest]}"
            figures.append(_ratio(name, rates, size, smallest, 0.90))
    return figures


def at_size(database: Database, directory: Path) -> list[Figure]:
    """Everything else at the largest size."""
    state_dir = directory / "size"
    caller = Caller(database.node_token, database.tenants)
    compile_s = size_figures.first_compile(database, state_dir)
    decisions = measure_decisions(map_snapshot(state_dir), database.tenants, _DECISIONS)
    used = size_figures.memory_of_workers(database, state_dir, caller)
    start_s = size_figures.cold_start(database, state_dir)
    return [
        Figure("a decision in process, median", decisions.median, "µs", 15, at_most=True,
               detail=f"of the quickest of ten passes; {decisions.slowest_median:.1f} of the "
               "slowest"),
        Figure("a decision in process, p99", decisions.p99, "µs", 60, at_most=True),
        Figure("memory of one worker (RSS)", used["one_worker_mb"], "MiB", 300, at_most=True,
               detail=f"of its own {used['one_worker_own_mb']:.0f}"),
        Figure("memory of each further worker (its own)", used["further_worker_mb"], "MiB", 80,
               at_most=True, detail=f"RSS {used['further_worker_rss_mb']:.0f}"),
        Figure("start from disk to first answer", start_s, "s", 2, at_most=True),
        Figure("whole compile from PostgreSQL", compile_s, "s", 30, at_most=True),
        *_with_others_at_work(database, state_dir, caller),
    ]  # fmt: skip


def _with_others_at_work(database: Database, state_dir: Path, caller: Caller) -> list[Figure]:
    with servers.router(database.url, state_dir) as router:

        def load() -> Load:
            return caller.ask(router, _LATENCY_S, delay_ms=_HALF_LOAD_MS, pinned=False)

        caller.ask(router, 3)
        full = caller.ask(router, 3)
        before = load()
        compiling = size_figures.during_compiles(database, router, state_dir, load)
        between = load()
        busy = size_figures.with_busy_control(database, state_dir, load)
        after = load()
        quiet = statistics.median([before.p99_ms, between.p99_ms, after.p99_ms])
        change, change_p99, during = size_figures.changes_under_load(
            database, router, caller, _HALF_LOAD_MS
        )
    detail = f"{quiet:.2f} ms in quiet, at {before.per_s:,.0f} of {full.per_s:,.0f} requests/s"
    return [
        Figure("a change live under half load, p99", change_p99 / 1_000, "s", 1, at_most=True,
               detail=f"median {change:.0f} ms, at {during.per_s:,.0f} requests/s"),
        Figure("rtjson p99 during a whole compile over quiet", compiling.p99_ms / quiet, "", 2,
               at_most=True, detail=f"{compiling.p99_ms:.2f} / {detail}"),
        Figure("rtjson p99 with the control role saturated over quiet", busy.p99_ms / quiet, "",
               2, at_most=True, detail=f"{busy.p99_ms:.2f} / {detail}"),
    ]  # fmt: skip


def goodput(database: Database, directory: Path) -> list[Figure]:
    """From half of what a router answers to five times that, and down again."""
    with servers.router(database.url, directory / "goodput") as router:
        servers.pin(router, servers.SERVER_CORE)
        Caller(database.node_token, database.tenants).ask(router, 3)
        steps, crowd = overload.measure(router, database.node_token)
    figures = [_goodput(step) for step in steps]
    answered = max(overload.p99(step.answered) for step in [*steps, crowd])
    refused = [took for step in [*steps, crowd] for took in step.refused]
    return [
        *figures,
        _goodput(crowd, ", of a crowd"),
        Figure("p99 of what is answered, at worst", answered, "ms", 250, at_most=True),
        Figure("p99 of a refusal", overload.p99(refused), "ms", 100, at_most=True,
               detail=f"{len(refused):,} refusals"),
    ]  # fmt: skip


def _goodput(step: overload.Step, of: str = "") -> Figure:
    return Figure(
        f"answered at {step.load:g} times the capacity{of}",
        overload.share(step),
        "",
        _GOODPUT[step.load],
        detail=f"{step.answered_per_s:,.0f} answered, {step.refused_per_s:,.0f} refused a second, "
        f"of {step.capacity:,.0f}",
    )


def reactions(database_url: str) -> list[Figure]:
    """How soon a change is in the answers, and a caller told that there is no router."""
    if missing := missing_parts():
        raise RuntimeError(f"not measured for want of {', '.join(missing)}")
    stack = Stack(database_url)
    stack.start()
    try:
        acme = provision_acme(stack)
        shown, noticed = reaction_times.change_to_answer(stack, acme, 100)
        down = reaction_times.without_a_router(stack, 20)
    finally:
        stack.stop()
    answers = f"{down['router answers']:.1f} ms when it answers (404)"
    return [
        Figure("GraphQL commit to the first answer by it, median", statistics.median(shown), "ms",
               detail=f"{statistics.median(noticed):.1f} ms to a bare LISTEN"),
        Figure("the same, p99", statistics.quantiles(shown, n=100)[98], "ms"),
        Figure("INVITE to 503, router killed", down["router is killed"], "ms", detail=answers),
        Figure("INVITE to 503, router hangs (timeout 500 ms)", down["router hangs"], "ms",
               detail=answers),
    ]  # fmt: skip


def sip(database_url: str) -> list[Figure]:
    """Calls a second through a real Kamailio."""
    found = sip_load.measure(database_url, asyncio.run(_load_demo(database_url)))
    ours, ratios = found["ours"], sip_load.ratios(found)
    rates = {name: f"{figures.clean_per_s:,.0f}" for name, figures in found.items()}
    return [
        Figure("SIP: clean calls over the constant answer's", ratios["of_constant"], "", 0.90,
               detail=f"{rates['ours']} / {rates['constant']} calls/s"),
        # As Debian starts Kamailio, which is how it was measured for what is asked.
        Figure("SIP: clean calls over the static destination's", ratios["of_static_default"], "",
               0.50, detail=f"{rates['ours']} / {rates['static_default']} calls/s"),
        Figure("SIP: the same over one with -x tlsf, as ours is started", ratios["of_static"],
               "", detail=f"{rates['ours']} / {rates['static']} calls/s"),
        Figure("SIP: calls that succeed at twice the clean rate, over it", ratios["at_twice"], "",
               0.85, detail=f"{ours.at_twice.succeeded_per_s:,.0f} calls/s succeed"),
    ]  # fmt: skip


def record_pages(database_url: str, calls: int) -> list[Figure]:
    """A page of calls by each condition, beside a round trip to the database."""
    last_day = datetime.now(UTC).date() - timedelta(days=1)
    made_in_s = asyncio.run(generate_calls(database_url, calls, last_day))
    found = asyncio.run(measure_pages(database_url, last_day))
    control = found.pop("SELECT 1")
    beside = f"SELECT 1 {control.median:.2f}, p95 {control.p95:.2f}"
    return [
        Figure(f"calls made, of {calls:,}", made_in_s, "s"),
        *(
            Figure(f"a page of calls by {name}, p95", times.p95, "ms", 100, at_most=True,
                   detail=f"median {times.median:.1f}; {beside}; {times.calls:,} calls")
            for name, times in found.items()
        ),
    ]  # fmt: skip


def records(database: Database, directory: Path) -> list[Figure]:
    """Call records for a minute at the rate that is asked, on disk before they are confirmed."""
    caller = Caller(database.node_token, database.tenants)
    tokens = asyncio.run(records_load.tokens_of_nodes(database.url))
    with (
        servers.router(database.url, directory / "router") as router,
        servers.records(database.url, directory / "records") as records,
    ):

        def load(seconds: int = _LATENCY_S) -> Load:
            return caller.ask(router, seconds, delay_ms=_RECORDS_DELAY_MS, pinned=False)

        caller.ask(router, 3)
        before = load()
        pace = _RECORDS_PER_S, _RECORDS_S
        keeping_up = records_load.keep_up(
            records, database.url, tokens, lambda: load(_RECORDS_S - 5), pace
        )
        minute = asyncio.run(keeping_up)
        after = load()
    copied = asyncio.run(records_load.copy_raw(database.url, 500, 100))
    quiet = statistics.median([before.p99_ms, after.p99_ms])
    return [
        Figure("call records stored a second, for a minute", minute.per_s, "",
               0.99 * _RECORDS_PER_S, detail=f"reports committed within {minute.p99_ms:.0f} ms "
               f"(p99); a raw COPY alone: {copied:,.0f}"),
        Figure("rtjson p99 meanwhile over quiet", minute.calls.p99_ms / quiet, "", 1.2,
               at_most=True, detail=f"{minute.calls.p99_ms:.2f} / {quiet:.2f} ms, at "
               f"{minute.calls.per_s:,.0f} requests/s"),
    ]  # fmt: skip


async def _load_demo(database_url: str) -> str:
    """The token of a node."""
    async with bound(database_url):
        await load_demo()
        return await create_kamailio_node(Principal("bench"), name="bench")


def _ratio(
    name: str, rates: dict[object, list[float]], ours: object, other: object, asked: float
) -> Figure:
    """The median of the rounds' ratios, which moves less than the rates when the machine does."""
    pairs = zip(rates[ours], rates[other], strict=True)
    value = statistics.median(mine / control for mine, control in pairs)
    mine, control = (statistics.median(rates[key]) for key in (ours, other))
    return Figure(name, value, "", asked, detail=f"{mine:,.0f} / {control:,.0f} requests/s")
