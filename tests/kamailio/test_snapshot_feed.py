"""The feed follows a real database by real notifications."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from structlog.testing import capture_logs

from pointsman.auth import Principal
from pointsman.database import connection_parameters, migrate
from pointsman.kamailio.snapshot_feed import SnapshotFeed
from pointsman.models import RoutingRule, Tenant, Trunk
from pointsman.routing.configuration import Configuration
from pointsman.services.changes import CHANNEL, change
from pointsman.services.secrets import Secrets, new_key
from pointsman.services.snapshots import load_configuration
from pointsman.services.tenants import create_tenant, update_tenant
from pointsman.services.trunks import update_trunk
from pointsman.telemetry import RouterMetrics
from tests.conftest import bound, discard, start_postgres
from tests.kamailio.conftest import Demo

_NEVER_S = 3_600.0


@asynccontextmanager
async def following(
    url: str,
    *,
    poll_s: float = _NEVER_S,
    load: Callable[[], Awaitable[Configuration]] = load_configuration,
) -> AsyncIterator[SnapshotFeed]:
    """A feed that runs while the block does."""
    feed = SnapshotFeed(
        connection_parameters=connection_parameters(url),
        channel=CHANNEL,
        load=load,
        metrics=RouterMetrics(),
        poll_s=poll_s,
    )
    task = asyncio.create_task(feed.follow())
    try:
        await until(lambda: feed.current is not None)
        yield feed
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it; a minute is for a broken feed, not for a slow one."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 -- what is waited for sets no event
            await asyncio.sleep(0.01)


def _tenant_names(feed: SnapshotFeed) -> set[str]:
    assert feed.current is not None
    return {tenant.tenant.name for tenant in feed.current.snapshot.tenants.values()}


async def test_a_change_arrives_by_its_notification_alone(demo: Demo, admin: Principal) -> None:
    async with following(demo.url) as feed:
        assert _tenant_names(feed) == {"Acme"}
        for number in range(5):
            await create_tenant(admin, name=f"T{number}")
            await until(lambda name=f"T{number}": name in _tenant_names(feed))  # type: ignore[misc]


async def test_a_change_without_a_notification_arrives_by_the_poll(
    demo: Demo, admin: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointsman.services.changes.CHANNEL", "nobody_listens")
    async with following(demo.url, poll_s=0.05) as feed:
        await create_tenant(admin, name="Polled")
        await until(lambda: "Polled" in _tenant_names(feed))


async def test_a_secret_that_no_key_opens_is_told_and_stops_nothing(
    demo: Demo, admin: Principal
) -> None:
    secrets = Secrets([new_key()])
    pbx = await Trunk.get(name="acme-pbx")
    with capture_logs() as logs:
        async with following(demo.url) as feed:
            text = "pointsman_snapshot_secrets_lacking"
            assert f"{text} 0.0" in feed._metrics.exposition().decode()
            await update_trunk(
                admin,
                pbx.id,
                secrets=secrets,
                outbound_username="u",
                outbound_password="canary",
            )
            await until(lambda: f"{text} 1.0" in feed._metrics.exposition().decode())
            assert _tenant_names(feed) == {"Acme"}
            await update_trunk(admin, pbx.id, outbound_username="")
            await until(lambda: f"{text} 0.0" in feed._metrics.exposition().decode())
    (told,) = [line for line in logs if line["log_level"] == "error"]
    assert (told["trunks"], told["count"]) == (["acme-pbx"], 1)
    assert "canary" not in str(logs)


async def test_a_snapshot_is_never_half_a_change(demo: Demo, admin: Principal) -> None:
    """Two rows change together, over and over: every snapshot has both or neither."""
    one = await create_tenant(admin, name="one-0")
    two = await create_tenant(admin, name="two-0")
    seen: set[tuple[str, str]] = set()
    async with following(demo.url) as feed:

        def look() -> bool:
            assert feed.current is not None
            tenants = feed.current.snapshot.tenants
            seen.add((tenants[str(one.id)].tenant.name[4:], tenants[str(two.id)].tenant.name[4:]))
            return ("30", "30") in seen

        for number in range(1, 31):
            async with change(admin) as made:
                for row, name in ((one, f"one-{number}"), (two, f"two-{number}")):
                    await Tenant.filter(id=row.id).update(name=name)
                    await made.updated(row, {"id": str(row.id)}, {"id": str(row.id), "name": name})
            look()
        await until(look)
    assert all(first == second for first, second in seen)


async def test_a_configuration_that_does_not_compile_keeps_the_last_one(
    demo: Demo, admin: Principal
) -> None:
    async with following(demo.url) as feed:
        before = feed.current
        # Past the services, which would have refused it.
        await RoutingRule.filter(name="italy").update(called_regex="(unclosed")
        tenant = await create_tenant(admin, name="Unlucky")
        metrics = feed._metrics
        await until(lambda: metrics.snapshot_failures._value.get() == 1)
        assert feed.current is before
        await RoutingRule.filter(name="italy").update(called_regex="")
        await update_tenant(admin, tenant.id, name="Lucky")
        await until(lambda: "Lucky" in _tenant_names(feed))


async def test_whatever_fails_while_loading_is_tried_again(demo: Demo) -> None:
    failures = iter([RuntimeError("unforeseen"), OSError("gone")])

    async def load() -> Configuration:
        for failure in failures:
            raise failure
        return await load_configuration()

    async with following(demo.url, load=load) as feed:
        assert _tenant_names(feed) == {"Acme"}


async def test_a_database_that_was_restored_is_read_again(admin: Principal) -> None:
    """Its newest revision has the number that the router has, and other content."""
    server = start_postgres()
    try:
        await migrate(server.url)
        async with bound(server.url), following(server.url) as feed:
            tenant = await create_tenant(admin, name="Before")
            await until(lambda: "Before" in _tenant_names(feed))
            server.stop()
            await until(lambda: not feed.connected)
            server.start()
            # As another history of the database has it, without a word to anybody.
            await Tenant.filter(id=tenant.id).update(name="Restored")
            await until(lambda: "Restored" in _tenant_names(feed))
    finally:
        discard(server)


async def test_a_database_that_is_gone_leaves_the_last_snapshot_and_is_found_again(
    admin: Principal,
) -> None:
    server = start_postgres()
    try:
        await migrate(server.url)
        async with bound(server.url), following(server.url) as feed:
            await create_tenant(admin, name="Before")
            await until(lambda: "Before" in _tenant_names(feed))
            server.stop()
            await until(lambda: not feed.connected)
            assert _tenant_names(feed) == {"Before"}
            server.start()
            await until(lambda: feed.connected)
            await create_tenant(admin, name="After")
            await until(lambda: "After" in _tenant_names(feed))
    finally:
        discard(server)
