"""How soon things happen: a change is live, a caller is told that there is no router.

Each beside a control: the same change read back from the database by a bare LISTEN, the same
call when the router answers.
"""

import asyncio
import signal
import statistics
import time
from collections.abc import Callable

import asyncpg
import httpx

from pointsman.database_url import connection_parameters
from pointsman.services.changes import CHANNEL
from tests.sip.conftest import Acme
from tests.sip.harness.raw import RawParty
from tests.sip.harness.stack import Stack
from tests.waiting import until


def change_to_answer(stack: Stack, acme: Acme, changes: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the commit's answer to the first rtjson answer that shows it, and, as
    the control, from the commit's answer to its notice at a bare listener (at least 0)."""
    return asyncio.run(_change_to_answer(stack, acme, changes))


async def _change_to_answer(
    stack: Stack, acme: Acme, changes: int
) -> tuple[list[float], list[float]]:
    notices: list[float] = []
    listener = await asyncpg.connect(**connection_parameters(stack.database_url))
    await listener.add_listener(CHANNEL, lambda *_: notices.append(time.perf_counter()))
    shown, noticed = [], []
    url = f"{stack.router.url}/kamailio/rtjson"
    headers = {"authorization": f"Bearer {stack.node_token}"}
    async with httpx.AsyncClient(headers=headers) as client:
        for number in range(changes):
            trunk = (acme.alpha, acme.beta)[number % 2]
            notices.clear()
            await asyncio.to_thread(
                stack.operator.change, "RoutingGroup", acme.group, trunks=[{"trunkId": trunk}]
            )
            committed = time.perf_counter()
            while True:
                answer = await client.post(url, json=_question(stack))
                if answer.json()["rtjson"]["routes"][0]["trunk"] == trunk:
                    break
            shown.append((time.perf_counter() - committed) * 1_000)
            await until(lambda: bool(notices))
            noticed.append(max(0.0, (notices[0] - committed) * 1_000))
    await listener.close()
    return shown, noticed


def _question(stack: Stack) -> dict[str, object]:
    return {
        "source_ip": stack.pbx.host,
        "source_port": stack.pbx.port,
        "call_id": "bench",
        "from_uri": "sip:+390401234567@acme.example",
        "to_uri": "sip:+390612345678@h",
    }


def without_a_router(stack: Stack, calls: int) -> dict[str, float]:
    """Median milliseconds from INVITE to its final response: with the router (a 404), with a
    router that hangs, and with none."""
    found = {"router answers": _time_calls(stack, "999", "404", calls)}
    stack.router.signal(signal.SIGSTOP)
    try:
        found["router hangs"] = _time_calls(stack, "999", "503", calls)
    finally:
        stack.router.signal(signal.SIGCONT)
    stack.router.signal(signal.SIGKILL)
    try:
        found["router is killed"] = _time_calls(stack, "999", "503", calls)
    finally:
        stack.router.start()
    return found


def _time_calls(stack: Stack, called: str, status: str, calls: int) -> float:
    def call(party: RawParty) -> None:
        party.send(party.request("INVITE", called))
        final = party.final()
        if final.split()[1] != status:
            raise RuntimeError(f"{final} instead of {status}")

    with RawParty(stack.pbx.host, stack.kamailio.socket) as party:
        return statistics.median(_time(call, party) for _ in range(calls))


def _time(act: Callable[[RawParty], None], party: RawParty) -> float:
    started = time.perf_counter()
    act(party)
    return (time.perf_counter() - started) * 1_000
