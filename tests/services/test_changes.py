"""Every change has its records and its revision in its own transaction, and a notice on commit."""

import asyncio
import json
from uuid import UUID

import asyncpg
import pytest

from pointsman.auth import Principal
from pointsman.database_url import connection_parameters
from pointsman.errors import Conflict, NotFound
from pointsman.models import ChangeOperation, ChangeRecord, ConfigRevision, KamailioNode, Tenant
from pointsman.services.carriers import create_carrier, grant_carrier
from pointsman.services.changes import CHANNEL, change, describe
from pointsman.services.config_revisions import get_revision, list_change_records
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.routing_groups import update_routing_group
from pointsman.services.tenants import create_tenant, delete_tenant, update_tenant
from pointsman.services.trunk_parts import Endpoint, Source
from pointsman.services.trunks import create_trunk, update_trunk
from tests.services.conftest import Objects, Place


async def _records() -> list[ChangeRecord]:
    return await ChangeRecord.all().order_by("id")


@pytest.mark.usefixtures("transaction")
async def test_each_operation_is_recorded_with_before_and_after(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    await update_tenant(admin, row.id, name="Acme 2")
    await delete_tenant(admin, row.id)
    before = {
        "id": str(row.id), "name": "Acme", "enabled": True,
        "allowed_classes": [], "allowed_countries": [], "reroute_policy_id": None,
    }  # fmt: skip
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
        admin, objects.acme_pbx.id, sources=[Source("192.0.2.1")], endpoints=[Endpoint("a.example")]
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


@pytest.mark.usefixtures("transaction")
async def test_a_change_of_parts_alone_is_a_change(admin: Principal, objects: Objects) -> None:
    for row, update in (
        (objects.acme_pbx, update_trunk(admin, objects.acme_pbx.id, sources=[Source("192.0.2.1")])),
        (
            objects.acme_group,
            update_routing_group(
                admin, objects.acme_group.id, trunks=[Place(objects.acme_pbx.id, 5)]
            ),
        ),
        (objects.alpha, grant_carrier(admin, objects.alpha.id, objects.zen.id)),
    ):
        updated = await update
        assert updated.updated_at > row.updated_at
        stored = await type(row).get(id=row.id)
        assert stored.updated_at == updated.updated_at


@pytest.mark.usefixtures("transaction")
async def test_a_tenant_sees_what_happens_to_its_own_carriers_trunks(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    carrier = await create_carrier(of_zen, name="own", tenant_id=objects.zen.id)
    trunk = await create_trunk(of_zen, name="own", carrier_id=carrier.id)
    records = await list_change_records(of_zen, object_id=trunk.id)
    assert [record.operation for record in records.rows] == [ChangeOperation.CREATE]
    shared = await list_change_records(of_zen, object_id=objects.alpha_trunk.id)
    assert shared.rows == []


@pytest.mark.usefixtures("transaction")
async def test_the_records_of_no_object_are_none(admin: Principal) -> None:
    await create_tenant(admin, name="Acme")
    for object_id in ("x", ""):
        with pytest.raises(NotFound):
            await list_change_records(admin, object_id=object_id)


@pytest.mark.usefixtures("transaction")
async def test_a_revision_is_shown_to_those_it_concerns(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    own = await get_revision(of_zen)
    await create_tenant(admin, name="Other")
    assert (await get_revision(of_zen)).id == own.id
    assert (await get_revision(admin)).id > own.id
    nobody = Principal("new", UUID(int=0))
    assert (await get_revision(nobody)).actor == "migration"
