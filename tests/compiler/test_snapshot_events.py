"""Snapshots that fail are told, and a compiler goes on meanwhile."""

import socket
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from pointsman.auth import Principal
from pointsman.database_url import connection_parameters
from pointsman.models import Event, RoutingRule
from pointsman.services.changes import change
from pointsman.services.webhooks import delete_webhook, update_webhook
from tests.compiler.conftest import Following, following
from tests.kamailio.conftest import Demo
from tests.waiting import until, until_found
from tests.webhooks.conftest import make_webhook

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def _write_regex(admin: Principal, regex: str) -> None:
    """Past the services, which would refuse it."""
    row = await RoutingRule.get(name="italy")
    before = {"tenant_id": str(row.tenant_id), "called_prefix": row.called_prefix}
    async with change(admin) as made:
        await RoutingRule.filter(id=row.id).update(called_regex=regex)
        await made.updated(row, before, {**before, "called_regex": regex})


async def _kinds() -> list[str]:
    return [str(row.kind) for row in await Event.all().order_by("at")]


async def _told(*kinds: str) -> None:
    async def are_told() -> bool:
        return await _kinds() == list(kinds)

    await until_found(are_told)


async def _failed(both: Following, times: int) -> None:
    await until(lambda: both.compiles("partial failed") == times)


async def test_a_configuration_that_does_not_compile_is_told_and_so_is_its_end(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        await _write_regex(admin, "(unclosed")
        await _told("SNAPSHOT_FAILED")
        (event,) = await Event.all()
        assert event.data["host"] == socket.gethostname()
        assert "the routing rule italy: missing ): (unclosed" in event.data["error"]
        await _write_regex(admin, "(unclosed as well")
        await _failed(both, 2)
    # Whoever starts anew does not tell it again, and tells its end.
    async with following(demo.url, tmp_path) as both:
        await until(lambda: both.compiler.status.failing != "")
        await _write_regex(admin, "")
        await _told("SNAPSHOT_FAILED", "SNAPSHOT_RECOVERED")


async def test_a_table_of_events_that_is_locked_holds_no_compile_up(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    locking = await asyncpg.connect(**connection_parameters(demo.url))
    try:
        async with following(demo.url, tmp_path) as both:
            # So that nothing is left to be told of how it began.
            await _write_regex(admin, "(unclosed")
            await _told("SNAPSHOT_FAILED")
            await _write_regex(admin, "")
            await _told("SNAPSHOT_FAILED", "SNAPSHOT_RECOVERED")
            async with locking.transaction():
                await locking.execute("LOCK event, trouble IN ACCESS EXCLUSIVE MODE")
                await _write_regex(admin, "(unclosed")
                await _failed(both, 2)
                await until_found(lambda: locking.fetchval(_WAITING))
                await _write_regex(admin, "")
                await until(lambda: both.compiler.status.failing == "")
            await _told(*["SNAPSHOT_FAILED", "SNAPSHOT_RECOVERED"] * 2)
    finally:
        await locking.close()


async def test_what_cannot_be_told_is_told_later_and_fails_nothing(
    demo: Demo, admin: Principal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointsman.compiler.snapshot_events._RETRY_S", 0.01)
    failures = iter([OSError("gone"), RuntimeError("unforeseen")])
    told: list[tuple[Any, ...]] = []

    async def store(*said: Any) -> None:
        for failure in failures:
            raise failure
        told.append(said)

    monkeypatch.setattr("pointsman.compiler.snapshot_events.store_snapshot_state", store)
    async with following(demo.url, tmp_path) as both:
        await _write_regex(admin, "(unclosed")
        await until(lambda: both.compiler.status.failing != "")
        await until(lambda: len(told) > 0)
        await _write_regex(admin, "")
        await until(lambda: both.compiler.status.failing == "")
        await until(lambda: told[-1][2] == "")


async def test_a_webhook_changes_nothing_of_what_decides(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    """It is audited by a revision as any change, which routers reach by a compile of nothing."""
    async with following(demo.url, tmp_path) as both:
        before = both.compiler.status.newest_revision
        webhook = await make_webhook("https://127.0.0.1/")
        await update_webhook(admin, webhook.id, enabled=False)
        await delete_webhook(admin, webhook.id)
        await until(lambda: both.feed.current is not None and both.snapshot.revision == before + 3)
        assert both.compiles("full done") == 1
