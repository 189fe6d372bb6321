"""The database that a command works on: the one of the settings, or a PostgreSQL of our own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pointsman.database import connected_and_migrated
from pointsman.installation import database_url, load_secrets
from pointsman.routing.configuration import Configuration
from pointsman.routing.health import HEALTHY, Health
from pointsman.services.endpoint_states import load_health
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


def read_configuration_and_health(health_of: str | None) -> tuple[Configuration, Health]:
    """The newest configuration, and the health that a node tells of endpoints (see load_health);
    None for what is well."""
    secrets = load_secrets(load_settings())

    async def read() -> tuple[Configuration, Health]:
        health = HEALTHY if health_of is None else await load_health(health_of)
        return await load_configuration(secrets), health

    return with_database(read)


def read_configuration() -> Configuration:
    """The newest configuration, its secrets opened; nothing is written, and no role need run."""
    secrets = load_secrets(load_settings())
    return with_database(lambda: load_configuration(secrets))
