"""The database is lost, cannot be written to, comes back: no call notices."""

import asyncio
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from pointsman.auth import Principal
from pointsman.database import DATABASE_ERRORS
from pointsman.database_url import connection_parameters
from pointsman.errors import BadEnvironment
from pointsman.models import Tenant
from pointsman.postgres import EmbeddedPostgres
from pointsman.services.changes import CHANNEL, EVERYTHING
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.tenants import create_tenant
from tests.faults.calls import Caller, Calls, routed
from tests.faults.running_router import RunningRouter
from tests.kamailio.conftest import Demo
from tests.waiting import until

_BY = Principal("test")
_CONNECTED = "pointsman_snapshot_database_connected"
_CONFIRMED = "pointsman_snapshot_confirmed_timestamp_seconds"
_FULL = 'pointsman_snapshot_compiles_total{kind="full",result="done"}'


@pytest.fixture
def following(bound_demo: Demo, tmp_path: Path) -> Iterator[RunningRouter]:
    """A router, started, which looks at its database all the time."""
    router = RunningRouter(bound_demo.url, tmp_path, router_poll_s=0.1)
    router.start()
    yield router
    router.stop()


def _compiled_more(router: RunningRouter, before: float) -> bool:
    return router.metrics()[_FULL] > before


def _database(router: RunningRouter) -> str:
    return str(router.readiness()[1]["database"])


async def _lose(router: RunningRouter, server: EmbeddedPostgres) -> None:
    """Stop the server at once, as a crash does, until the router has said so and gone on."""
    await until(lambda: _database(router) == "connected")
    server.stop(signal.SIGQUIT)
    await until(lambda: _database(router) == "lost")
    confirmed = router.metrics()[_CONFIRMED]
    _, before = router.readiness()
    await asyncio.sleep(0.5)
    status, after = router.readiness()
    assert (status, after["ready"], after["database"]) == (200, True, "lost")
    assert after["confirmed_s_ago"] > before["confirmed_s_ago"]
    said = router.metrics()
    assert (said[_CONNECTED], said[_CONFIRMED]) == (0, confirmed)


async def _change(router: RunningRouter, name: str) -> None:
    """Change something, and wait until the router has it."""
    await create_tenant(_BY, name=name)
    await _catch_up(router)


async def _catch_up(router: RunningRouter) -> None:
    newest = (await get_current_revision()).id
    await until(lambda: router.revision == newest)


async def test_a_database_that_crashes_and_comes_back_costs_no_call(
    bound_demo: Demo, following: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    with Calls([Caller(following.port, bound_demo.token)], look=routed) as calls:
        await _change(following, "before the crash")
        for number in range(2):
            await _lose(following, breakable)
            breakable.start()
            await until(lambda: _database(following) == "connected")
            await _change(following, f"after crash {number}")
    assert calls.lost == {}
    said = following.metrics()
    assert (said[_CONNECTED], said["pointsman_snapshot_failing"]) == (1, 0)
    assert said["pointsman_worker_restarts_total"] == 0
    assert said["pointsman_snapshot_files_refused_total"] == 0


async def test_a_database_whose_disk_is_read_only_costs_no_call(
    bound_demo: Demo, following: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    folders = [breakable.directory / "data", *(breakable.directory / "data").rglob("*")]
    modes = {path: path.stat().st_mode for path in folders}
    with Calls([Caller(following.port, bound_demo.token)], look=routed) as calls:
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        try:
            with pytest.raises(DATABASE_ERRORS):
                await _write_on()
            breakable.stop(signal.SIGQUIT)
            with pytest.raises(BadEnvironment):
                breakable.start()
            await until(lambda: _database(following) == "lost")
            assert following.is_ready
        finally:
            for path, mode in modes.items():
                if path.exists():
                    path.chmod(mode)
        breakable.start()
        await until(lambda: _database(following) == "connected")
        await _change(following, "on a disk again")
    assert calls.lost == {}


async def _write_on() -> None:
    for number in range(100):
        await create_tenant(_BY, name=f"nowhere to write {number}")
        await Tenant.raw("CHECKPOINT")


def _processes_of(server: EmbeddedPostgres) -> list[int]:
    postmaster = int((server.directory / "data" / "postmaster.pid").read_text().split()[0])
    found = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, found)]


async def test_a_database_that_hangs_costs_no_call(
    bound_demo: Demo, following: RunningRouter, breakable: EmbeddedPostgres
) -> None:
    """Its processes get no processor: nothing tells that they are gone."""
    pids = _processes_of(breakable)
    with Calls([Caller(following.port, bound_demo.token)], look=routed) as calls:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            await until(lambda: calls.decided > 100)
            assert following.is_ready
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        await _change(following, "awake again")
    assert calls.lost == {}


async def test_everything_is_compiled_under_load_without_a_lost_call(
    bound_demo: Demo, following: RunningRouter
) -> None:
    connection = await asyncpg.connect(**connection_parameters(bound_demo.url))
    with Calls([Caller(following.port, bound_demo.token)], look=routed) as calls:
        for number in range(5):
            before = following.metrics()[_FULL]
            await Tenant.filter(name__startswith="Acme").update(name=f"Acme {number}")
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, EVERYTHING)
            await until(partial(_compiled_more, following, before))
    await connection.close()
    assert calls.lost == {}
    assert following.metrics()["pointsman_worker_restarts_total"] == 0


async def test_a_snapshot_past_its_age_refuses_until_the_database_is_back(
    bound_demo: Demo, breakable: EmbeddedPostgres, tmp_path: Path
) -> None:
    router = RunningRouter(
        bound_demo.url,
        tmp_path,
        router_poll_s=0.1,
        snapshot_max_age_s=3,
        snapshot_past_max_age="refuse",
    )
    router.start()
    try:
        await until(lambda: _database(router) == "connected")
        decided, _ = Caller(router.port, bound_demo.token).ask_once()
        breakable.stop(signal.SIGQUIT)
        await until(lambda: not router.is_ready)
        caller = Caller(router.port, bound_demo.token)
        refused, answer = caller.ask()
        retry_after = caller.retry_after()
        status, said = router.readiness()
        breakable.start()
        await until(lambda: router.is_ready)
        caller.close()
        again, _ = caller.ask_once()
    finally:
        router.stop()
    assert (decided, refused, again) == (200, 503, 200)
    assert (answer["error"]["code"], retry_after) == ("SNAPSHOT_TOO_OLD", "1")
    assert (status, said["ready"], said["too_old"], said["database"]) == (503, False, True, "lost")
