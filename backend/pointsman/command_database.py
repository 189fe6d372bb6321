"""The database that a command works on: the one of the settings, or a PostgreSQL of our own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pointsman.database import connected_and_migrated
from pointsman.installation import database_url, load_secrets
from pointsman.routing.configuration import Configuration
from pointsman.services.snapshots import load_configuration
from pointsman.settings import load_settings

T = TypeVar("T")


def with_database(use: Callable[[], Awaitable[T]]) -> T:
    """What a service makes of the database; raises BadEnvironment for one that is not there or
    not migrated."""
    url = database_url(load_settings())

    async def run() -> T:
        async with connected_and_migrated(url):
            return await use()

    return asyncio.run(run())


def read_configuration() -> Configuration:
    """The newest configuration, its secrets opened; nothing is written, and no role need run."""
    secrets = load_secrets(load_settings())
    return with_database(lambda: load_configuration(secrets))
