"""Every change has its records and its revision in its own transaction, and a notice on commit."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

import asyncpg
import pytest

from pointsman.auth import Principal
from pointsman.database import connection_parameters
from pointsman.errors import Conflict
from pointsman.models import ChangeOperation, ChangeRecord, ConfigRevision, KamailioNode, Tenant
from pointsman.services.carriers import create_carrier, grant_carrier, revoke_carrier
from pointsman.services.changes import CHANNEL, change, describe
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.routing_groups import create_routing_group, update_routing_group
from pointsman.services.tenants import create_tenant, delete_tenant, update_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from tests.conftest import bound, copy_database
from tests.services.conftest import Objects, Place


async def _records() -> list[ChangeRecord]:
    return await ChangeRecord.all().order_by("id")


@pytest.mark.usefixtures("transaction")
async def test_each_operation_is_recorded_with_before_and_after(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    await update_tenant(admin, row.id, name="Acme 2")
    await delete_tenant(admin, row.id)
    before = {"id": str(row.id), "name": "Acme", "enabled": True}
    after = {**before, "name": "Acme 2"}
    records = await _records()
    assert [(r.operation, r.noun, r.object_id, r.before, r.after) for r in records] == [
        (ChangeOperation.CREATE, "Tenant", row.id, None, before),
        (ChangeOperation.UPDATE, "Tenant", row.id, before, after),
        (ChangeOperation.DELETE, "Tenant", row.id, after, None),
    ]
    revisions = [record.revision_id for record in records]
    assert revisions == sorted(set(revisions))
    rows = await ConfigRevision.filter(id__in=revisions)
    assert {row.actor for row in rows} == {"test administrator"}


@pytest.mark.usefixtures("transaction")
async def test_a_change_of_parts_is_recorded_with_them(admin: Principal, objects: Objects) -> None:
    await update_trunk(
        admin, objects.acme_pbx.id, sources=["192.0.2.1"], endpoints=[Endpoint("a.example")]
    )
    await update_routing_group(admin, objects.acme_group.id, trunks=[Place(objects.acme_pbx.id, 5)])
    trunk, group = (await _records())[-2:]
    assert trunk.before["sources"] == trunk.before["endpoints"] == []
    assert trunk.after["sources"][0]["cidr"] == "192.0.2.1/32"
    assert trunk.after["endpoints"][0]["host"] == "a.example"
    assert trunk.tenant_id == objects.acme.id
    assert [place["priority"] for place in group.before["trunks"]] == [0]
    assert [place["priority"] for place in group.after["trunks"]] == [5]


@pytest.mark.usefixtures("transaction")
async def test_an_update_that_changes_nothing_makes_no_revision(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    revisions = await ConfigRevision.all().count()
    await update_tenant(admin, row.id, name="Acme", enabled=True)
    await update_tenant(admin, row.id)
    assert await ConfigRevision.all().count() == revisions


@pytest.mark.usefixtures("transaction")
async def test_a_change_that_fails_leaves_nothing(admin: Principal) -> None:
    await create_tenant(admin, name="Acme")
    counts = [await model.all().count() for model in (Tenant, ChangeRecord, ConfigRevision)]

    async def fail_at_the_end() -> None:
        async with change(admin) as made:
            row = await Tenant.create(name="Other")
            made.created(row, describe(row))
            await Tenant.create(name="Acme")

    with pytest.raises(Conflict):
        await fail_at_the_end()
    assert counts == [await model.all().count() for model in (Tenant, ChangeRecord, ConfigRevision)]


@pytest.mark.usefixtures("transaction")
async def test_a_secret_is_never_recorded(admin: Principal) -> None:
    token = await create_kamailio_node(admin, name="n")
    node = await KamailioNode.get(name="n")
    (record,) = await _records()
    shown = json.dumps(record.after)
    assert "token" not in shown
    assert token not in shown
    assert bytes(node.token_sha256).hex() not in shown


@pytest.fixture
async def committed(template_url: str) -> AsyncIterator[str]:
    url = await copy_database(template_url, "committed")
    async with bound(url):
        yield url


async def test_the_notice_comes_on_commit_with_the_revision(
    committed: str, admin: Principal
) -> None:
    notices: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(**connection_parameters(committed))
    await connection.add_listener(CHANNEL, lambda *args: notices.put_nowait(args[-1]))
    async with change(admin) as made:
        row = await Tenant.create(name="Acme")
        made.created(row, describe(row))
        assert notices.empty()
    async with asyncio.timeout(30):
        revision = int(await notices.get())
    assert revision == (await _records())[-1].revision_id
    await connection.close()


async def test_revisions_are_in_the_order_of_the_commits(committed: str, admin: Principal) -> None:
    """Twenty changes at once: whoever sees a revision sees every one before it."""
    parameters = connection_parameters(committed)
    watcher = await asyncpg.connect(**parameters)
    done = asyncio.Event()
    gaps = 0

    async def watch() -> None:
        nonlocal gaps
        highest = 0
        while not done.is_set():
            rows = await watcher.fetch("SELECT id FROM config_revision ORDER BY id")
            ids = {row["id"] for row in rows}
            gaps += any(number not in ids for number in range(1, max(ids)))
            assert max(ids) >= highest
            highest = max(ids)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(create_tenant(admin, name=f"T{number}") for number in range(20)))
    done.set()
    await watching
    await watcher.close()
    assert gaps == 0
    assert await ConfigRevision.all().count() == 21


async def test_two_changes_at_once_lose_nothing_of_each_other(
    committed: str, admin: Principal
) -> None:
    row = await create_tenant(admin, name="Acme")
    for number in range(10):
        await asyncio.gather(
            update_tenant(admin, row.id, name=f"Acme {number}"),
            update_tenant(admin, row.id, enabled=number % 2 == 0),
        )
        stored = await Tenant.get(id=row.id)
        assert (stored.name, stored.enabled) == (f"Acme {number}", number % 2 == 0)
    records = await _records()
    for earlier, later in pairwise(records):
        assert later.before == earlier.after


async def test_a_name_is_taken_once_by_two_at_once(committed: str, admin: Principal) -> None:
    results = await asyncio.gather(
        *(create_tenant(admin, name="Acme") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, Tenant) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7


async def test_a_grant_is_never_revoked_under_a_group(committed: str, admin: Principal) -> None:
    """The database decides between a revocation and a group that come at the same time."""
    tenant = await create_tenant(admin, name="Acme")
    for number in range(5):
        carrier = await create_carrier(admin, name=f"C{number}")
        await grant_carrier(admin, carrier.id, tenant.id)
        trunk = await create_trunk(admin, name=f"c{number}", carrier_id=carrier.id)
        revoked, grouped = await asyncio.gather(
            revoke_carrier(admin, carrier.id, tenant.id),
            create_routing_group(
                admin, tenant_id=tenant.id, name=f"g{number}", trunks=[Place(trunk.id)]
            ),
            return_exceptions=True,
        )
        assert isinstance(revoked, Exception) != isinstance(grouped, Exception)
