"""What compilers of a database are told, by whoever has its URL."""

import asyncpg

from pointsman.database_url import connection_parameters
from pointsman.services.changes import CHANNEL, EVERYTHING


async def ask_for_everything(url: str) -> None:
    """Tell the compilers of a database to compile everything."""
    connection = await asyncpg.connect(**connection_parameters(url))
    try:
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, EVERYTHING)
    finally:
        await connection.close()
