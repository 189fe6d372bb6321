"""The compiler follows a real database by real notifications, and routers follow it."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from pointsman.auth import Principal
from pointsman.compiler.compiler import Compiler
from pointsman.compiler.full import compile_full
from pointsman.database import migrate
from pointsman.database_url import connection_parameters
from pointsman.models import ConfigRevision, RoutingRule, Tenant, Trunk
from pointsman.services.changes import CHANNEL, change
from pointsman.services.secrets import NO_KEYS, Secrets, new_key
from pointsman.services.tenants import create_tenant, update_tenant
from pointsman.services.trunks import update_trunk
from pointsman.snapshots.catalog import Catalog
from pointsman.snapshots.writer import CannotWrite, SnapshotWriter
from tests.compiler.conftest import NEVER_S, Following, SlowCompile, following
from tests.compiler.notifications import ask_for_everything
from tests.conftest import bound, discard, start_postgres
from tests.kamailio.conftest import Demo
from tests.waiting import until


def _has_tenant(both: Following, name: str) -> bool:
    return name in both.tenant_names


async def test_a_change_arrives_by_its_notification_alone(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        assert both.tenant_names == {"Acme"}
        for number in range(5):
            await create_tenant(admin, name=f"T{number}")
            await until(partial(_has_tenant, both, f"T{number}"))
        assert both.compiles("full done") == 1
        assert both.compiles("partial done") == 5


async def test_a_change_without_a_notification_arrives_by_the_poll(
    demo: Demo, admin: Principal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pointsman.services.changes.CHANNEL", "nobody_listens")
    async with following(demo.url, tmp_path, poll_s=0.05) as both:
        await create_tenant(admin, name="Polled")
        await until(lambda: "Polled" in both.tenant_names)


async def test_a_secret_that_no_key_opens_is_told_and_stops_nothing(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    secrets = Secrets([new_key()])
    pbx = await Trunk.get(name="acme-pbx")
    with capture_logs() as logs:
        async with following(demo.url, tmp_path) as both:
            text = "pointsman_snapshot_secrets_lacking"
            assert f"{text} 0.0" in both.metrics.exposition().decode()
            await update_trunk(
                admin,
                pbx.id,
                secrets=secrets,
                outbound_username="u",
                outbound_password="canary",
            )
            await until(lambda: f"{text} 1.0" in both.metrics.exposition().decode())
            assert both.tenant_names == {"Acme"}
            await update_trunk(admin, pbx.id, outbound_username="")
            await until(lambda: f"{text} 0.0" in both.metrics.exposition().decode())
    (told,) = [line for line in logs if line["log_level"] == "error"]
    assert (told["trunks"], told["count"]) == (["acme-pbx"], 1)
    assert "canary" not in str(logs)


async def test_no_secret_stands_in_the_files(demo: Demo, admin: Principal, tmp_path: Path) -> None:
    secrets = Secrets([new_key()])
    pbx = await Trunk.get(name="acme-pbx")
    await update_trunk(
        admin,
        pbx.id,
        secrets=secrets,
        outbound_username="u",
        outbound_password="canary-one",
        digest_username="alice",
        digest_realm="acme.example",
        digest_password="canary-two",
    )
    async with following(demo.url, tmp_path, unseal=secrets.unseal) as both:
        trunk = both.snapshot.sources.by_owner[str(pbx.tenant_id)][str(pbx.id)].trunk
        assert trunk.credential is not None
        assert trunk.credential.password == "canary-one"
        assert trunk.digest is not None
        assert not trunk.lacks_secret
        ha1s = [trunk.digest.ha1.encode(), trunk.digest.ha1_sha256.encode()]
    _check_files(tmp_path, [b"canary", *ha1s, demo.token.encode()])


def _check_files(directory: Path, secrets: list[bytes]) -> None:
    assert directory.stat().st_mode & 0o077 == 0
    for file in directory.iterdir():
        content = file.read_bytes()
        assert not any(secret in content for secret in secrets)


async def test_a_snapshot_is_never_half_a_change(
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    """Two rows change together, over and over: every snapshot has both or neither."""
    one = await create_tenant(admin, name="one-0")
    two = await create_tenant(admin, name="two-0")
    seen: set[tuple[str, str]] = set()
    async with following(demo.url, tmp_path) as both:

        def look() -> bool:
            tenants = both.snapshot.tenants
            names = [tenants[str(row.id)].tenant.name[4:] for row in (one, two)]
            seen.add((names[0], names[1]))
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
    demo: Demo, admin: Principal, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        before = both.feed.current
        # Past the services, which would have refused it.
        row = await RoutingRule.get(name="italy")
        await RoutingRule.filter(id=row.id).update(called_regex="(unclosed")
        async with change(admin) as made:
            row.priority = 7
            await row.save(update_fields=["priority"])
            state = {"tenant_id": str(row.tenant_id), "called_prefix": row.called_prefix}
            await made.updated(row, state, {**state, "priority": 7})
        await until(lambda: both.compiles("partial failed") == 1)
        assert "the routing rule italy: missing ): (unclosed" in both.compiler.status.failing
        await until(lambda: "pointsman_snapshot_failing 1.0" in both.metrics.exposition().decode())
        assert both.feed.current is before
        # Whatever comes behind it waits with it.
        tenant = await create_tenant(admin, name="Unlucky")
        await until(lambda: both.compiles("partial failed") == 2)
        await RoutingRule.filter(name="italy").update(called_regex="")
        await update_tenant(admin, tenant.id, name="Lucky")
        await until(lambda: "Lucky" in both.tenant_names)
        assert both.compiler.status.failing == ""


async def test_whatever_fails_while_loading_is_tried_again(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([RuntimeError("unforeseen"), OSError("gone")])
    real = compile_full

    async def failing(*arguments: Any) -> Catalog:
        for failure in failures:
            raise failure
        return await real(*arguments)

    monkeypatch.setattr("pointsman.compiler.compiler.compile_full", failing)
    async with following(demo.url, tmp_path) as both:
        assert both.tenant_names == {"Acme"}


async def test_a_revision_without_records_compiles_everything(demo: Demo, tmp_path: Path) -> None:
    """Whoever writes past the services says that something changed, and not what."""
    async with following(demo.url, tmp_path, poll_s=0.05) as both:
        await Tenant.filter(name="Acme").update(name="Renamed")
        await ConfigRevision.create(actor="somebody")
        await until(lambda: both.tenant_names == {"Renamed"})
        assert both.compiles("full done") == 2


async def test_everything_is_compiled_when_asked_for(demo: Demo, tmp_path: Path) -> None:
    async with following(demo.url, tmp_path) as both:
        await Tenant.filter(name="Acme").update(name="Past everybody")
        await ask_for_everything(demo.url)
        await until(lambda: both.tenant_names == {"Past everybody"})


async def test_everything_is_compiled_again_after_it_failed(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what was asked for would be forgotten, as after a disk that was full for a moment."""
    async with following(demo.url, tmp_path, poll_s=0.05) as both:
        real = compile_full
        failures = iter([CannotWrite("no space"), OSError("gone"), RuntimeError("unforeseen")])

        async def failing(*arguments: Any) -> Catalog:
            for failure in failures:
                raise failure
            return await real(*arguments)

        monkeypatch.setattr("pointsman.compiler.compiler.compile_full", failing)
        await Tenant.filter(name="Acme").update(name="Past everybody")
        await ask_for_everything(demo.url)
        await until(lambda: both.tenant_names == {"Past everybody"})
        assert both.compiler.status.failing == ""


async def test_what_failed_is_left_alone_for_a_while(
    demo: Demo, admin: Principal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes are compiled meanwhile. A disk that stays full would else be all that it is at."""
    async with following(demo.url, tmp_path, poll_s=0.01) as both:
        tries: list[int] = []

        async def fail(*_: object) -> Catalog:
            tries.append(len(tries))
            raise CannotWrite("no space")

        await until(lambda: both.compiles("full done") > 0)
        monkeypatch.setattr("pointsman.compiler.compiler.compile_full", fail)
        monkeypatch.setattr("pointsman.compiler.compiler._RETRY_S", NEVER_S)
        await ask_for_everything(demo.url)
        await until(lambda: both.compiles("full failed") == 1)
        await create_tenant(admin, name="one")
        await until(lambda: "one" in both.tenant_names)
        await create_tenant(admin, name="two")
        await until(lambda: "two" in both.tenant_names)
        assert tries == [0]


async def test_a_compiler_that_starts_knows_when_the_snapshot_was_confirmed(
    demo: Demo, tmp_path: Path
) -> None:
    async with following(demo.url, tmp_path) as both:
        told = both.compiler.status
    with SnapshotWriter(tmp_path) as writer:
        parameters = connection_parameters(demo.url)
        again = Compiler(
            writer, NO_KEYS.unseal, connection_parameters=parameters, channel=CHANNEL, poll_s=1.0
        )
    assert again.status.confirmed_at == told.confirmed_at > 0
    assert again.status.compiles == told.compiles
    assert not again.status.connected


async def test_a_database_that_was_restored_is_read_again(admin: Principal, tmp_path: Path) -> None:
    """Its newest revision has the number that the router has, and other content."""
    server = start_postgres()
    try:
        await migrate(server.url)
        async with bound(server.url), following(server.url, tmp_path) as both:
            tenant = await create_tenant(admin, name="Before")
            await until(lambda: "Before" in both.tenant_names)
            server.stop()
            await until(lambda: not both.compiler.status.connected)
            server.start()
            # As another history of the database has it, without a word to anybody.
            await Tenant.filter(id=tenant.id).update(name="Restored")
            await until(lambda: both.compiler.status.connected)
            server.stop()
            await until(lambda: not both.compiler.status.connected)
            server.start()
            await until(lambda: "Restored" in both.tenant_names)
    finally:
        discard(server)


async def test_a_database_that_is_gone_leaves_the_last_snapshot_and_is_found_again(
    admin: Principal, tmp_path: Path
) -> None:
    server = start_postgres()
    try:
        await migrate(server.url)
        async with bound(server.url), following(server.url, tmp_path) as both:
            await create_tenant(admin, name="Before")
            await until(lambda: "Before" in both.tenant_names)
            server.stop()
            await until(lambda: not both.compiler.status.connected)
            assert both.tenant_names == {"Before"}
            server.start()
            await until(lambda: both.compiler.status.connected)
            await create_tenant(admin, name="After")
            await until(lambda: "After" in both.tenant_names)
    finally:
        discard(server)


async def test_changes_arrive_while_everything_is_compiled(
    demo: Demo, admin: Principal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole compile waits for what has changed since it began, and has it."""
    async with following(demo.url, tmp_path) as both:
        slow = SlowCompile(monkeypatch)
        await ask_for_everything(demo.url)
        await slow.begun.wait()
        await create_tenant(admin, name="Meanwhile")
        await until(lambda: "Meanwhile" in both.tenant_names)
        slow.go_on()
        await until(lambda: both.compiles("full done") == 2)
        assert both.tenant_names == {"Acme", "Meanwhile"}
