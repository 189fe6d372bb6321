"""What a router at size does: requests, memory, compiles, starts, changes, with others at work."""

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from pointsman.snapshots.status import Status, load_status
from tests.bench import changes, memory, servers
from tests.bench.http_load import Caller, Load
from tests.bench.servers import Server
from tests.compiler.notifications import ask_for_everything
from tests.conftest import bound

_CHANGES = 90
_GRAPHQL = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_ADMIN")
wrk.body = '{"query":"{ routingRules(first: 100) { nodes { id name calledPrefix priority } } }"}'
"""


@dataclass(frozen=True)
class Database:
    """A generated configuration, and tokens of it."""

    url: str
    node_token: str
    admin_token: str
    tenants: int


def memory_of_workers(database: Database, state_dir: Path, caller: Caller) -> dict[str, float]:
    """MiB of a router's first worker after some load, and of each further worker; what of both is
    their own."""
    with servers.router(
        database.url, state_dir, router_workers="3", router_compiles="false"
    ) as router:
        time.sleep(2)
        for _ in range(3):
            caller.ask(router, 3)
        pid = router.process.pid
        further = memory.children_of(pid, "router_worker")
        first = memory.memory_of(pid)
        others = [memory.memory_of(child) for child in further]
        return {
            "one_worker_mb": first.rss_mb,
            "one_worker_own_mb": first.own_mb,
            "further_worker_mb": max(other.own_mb for other in others),
            "further_worker_rss_mb": max(other.rss_mb for other in others),
        }


def cold_start(database: Database, state_dir: Path) -> float:
    """Seconds from the start of a router, with a snapshot on disk, to its first answer."""
    started = time.perf_counter()
    with servers.router(database.url, state_dir) as router:
        answer = httpx.post(
            f"{router.url}/kamailio/rtjson",
            headers={"authorization": f"Bearer {database.node_token}"},
            json={"source_ip": "10.0.0.1", "source_port": 5060, "call_id": "cold",
                  "from_uri": "sip:+390401234567@a", "to_uri": "sip:+393331234567@h"},
        )  # fmt: skip
        took = time.perf_counter() - started
        answer.raise_for_status()
    return took


def first_compile(database: Database, state_dir: Path) -> float:
    """Seconds of a whole compile where there is no snapshot yet, which is then there."""
    with servers.router(database.url, state_dir):
        return status_of(state_dir).seconds["full"]


def changes_under_load(
    database: Database, router: Server, caller: Caller, delay_ms: int
) -> tuple[float, float, Load]:
    """Median and 99th percentile in milliseconds, and the load meanwhile."""

    async def run() -> list[float]:
        async with bound(database.url):
            return await changes.change_to_answer(
                router.url, database.node_token, database.tenants, _CHANGES
            )

    wrk = caller.begin(router, 20, delay_ms=delay_ms)
    time.sleep(1)
    try:
        waited = asyncio.run(run())
    finally:
        wrk.send_signal(signal.SIGINT)
        load = caller.finish(wrk)
    return *changes.percentiles(waited), load


def during_compiles(
    database: Database, router: Server, state_dir: Path, measure: Callable[[], Load]
) -> Load:
    """What is measured while everything is compiled, again and again."""
    before = status_of(state_dir).compiles.get("full done", 0)
    asyncio.run(ask_for_everything(database.url))
    load = measure()
    deadline = time.monotonic() + 120
    while status_of(state_dir).compiles.get("full done", 0) == before:
        if time.monotonic() > deadline:
            raise RuntimeError("the compile does not end")
        time.sleep(0.5)
    return load


def with_busy_control(database: Database, state_dir: Path, measure: Callable[[], Load]) -> Load:
    """What is measured while the control role answers as many queries as it can."""
    script = state_dir / "graphql.lua"
    script.write_text(_GRAPHQL)
    with servers.control(database.url, state_dir) as control:
        command = ["wrk", "-t1", "-c8", "-d300s", "-s", str(script), f"{control.url}/graphql"]
        with servers.running(command, {"BENCH_ADMIN": database.admin_token}):
            time.sleep(2)
            return measure()


def status_of(state_dir: Path) -> Status:
    """What the compiler of this state directory says."""
    (directory,) = (state_dir / "snapshots").iterdir()
    status = load_status(directory)
    if status is None:
        raise RuntimeError("the compiler says nothing")
    return status
