"""Changes that come at the same time, on a database where they really commit."""

import asyncio
from itertools import pairwise

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import ChangeOperation, ChangeRecord, Did, RoutingGroupTrunk, Tenant, Trunk
from pointsman.services.carriers import create_carrier, grant_carrier, revoke_carrier
from pointsman.services.dids import create_did, update_did
from pointsman.services.routing_groups import (
    create_routing_group,
    delete_routing_group,
    update_routing_group,
)
from pointsman.services.tenants import create_tenant, delete_tenant, update_tenant
from pointsman.services.trunk_parts import Source
from pointsman.services.trunks import create_trunk, delete_trunk
from tests.services.conftest import Place

pytestmark = pytest.mark.usefixtures("committed")


async def _check_chain(object_id: object) -> list[ChangeRecord]:
    """Each record of an object begins where the former one ended."""
    records = await ChangeRecord.filter(object_id=object_id).order_by("id")
    for earlier, later in pairwise(records):
        assert later.before == earlier.after
    return records


async def test_two_changes_at_once_lose_nothing_of_each_other(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    for number in range(10):
        await asyncio.gather(
            update_tenant(admin, row.id, name=f"Acme {number}"),
            update_tenant(admin, row.id, enabled=number % 2 == 0),
        )
        stored = await Tenant.get(id=row.id)
        assert (stored.name, stored.enabled) == (f"Acme {number}", number % 2 == 0)
    await _check_chain(row.id)


async def test_a_name_is_taken_once_by_two_at_once(admin: Principal) -> None:
    results = await asyncio.gather(
        *(create_tenant(admin, name="Acme") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, Tenant) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7


async def test_a_grant_is_never_revoked_under_a_group(admin: Principal) -> None:
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


async def test_of_many_deletions_one_deletes(admin: Principal) -> None:
    row = await create_tenant(admin, name="Acme")
    results = await asyncio.gather(
        *(delete_tenant(admin, row.id) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, Tenant) for result in results) == 1
    assert sum(isinstance(result, NotFound) for result in results) == 7
    records = await _check_chain(row.id)
    assert [record.operation for record in records] == [
        ChangeOperation.CREATE,
        ChangeOperation.DELETE,
    ]


async def test_a_deletion_beside_updates_records_what_it_deleted(admin: Principal) -> None:
    for number in range(5):
        row = await create_tenant(admin, name=f"T{number}")
        await asyncio.gather(
            update_tenant(admin, row.id, name=f"T{number}-a"),
            delete_tenant(admin, row.id),
            update_tenant(admin, row.id, name=f"T{number}-b"),
            return_exceptions=True,
        )
        records = await _check_chain(row.id)
        assert records[-1].operation is ChangeOperation.DELETE


async def test_grants_at_once_are_recorded_one_after_the_other(admin: Principal) -> None:
    carrier = await create_carrier(admin, name="Alpha")
    tenants = [await create_tenant(admin, name=f"T{number}") for number in range(8)]
    await asyncio.gather(*(grant_carrier(admin, carrier.id, tenant.id) for tenant in tenants))
    records = await _check_chain(carrier.id)
    assert len(records[-1].after["grants"]) == 8


async def test_a_dids_group_never_gets_a_carriers_trunk(admin: Principal) -> None:
    tenant = await create_tenant(admin, name="Acme")
    carrier = await create_carrier(admin, name="Alpha", tenant_id=tenant.id)
    out = await create_trunk(admin, name="out", carrier_id=carrier.id)
    pbx = await create_trunk(admin, name="pbx", tenant_id=tenant.id)
    for number in range(1, 9):
        group = await create_routing_group(
            admin, tenant_id=tenant.id, name=f"g{number}", trunks=[Place(pbx.id)]
        )
        made, changed = await asyncio.gather(
            create_did(
                admin, tenant_id=tenant.id, prefix=f"+3904{number}", routing_group_id=group.id
            ),
            update_routing_group(admin, group.id, trunks=[Place(out.id)]),
            return_exceptions=True,
        )
        assert isinstance(made, InvalidInput) != isinstance(changed, InvalidInput)
        has_carrier = await RoutingGroupTrunk.exists(
            routing_group_id=group.id, carrier_id__isnull=False
        )
        assert has_carrier != await Did.exists(routing_group_id=group.id)


async def test_two_groups_never_get_into_each_other(admin: Principal) -> None:
    tenant = await create_tenant(admin, name="Acme")
    pbx = await create_trunk(admin, name="pbx", tenant_id=tenant.id)
    for number in range(6):
        one, other = [
            await create_routing_group(
                admin, tenant_id=tenant.id, name=f"{name}{number}", trunks=[Place(pbx.id)]
            )
            for name in ("one", "other")
        ]
        results = await asyncio.gather(
            update_routing_group(admin, one.id, trunks=[Place(routing_group_id=other.id)]),
            update_routing_group(admin, other.id, trunks=[Place(routing_group_id=one.id)]),
            return_exceptions=True,
        )
        assert sum(isinstance(result, InvalidInput) for result in results) == 1
        assert await RoutingGroupTrunk.filter(member_group_id__in=[one.id, other.id]).count() == 1


async def test_of_two_tenants_that_claim_a_network_one_gets_it(admin: Principal) -> None:
    tenants = [await create_tenant(admin, name=name) for name in ("Acme", "Zen")]
    for number in range(8):
        results = await asyncio.gather(
            *(
                create_trunk(
                    Principal("token", tenant.id),
                    name=f"pbx-{number}",
                    tenant_id=tenant.id,
                    sources=[Source(f"192.0.2.{number * 16}/{length}")],
                )
                for tenant, length in zip(tenants, (28, 30), strict=True)
            ),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in results) == ["InvalidInput", "Trunk"]
    assert await Trunk.all().count() == 8


async def test_changes_of_what_refers_to_each_other_never_stand_in_each_others_way(
    admin: Principal,
) -> None:
    """Row by row, each of these pairs waits for what the other one holds."""
    tenant = await create_tenant(admin, name="Acme")
    pbx = await create_trunk(admin, name="pbx", tenant_id=tenant.id)
    for number in range(1, 7):
        carrier = await create_carrier(admin, name=f"C{number}")
        await grant_carrier(admin, carrier.id, tenant.id)
        out = await create_trunk(admin, name=f"c{number}", carrier_id=carrier.id)
        outward, inward = [
            await create_routing_group(
                admin, tenant_id=tenant.id, name=f"{name}{number}", trunks=[Place(trunk.id)]
            )
            for name, trunk in (("out", out), ("in", pbx))
        ]
        did = await create_did(
            admin, tenant_id=tenant.id, prefix=f"+3904{number}", routing_group_id=inward.id
        )
        results = await asyncio.gather(
            *(update_did(admin, did.id, enabled=bool(turn % 2)) for turn in range(3)),
            *(delete_routing_group(admin, inward.id) for _ in range(3)),
            *(
                update_routing_group(admin, outward.id, trunks=[Place(out.id, turn)])
                for turn in range(3)
            ),
            *(revoke_carrier(admin, carrier.id, tenant.id) for _ in range(3)),
            *(delete_trunk(admin, out.id) for _ in range(3)),
            return_exceptions=True,
        )
        failed = [result for result in results if isinstance(result, BaseException)]
        assert len(failed) == 9
        assert all(isinstance(result, Conflict) for result in failed)
