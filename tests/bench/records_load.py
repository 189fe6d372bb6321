"""Call records for a minute, as nodes ship them, beside a raw COPY of the same bytes; and what
calls notice of it."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx

from pointsman.auth import Principal
from pointsman.database_url import connection_parameters
from pointsman.services.kamailio_nodes import create_kamailio_node
from tests.bench.http_load import Load
from tests.bench.servers import Server
from tests.calls import reported
from tests.conftest import bound

NODES = 4
# What a shipper sends at once.
_REPORT = 500
_STORED = "SELECT count(*) FROM call_event"


@dataclass(frozen=True)
class Minute:
    """What came of it: records a second that were committed and told so, the 99th percentile of the
    milliseconds that a report waited, and what calls saw meanwhile."""

    per_s: float
    p99_ms: float
    calls: Load


async def tokens_of_nodes(database_url: str) -> list[str]:
    """Tokens of nodes that report."""
    async with bound(database_url):
        return [
            await create_kamailio_node(Principal("bench"), name=f"node-{number}")
            for number in range(NODES)
        ]


async def keep_up(
    records: Server,
    database_url: str,
    tokens: list[str],
    ask_calls: Callable[[], Load],
    pace: tuple[int, int],
) -> Minute:
    """Report so many records a second for so long, while calls are asked for."""
    per_s, seconds = pace
    reports = per_s * seconds // _REPORT
    bodies = [_body(number) for number in range(reports)]
    took: list[float] = []
    calls = asyncio.create_task(asyncio.to_thread(ask_calls))
    started = time.perf_counter()
    await asyncio.gather(
        *(
            _report(records, token, bodies[node::NODES], (started, node, per_s), took)
            for node, token in enumerate(tokens)
        )
    )
    elapsed = time.perf_counter() - started
    stored = await _count(database_url)
    if stored != reports * _REPORT:
        raise RuntimeError(f"{stored} records are stored of {reports * _REPORT}")
    return Minute(stored / elapsed, statistics.quantiles(took, n=100)[98], await calls)


async def copy_raw(database_url: str, per_report: int, reports: int) -> float:
    """The control: so many records a second a bare COPY takes, a commit for each report's."""
    connection = await asyncpg.connect(**connection_parameters(database_url))
    try:
        await connection.execute(
            "CREATE TABLE raw_records (id uuid PRIMARY KEY, at timestamptz, content text)"
        )
        now = datetime.now(UTC)
        made = [
            [(uuid4(), now, json.dumps(each)) for each in _records(number)]
            for number in range(reports)
        ]
        started = time.perf_counter()
        for rows in made:
            await connection.copy_records_to_table("raw_records", records=rows[:per_report])
        return per_report * reports / (time.perf_counter() - started)
    finally:
        await connection.close()


async def _report(
    records: Server,
    token: str,
    bodies: list[bytes],
    pace: tuple[float, int, int],
    took: list[float],
) -> None:
    """One node's reports, each when it is due and the one before is committed."""
    started, node, per_s = pace
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
        for number, body in enumerate(bodies):
            due = started + (number * NODES + node) * _REPORT / per_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            answer = await http.post(f"{records.url}/kamailio/cdr", content=body)
            if answer.status_code != 200 or answer.json()["stored"] != _REPORT:
                raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")
            took.append((time.perf_counter() - sent) * 1_000)


def _body(number: int) -> bytes:
    return json.dumps({"records": list(_records(number))}).encode()


def _records(report: int) -> Iterator[dict[str, object]]:
    """A report's records: starts, answers and ends of calls, each some reports after the last."""
    node = f"node-{report % NODES}"
    made = (reported.start, reported.answer, reported.end)
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    for at in range(_REPORT):
        kind = at % 3
        # The answer of a call comes one report of its node later than its start, its end two.
        call = (report - kind * NODES) * _REPORT + at - kind
        started = f"{int(began.timestamp()) + call // 2_000}.{abs(call) % 1_000_000:06d}"
        said = made[kind](f"call-{call}@{node}.example")
        yield said | {"node": node, "started": started, "at": started}


async def _count(database_url: str) -> int:
    connection = await asyncpg.connect(**connection_parameters(database_url))
    try:
        return int(await connection.fetchval(_STORED))
    finally:
        await connection.close()
