"""The database that a command works on: the one of the settings, or a PostgreSQL of our own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pointsman.database import connected_and_migrated
from pointsman.installation import load_secrets
from pointsman.postgres import EmbeddedPostgres
from pointsman.routing.configuration import Configuration
from pointsman.services.snapshots import load_configuration
from pointsman.settings import Settings, load_settings

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


def database_url(settings: Settings) -> str:
    """Where it is."""
    return settings.database_url or embedded_postgres(settings).url


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """The PostgreSQL of our own, started or not."""
    return EmbeddedPostgres(settings.state_dir / "postgresql")
