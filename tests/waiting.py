"""Waiting for what something else makes true, which tells nobody: another process, a database, a
file."""

import asyncio
from collections.abc import Awaitable, Callable

# For what is broken, not for what is slow.
_TIMEOUT_S = 90


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""

    async def holds() -> bool:
        return condition()

    await until_found(holds)


async def until_found(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what has to be asked for."""
    async with asyncio.timeout(_TIMEOUT_S):
        while not await condition():  # noqa: ASYNC110 -- nothing here could set an event
            await asyncio.sleep(0.01)
