"""What the records role does by itself, on a database where commits are commits."""

import asyncpg
import httpx
from fastapi import FastAPI

from pointsman.database_url import connection_parameters
from pointsman.models import CallStatistics
from pointsman.records_app import build_records
from pointsman.services.call_records import store_events
from pointsman.settings import Settings
from tests.calls.reported import NODE
from tests.conftest import bound, copy_database
from tests.services.recounted import call, read, recounted, stored_counts
from tests.services.test_statistics_recount import MIDNIGHT
from tests.waiting import until_found


async def _says(app: FastAPI, line: str) -> bool:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://records") as http:
        return line in (await http.get("/metrics")).text.splitlines()


async def test_it_counts_what_is_stored_and_tells_what_waits(template_url: str) -> None:
    url = await copy_database(template_url, "records_app")
    async with bound(url):
        await store_events(NODE, read(call("call-1", MIDNIGHT)))
        app = build_records(Settings(statistics_every_s=1.0), url)
        other = await asyncpg.connect(**connection_parameters(url))
        try:
            await other.execute("SELECT pg_advisory_lock(hashtext('call statistics'))")
            async with app.router.lifespan_context(app):
                await until_found(lambda: _says(app, "pointsman_statistics_due 1.0"))
                await other.execute("SELECT pg_advisory_unlock_all()")
                await until_found(lambda: _says(app, "pointsman_statistics_due 0.0"))
        finally:
            await other.close()
        assert await CallStatistics.all().count() == 6
        assert await stored_counts() == await recounted()
