"""A compiler that is killed at any moment, over and over, while the configuration changes: whatever
becomes of it, calls are decided by a whole revision."""

import asyncio
import json
import mmap
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise.transactions import in_transaction

from pointsman.auth import Principal
from pointsman.demo import ALPHA, PBX
from pointsman.kamailio.answer import answer_question
from pointsman.kamailio.metrics import RouterMetrics
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.models import ConfigRevision, Did, RoutingRule, Tenant, Trunk
from pointsman.routing.routing_rule import RuleAction
from pointsman.routing.snapshot import Snapshot
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.dids import update_did
from pointsman.services.routing_rules import create_routing_rule, update_routing_rule
from pointsman.services.secrets import NO_KEYS
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from tests.faults.calls import Answer, Caller, Calls
from tests.faults.forking_compiler import At
from tests.faults.running_router import RunningRouter, is_running, wait_until
from tests.kamailio.conftest import Demo
from tests.kamailio.test_router import QUESTION
from tests.waiting import until

_KILLS = 200
_MOST_DELAY_S, _MOST_OF_COMMIT_S = 0.05, 0.003
_PAST_IT_S = 0.5
_RULES = 1_000
_SECOND_PBX = "127.0.0.11"
# What is asked: out by a carrier's trunk, in by a DID, what a rule answers, what one of many does.
_QUESTIONS: tuple[dict[str, Any], ...] = (
    QUESTION,
    {
        **QUESTION,
        "source_ip": ALPHA[0],
        "source_port": ALPHA[1],
        "from_uri": "sip:+390612345678@127.0.0.21",
        "to_uri": "sip:+390401234567@127.0.0.1",
    },
    {**QUESTION, "to_uri": "sip:*2@127.0.0.1"},
    {**QUESTION, "to_uri": "sip:+4930999@127.0.0.1"},
)


class _Marked:
    """A configuration with a marker in all kinds of parts: the platform's (a carrier's endpoint),
    the tenant's (the endpoints of its PBXs), the directory (which of these a DID leads to), the
    rules (what one of them answers); and with another one in each of many rules."""

    def __init__(self) -> None:
        self._by = Principal("test")
        self.marker = self._of_many = 0
        # What may be answered by revision.
        self.expected: dict[int, set[str]] = {}

    async def create(self) -> None:
        """Make what the demo has not."""
        tenant = await Tenant.get(name="Acme")
        self._alpha = (await Trunk.get(name="alpha-1")).id
        self._did = (await Did.get(prefix="+390401234")).id
        second = await create_trunk(self._by, name="second", tenant_id=tenant.id)
        self._pbxs = {PBX[0]: (await Trunk.get(name="acme-pbx")).id, _SECOND_PBX: second.id}
        rule = await create_routing_rule(
            self._by,
            tenant_id=tenant.id,
            name="marked",
            called_prefix="*2",
            action=RuleAction.REJECT,
            reject_sip_code=480,
        )
        self._rule = rule.id
        await _create_many(tenant.id)
        await self.change()

    async def change(self, *, many: bool = True) -> None:
        """The next marker everywhere; in the many rules only if wanted, and then nobody says what
        has changed."""
        number = self.marker + 1
        async with in_transaction():
            await self._mark(number)
            if many:
                marked = RoutingRule.filter(name__startswith="many-")
                await marked.update(reject_sip_reason=f"many {number}")
                await ConfigRevision.create(actor="somebody")
                self._of_many = number
            revision = (await get_current_revision()).id
            # Before anybody can see it.
            self.expected[revision] = self._answers(number)
        self.marker = number

    async def _mark(self, number: int) -> None:
        by, port = self._by, 10_000 + number
        await update_trunk(by, self._alpha, endpoints=[Endpoint(ALPHA[0], port)])
        for host, trunk in self._pbxs.items():
            await update_trunk(by, trunk, endpoints=[Endpoint(host, port)])
        await update_did(by, self._did, pbx_trunk_id=self._pbxs[_pbx_of(number)])
        await update_routing_rule(by, self._rule, reject_sip_reason=f"one {number}")

    def _answers(self, number: int) -> set[str]:
        port = 10_000 + number
        return {
            f"sip:{ALPHA[0]}:{port}",
            f"sip:{_pbx_of(number)}:{port}",
            f"one {number}",
            f"many {self._of_many}",
        }


def _pbx_of(number: int) -> str:
    return (PBX[0], _SECOND_PBX)[number % 2]


async def _create_many(tenant_id: UUID) -> None:
    await RoutingRule.bulk_create(
        RoutingRule(
            name=f"many-{number}",
            tenant_id=tenant_id,
            called_prefix=f"+4930{number}",
            action=RuleAction.REJECT,
            reject_sip_code=480,
        )
        for number in range(_RULES)
    )


def _shown(answer: Answer) -> str:
    """What of an answer a marker is in."""
    return str(answer["routes"][0]["dst_uri"] if answer["success"] else answer["sip_reason"])


def _answers_of(snapshot: Snapshot) -> set[str]:
    """What a snapshot answers."""
    bodies = (json.dumps(question).encode() for question in _QUESTIONS)
    answers = (answer_question(body, snapshot, now=0.0).body for body in bodies)
    return {_shown(json.loads(answer)["rtjson"]) for answer in answers}


class _Compilers:
    """Compilers, one after the other."""

    def __init__(self, environment: dict[str, str]) -> None:
        descriptor = os.memfd_create("told")
        os.truncate(descriptor, mmap.PAGESIZE)
        self._told = mmap.mmap(descriptor, mmap.PAGESIZE)
        self._driver = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking_compiler", str(descriptor)],
            env=environment,
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[descriptor],
        )
        os.close(descriptor)
        self._pid = 0
        # How often a compiler was at what when it was killed.
        self.killed: Counter[At] = Counter()

    @property
    def at(self) -> At:
        """What the one of the moment is at."""
        return At(self._told[0])

    def start(self) -> None:
        """Start the next one."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write("\n")
        self._driver.stdin.flush()
        self._pid = int(self._driver.stdout.readline())

    async def reach(self, what: At) -> None:
        """Wait until it is that far; one that was in between two looks is past it, and is killed
        where it is."""
        past_it = time.monotonic() + _PAST_IT_S
        while time.monotonic() < past_it:
            # It is another process, which sets no event.
            if self.at >= what:
                break
            await asyncio.sleep(0.001)

    def kill(self) -> None:
        """Kill it, and note what it was at."""
        os.kill(self._pid, signal.SIGKILL)
        wait_until(lambda: not is_running(self._pid))
        self.killed[self.at] += 1

    def close(self) -> None:
        """End the last one, and what starts them."""
        os.kill(self._pid, signal.SIGKILL)
        self._driver.communicate()


@pytest.fixture
def compilers(own_router: RunningRouter) -> Iterator[_Compilers]:
    own_router.environment["POINTSMAN_ROUTER_COMPILES"] = "false"
    own_router.environment["POINTSMAN_LOG_LEVEL"] = "error"
    compilers = _Compilers(own_router.environment)
    yield compilers
    compilers.close()


@asynccontextmanager
async def _looking(feed: SnapshotFeed, seen: dict[int, set[str]]) -> AsyncIterator[None]:
    """Note what each snapshot answers that is on disk meanwhile."""

    async def look() -> None:
        while True:
            await feed.look()
            if feed.held is not None:
                snapshot = feed.held.snapshot
                seen.setdefault(snapshot.revision, set()).update(_answers_of(snapshot))
            await asyncio.sleep(0.02)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def test_a_compiler_killed_at_any_moment_leaves_whole_revisions(
    demo: Demo, own_router: RunningRouter, compilers: _Compilers
) -> None:
    router, marked = own_router, _Marked()
    await marked.create()
    compilers.start()
    router.launch()
    await until(lambda: router.is_ready)
    feed = SnapshotFeed(router.directory, NO_KEYS.unseal, RouterMetrics())
    mapped: dict[int, set[str]] = {}
    answered: set[tuple[int, str]] = set()

    def look(answer: Answer) -> str:
        answered.add((answer["revision"], _shown(answer)))
        return ""

    calls = Calls([Caller(router.port, demo.token)], _QUESTIONS, look)
    with calls:
        async with _looking(feed, mapped):
            await _kill_over_and_over(marked, compilers, feed)
            newest = max(marked.expected)
            await until(lambda: newest in mapped)
            await until(lambda: router.revision == newest)
    said = router.metrics()
    assert calls.lost == {}
    assert calls.decided > _KILLS
    assert mapped == {revision: marked.expected[revision] for revision in mapped}
    assert {pair for pair in answered if pair[1] not in marked.expected[pair[0]]} == set()
    assert said["pointsman_snapshot_files_refused_total"] == 0
    assert feed._metrics.counters.total("files_refused") == 0
    assert sum(n for name, n in said.items() if name.startswith("pointsman_rtjson_refused")) == 0
    assert compilers.killed[At.COMPILING] + compilers.killed[At.WRITING] > _KILLS // 4


async def _kill_over_and_over(marked: _Marked, compilers: _Compilers, feed: SnapshotFeed) -> None:
    """As it starts, or once it has caught up, while it compiles, or while it commits."""
    rng = random.Random(20191111)  # noqa: S311 -- nothing secret

    def is_newest() -> bool:
        return feed.held is not None and feed.held.snapshot.revision == max(marked.expected)

    for number in range(_KILLS):
        if number % 20 == 0:
            await until(is_newest)
        await marked.change(many=rng.random() < 0.3)
        if number % 8 == 3:
            await compilers.reach(At.WRITING)
            await asyncio.sleep(rng.uniform(0.0, _MOST_OF_COMMIT_S))
        else:
            if number % 3 == 1:
                await compilers.reach(At.COMPILING)
            await asyncio.sleep(rng.uniform(0.0, _MOST_DELAY_S))
        compilers.kill()
        compilers.start()
