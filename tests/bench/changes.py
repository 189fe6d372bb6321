"""How soon a change is live at size and under load: from the commit to the first answer by it."""

import json
import random
import statistics
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pointsman.auth import Principal
from pointsman.models import RoutingGroup, Tenant, Trunk, TrunkEndpoint
from pointsman.services.changes import change, describe
from pointsman.services.routing_rules import create_routing_rule
from tests.bench.generator import source_ip

_BY = Principal("bench")
_GIVE_UP_S = 60.0


async def change_to_answer(url: str, token: str, tenants: int, changes: int) -> list[float]:
    """Milliseconds of each of so many changes, of several kinds by turns, by random tenants."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret
    router = _Router(url, token)
    waited = []
    for number in range(changes):
        # Those that are disabled in between are others than those that call.
        tenant = 2 * rng.randrange(tenants // 2)
        if number % 3 == 0:
            is_live = await _add_rule(router, tenant, number)
        elif number % 3 == 1:
            is_live = await _switch_tenant(router, tenant + 1)
        else:
            is_live = await _move_carrier(router, tenant, number)
        committed = time.perf_counter()
        while not is_live():
            if time.perf_counter() - committed > _GIVE_UP_S:
                raise RuntimeError(f"change {number} is not live")
        waited.append((time.perf_counter() - committed) * 1_000)
    return waited


def percentiles(values: list[float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=100)[98]


class _Router:
    """Asks on a connection of its own."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url).netloc
        self._connection = HTTPConnection(self._address, timeout=10)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, tenant: int, called: str) -> dict[str, Any]:
        """The answer to a call of a tenant's PBX."""
        body = {
            "source_ip": source_ip(tenant),
            "source_port": 5060,
            "call_id": "change",
            "from_uri": "sip:+390401234567@acme.example",
            "request_uri": f"sip:{called}@127.0.0.1",
            "to_uri": f"sip:{called}@127.0.0.1",
        }
        self._connection.request("POST", "/kamailio/rtjson", json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())["rtjson"]
        return found


async def _add_rule(router: _Router, tenant: int, number: int) -> Callable[[], bool]:
    """A routing rule of the tenant's for a prefix of its own."""
    row = await Tenant.get(name=f"tenant {tenant}")
    group = await RoutingGroup.get(tenant_id=row.id)
    called = f"+3906{number:08d}"
    rule = await create_routing_rule(
        _BY, tenant_id=row.id, name=called, called_prefix=called, routing_group_id=group.id
    )
    return lambda: router.ask(tenant, called)["match"] == str(rule.id)


async def _switch_tenant(router: _Router, tenant: int) -> Callable[[], bool]:
    """A tenant off, or on again."""
    row = await Tenant.get(name=f"tenant {tenant}")
    async with change(_BY) as made:
        before = describe(row)
        row.enabled = not row.enabled
        await row.save()
        await made.updated(row, before, describe(row))
    refused = not row.enabled
    return lambda: (router.ask(tenant, "+393331234567")["code"] == "TENANT_DISABLED") is refused


async def _move_carrier(router: _Router, tenant: int, number: int) -> Callable[[], bool]:
    """The port of the platform's carrier that the tenant's calls go to first."""
    first = router.ask(tenant, "+393331234567")["routes"][0]
    endpoint = await TrunkEndpoint.get(id=UUID(first["endpoint"]))
    trunk = await Trunk.get(id=endpoint.trunk_id)
    port = 6_000 + number
    async with change(_BY) as made:
        before = describe(trunk)
        await TrunkEndpoint.filter(id=endpoint.id).update(port=port)
        await made.updated(trunk, before, {**before, "endpoints": port})
    return lambda: f":{port}" in router.ask(tenant, "+393331234567")["routes"][0]["dst_uri"]
