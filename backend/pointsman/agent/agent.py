"""The agent's loop: tasks that know nothing of each other, each started again when it fails."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Never

import structlog
from msgspec import Struct

# From the first failure on the wait doubles; a task that ran this long has not failed at once.
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
_RAN_WELL_S = 60.0

log = structlog.get_logger()


class Task(Struct, frozen=True):
    """One thing that the agent keeps doing: `run` goes on until it fails or is cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


async def run_agent(tasks: Sequence[Task]) -> None:
    """Keep the tasks going until SIGTERM or SIGINT, then let each one end in order."""
    loop = asyncio.get_running_loop()
    told_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop.set)
    running = [asyncio.create_task(_keep(task), name=task.name) for task in tasks]
    log.info("the agent is up", tasks=[task.name for task in tasks])
    await told_to_stop.wait()
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    log.info("the agent has ended")


async def _keep(task: Task) -> Never:
    """Run it for ever; what it raises is logged once for as long as it stays the same."""
    loop = asyncio.get_running_loop()
    wait_s, said = _FIRST_WAIT_S, ""
    while True:
        began = loop.time()
        try:
            await task.run()
            error = "it ended by itself"
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            if error != said:
                log.exception("a task of the agent failed, it is started again", task=task.name)
        if loop.time() - began > _RAN_WELL_S:
            wait_s, error = _FIRST_WAIT_S, ""
        said = error
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
