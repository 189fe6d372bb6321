"""How long a page of calls takes, by what is asked for, through the service."""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from pointsman.auth import Principal
from pointsman.calls.call import CallOutcome
from pointsman.services.call_filter import CallFilter
from pointsman.services.call_lookup import list_call_records
from tests.bench import call_generator as made
from tests.bench.call_generator import DAYS
from tests.conftest import bound

_PLATFORM = Principal("bench")
# Each in turn, so that what else the machine does meets them alike.
_ROUNDS, _FIRST = 100, 50
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """Milliseconds at the median and at the 95th percentile; how many calls the pages had."""

    median: float
    p95: float
    calls: int


async def measure_pages(database_url: str, last_day: date) -> dict[str, Times]:
    """By what is asked for; "SELECT 1" is the round trip beside it."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret
    asked = _Asked(rng, datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + _DAY)
    took: dict[str, list[float]] = {}
    calls: dict[str, int] = {}
    async with bound(database_url):
        for _ in range(_ROUNDS):
            for name, ask in asked.all():
                started = time.perf_counter()
                found = await ask()
                took.setdefault(name, []).append(1_000 * (time.perf_counter() - started))
                calls[name] = calls.get(name, 0) + found
    return {
        name: Times(statistics.median(each), statistics.quantiles(each, n=20)[18], calls[name])
        for name, each in took.items()
    }


class _Asked:
    """What is asked for in a round, drawn anew."""

    def __init__(self, rng: random.Random, end: datetime) -> None:
        self._rng = rng
        self._end = end
        self._after: str | None = None

    def all(self) -> list[tuple[str, Callable[[], Awaitable[int]]]]:
        """Each with its name."""
        tenant = int(1_000 * self._rng.random() ** 3)
        of_tenant = Principal("bench", UUID(made.tenant_id(tenant)))
        callee = f"+39{int(10**7 * self._rng.random() ** 4):09}"
        begin = self._end - self._rng.randrange(1, DAYS) * _DAY
        asked = {name: CallFilter(**how) for name, how in self._filters(tenant, callee).items()}
        pages = [
            ("SELECT 1", _round_trip),
            ("nothing", _page(CallFilter())),
            ("nothing, the next page", self._next),
            ("a day", _page(CallFilter(started_from=begin, started_to=begin + _DAY))),
            ("a tenant's token", _page(CallFilter(), of_tenant)),
            ("a tenant's token, rejected", _page(asked["outcome REJECTED"], of_tenant)),
            ("a tenant's token, a prefix", _page(asked["called prefix, of most"], of_tenant)),
        ]
        return pages + [(name, _page(each)) for name, each in asked.items()]

    def _filters(self, tenant: int, callee: str) -> dict[str, dict[str, Any]]:
        way = int(10 * self._rng.random() ** 2)
        return {
            "tenant": {"tenant_id": made.tenant_id(tenant)},
            "calling number": {"calling_number": f"+3904{tenant:04}007"},
            "called number": {"called_number": callee},
            "called number, none": {"called_number": "+1"},
            "calling prefix": {"calling_number_prefix": f"+3904{tenant:04}"},
            "called prefix, of most": {"called_number_prefix": "+39"},
            "called prefix, 7 digits": {"called_number_prefix": callee[:8]},
            "called prefix, 9 digits": {"called_number_prefix": callee[:10]},
            "called prefix, rare": {"called_number_prefix": made.RARE_PREFIX},
            "source trunk": {"source_trunk_id": made.source_trunk_id(tenant)},
            "trunk": {"trunk_id": made.trunk_id(way)},
            "carrier": {"carrier_id": made.carrier_id(way)},
            **{f"outcome {each}": {"outcome": each} for each in CallOutcome},
            "SIP code": {"sip_code": 486},
            "SIP code, rare": {"sip_code": made.RARE_CODE},
            "Call-ID, none": {"sip_call_id": "nobody's"},
        }

    async def _next(self) -> int:
        page = await list_call_records(_PLATFORM, CallFilter(), first=_FIRST, after=self._after)
        self._after = page.cursors[-1] if page.has_next else None
        return len(page.rows)


def _page(asked: CallFilter, principal: Principal = _PLATFORM) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return len((await list_call_records(principal, asked, first=_FIRST)).rows)

    return ask


async def _round_trip() -> int:
    await get_connection("default").execute_query("SELECT 1")
    return 1
