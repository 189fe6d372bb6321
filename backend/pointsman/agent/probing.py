"""Keeps asking the endpoints of trunks by OPTIONS, and knows what became of it.

Kamailio keeps nothing of this: each probe is an order of its own, so that one that was started
again goes on where it was. A Kamailio that is gone for a while is waited for.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from heapq import nsmallest
from typing import Any

import structlog

from pointsman.agent.endpoint_state import (
    EndpointState,
    Evidence,
    Hysteresis,
    ProbeResult,
    begin,
    is_failing,
    judge,
    observe,
)
from pointsman.agent.rpc import KamailioRpc, RpcError, RpcRefused, RpcTimeout, RpcUnreachable
from pointsman.kamailio.probed_endpoint import ProbedEndpoint
from pointsman.routing.health import EndpointHealth

_LOOK_S = 0.1
_WAIT_S = 1.0
# What is due at once is not asked at once: 100 a second.
_MOST_AT_A_LOOK = 10
# A probe of which nothing is heard for this long was lost with its Kamailio, and says nothing.
_LOST_S = 40.0
# Without a word of Kamailio's for this long nothing is known of the endpoints any more.
_DEAF_S = 30.0
_EMPTY = 404

log = structlog.get_logger()


class Probing:
    """The endpoints that are probed, and what is known of each."""

    def __init__(self, rpc: KamailioRpc, hysteresis: Hysteresis, interval_s: float) -> None:
        self._rpc = rpc
        self._hysteresis = hysteresis
        self._interval_s = interval_s
        self._endpoints: dict[str, ProbedEndpoint] = {}
        self._due: dict[str, float] = {}
        # When each probe was sent of which nothing is heard yet.
        self._under_way: dict[str, float] = {}
        self._heard_at = float("-inf")
        self.states: dict[str, EndpointState] = {}
        # Set for each of those who tell of the states, when one has changed.
        self.changes: list[asyncio.Event] = []

    @property
    def is_in_touch(self) -> bool:
        """Whether Kamailio was heard of lately: else the states are of another time."""
        return time.monotonic() - self._heard_at < _DEAF_S

    def take(self, endpoints: Iterable[ProbedEndpoint], down: dict[str, float]) -> None:
        """Probe these from now on and no others; of new ones some are down as was told before."""
        before, self._endpoints = self._endpoints, {each.id: each for each in endpoints}
        now, steady = time.time(), time.monotonic()
        spread_s = min(self._interval_s, len(self._endpoints) / 100)
        for endpoint_id, endpoint in self._endpoints.items():
            if not _is_same(before.get(endpoint_id), endpoint):
                self.states[endpoint_id] = begin(now, down.get(endpoint_id))
                self._due[endpoint_id] = steady + random.uniform(0, spread_s)  # noqa: S311 -- load
                self._under_way.pop(endpoint_id, None)
        for endpoint_id in before.keys() - self._endpoints.keys():
            del self.states[endpoint_id], self._due[endpoint_id]
            self._under_way.pop(endpoint_id, None)
        log.info("endpoints are probed", endpoints=len(self._endpoints))
        self._tell_change()

    async def send(self) -> None:
        """Have Kamailio ask whoever is due, for ever."""
        await self._keep_doing(self._send_due)

    async def fetch(self) -> None:
        """Take what came of probes, for ever."""
        await self._keep_doing(self._fetch_all)

    async def _keep_doing(self, do: Callable[[], Awaitable[None]]) -> None:
        said = ""
        while True:
            try:
                await do()
                said = ""
                await asyncio.sleep(_LOOK_S)
            except RpcError as error:
                if str(error) != said:
                    said = str(error)
                    log.warning("Kamailio cannot be asked, trying again", error=said)
                if isinstance(error, RpcUnreachable) and not isinstance(error, RpcTimeout):
                    # One that is started again knows nothing of what was under way.
                    self._due.update(dict.fromkeys(self._under_way, time.monotonic()))
                    self._under_way.clear()
                await asyncio.sleep(_WAIT_S)

    async def _send_due(self) -> None:
        steady = time.monotonic()
        due = (endpoint_id for endpoint_id, at in self._due.items() if at <= steady)
        # Where there are more than can be asked, each has its turn.
        for endpoint_id in nsmallest(_MOST_AT_A_LOOK, due, key=self._due.__getitem__):
            endpoint = self._endpoints.get(endpoint_id)
            if endpoint is None:  # by now
                continue
            order = f"{endpoint.id}|{endpoint.socket}|{endpoint.from_host}|{endpoint.uri}"
            self._under_way[endpoint_id] = time.monotonic()
            self._due[endpoint_id] = time.monotonic() + _LOST_S
            await self._ask("evrexec.run", "pointsman:probe", order)

    async def _fetch_all(self) -> None:
        while True:
            try:
                told = await self._ask("mqueue.fetch", "probes")
            except RpcRefused as refused:
                if refused.code != _EMPTY:
                    raise
                self._hear()
                return
            origin, code, reason = told["val"].split(" ", 2)
            await self._take_result(told["key"], ProbeResult(origin == "remote", int(code), reason))

    async def _take_result(self, endpoint_id: str, result: ProbeResult) -> None:
        known, sent = self.states.get(endpoint_id), self._under_way.pop(endpoint_id, None)
        if known is None or sent is None:
            return
        self._due[endpoint_id] = max(time.monotonic(), sent + self._interval_s)
        now = time.time()
        seen = observe(known, result, now)
        evidence = Evidence()
        if is_failing(seen, self._hysteresis):
            evidence = await self._find_evidence(endpoint_id)
        found = judge(seen, self._hysteresis, now, evidence)
        if self.states.get(endpoint_id) is not known:  # any more
            return
        self.states[endpoint_id] = found
        if (found.state, found.note) != (known.state, known.note):
            log.info(
                "an endpoint has changed",
                endpoint=self._endpoints[endpoint_id].uri,
                id=endpoint_id,
                state=found.state,
                reply=f"{found.code} {found.reason}",
                note=found.note,
            )
            self._tell_change()

    async def _find_evidence(self, endpoint_id: str) -> Evidence:
        return Evidence(
            answered_at=await self._read_time("answered", endpoint_id),
            failed_at=await self._read_time("unanswered", endpoint_id),
            answers_probes=await self._read_time("probed", endpoint_id) > 0,
        )

    async def _read_time(self, table: str, endpoint_id: str) -> float:
        """What Kamailio has noted of an endpoint in a table, 0 for nothing."""
        try:
            found = await self._ask("htable.get", table, endpoint_id)
        except RpcRefused:
            return 0.0
        return float(found["item"]["value"])

    def down(self) -> dict[str, float]:
        """The endpoints that are down, and since when."""
        return {
            endpoint_id: known.since
            for endpoint_id, known in self.states.items()
            if known.state is EndpointHealth.DOWN
        }

    def _tell_change(self) -> None:
        for change in self.changes:
            change.set()

    async def _ask(self, method: str, *arguments: str) -> Any:
        answer = await self._rpc.ask(method, *arguments)
        self._hear()
        return answer

    def _hear(self) -> None:
        self._heard_at = time.monotonic()


def _is_same(before: ProbedEndpoint | None, now: ProbedEndpoint) -> bool:
    """Whether what is known of an endpoint holds: one that leads elsewhere now is another."""
    return before is not None and (before.uri, before.socket) == (now.uri, now.socket)
