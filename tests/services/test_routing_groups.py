from collections.abc import Awaitable
from uuid import uuid4

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, NotFound
from pointsman.models import ChangeRecord, RoutingGroup, RoutingGroupTrunk, Tenant
from pointsman.routing.routing_group import GroupMode, Strategy
from pointsman.routing.routing_group import RoutingGroupTrunk as RoutedPlace
from pointsman.services.carriers import create_carrier
from pointsman.services.dids import create_did
from pointsman.services.routing_groups import (
    create_routing_group,
    delete_routing_group,
    list_routing_groups,
    load_routing_groups,
    update_routing_group,
)
from pointsman.services.routing_rules import create_routing_rule
from pointsman.services.trunks import create_trunk
from tests.services.conftest import Objects, Place

pytestmark = pytest.mark.usefixtures("transaction")


async def test_a_group_holds_pbx_and_granted_carriers_trunks(
    admin: Principal, objects: Objects
) -> None:
    places = [Place(objects.alpha_trunk.id, 1, 70), Place(objects.acme_pbx.id, 2, enabled=False)]
    row = await create_routing_group(admin, tenant_id=objects.acme.id, name="out", trunks=places)
    (loaded,) = [group for group in await load_routing_groups() if group.id == str(row.id)]
    assert {(p.trunk_id, p.priority, p.weight, p.enabled) for p in loaded.trunks} == {
        (str(objects.alpha_trunk.id), 1, 70, True),
        (str(objects.acme_pbx.id), 2, 1, False),
    }


async def test_a_group_without_trunks_is_refused(admin: Principal, objects: Objects) -> None:
    for attempt in (
        create_routing_group(admin, tenant_id=objects.acme.id, name="none", trunks=[]),
        update_routing_group(admin, objects.acme_group.id, trunks=[]),
    ):
        with pytest.raises(InvalidInput) as caught:
            await attempt
        (problem,) = caught.value.problems
        assert (problem.path, problem.message) == (
            "trunks",
            "a group without trunks leads nowhere",
        )
    assert await RoutingGroupTrunk.filter(routing_group=objects.acme_group).count() == 1


async def test_only_trunks_that_the_tenant_may_use(admin: Principal, objects: Objects) -> None:
    beta = await create_carrier(admin, name="Beta")
    ungranted = await create_trunk(admin, name="beta-1", carrier_id=beta.id)
    missing = uuid4()
    places = [
        Place(objects.acme_pbx.id),
        Place(objects.zen_pbx.id),
        Place(ungranted.id),
        Place(missing),
        Place("x"),
        Place(objects.acme_pbx.id, weight=0),
    ]
    with pytest.raises(InvalidInput) as caught:
        await update_routing_group(admin, objects.acme_group.id, trunks=places)
    assert [problem.path for problem in caught.value.problems] == [
        "trunks[1].trunkId",
        "trunks[2].trunkId",
        "trunks[3].trunkId",
        "trunks[4].trunkId",
        "trunks[5].trunkId",
        "trunks[5].weight",
    ]
    assert "grant the trunk's carrier" in caught.value.problems[1].fix


async def test_a_group_of_a_did_takes_no_carrier(admin: Principal, objects: Objects) -> None:
    await create_did(
        admin,
        tenant_id=objects.acme.id,
        prefix="+39040",
        routing_group_id=objects.acme_group.id,
    )
    with pytest.raises(InvalidInput) as caught:
        await update_routing_group(
            admin, objects.acme_group.id, trunks=[Place(objects.alpha_trunk.id)]
        )
    assert caught.value.problems[0].path == "trunks"


async def test_a_group_in_use_stays(admin: Principal, objects: Objects) -> None:
    await create_routing_rule(
        admin, tenant_id=objects.acme.id, name="r", routing_group_id=objects.acme_group.id
    )
    with pytest.raises(Conflict) as caught:
        await delete_routing_group(admin, objects.acme_group.id)
    assert str(caught.value) == "it is still used by a routing rule: change or delete that first"


async def test_a_group_goes_with_its_places(admin: Principal, objects: Objects) -> None:
    await delete_routing_group(admin, objects.acme_group.id)
    assert not await RoutingGroup.exists(id=objects.acme_group.id)
    assert await RoutingGroupTrunk.filter(tenant=objects.acme).count() == 0


async def test_a_name_is_taken_once_a_tenant(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict) as caught:
        await create_routing_group(
            admin, tenant_id=objects.acme.id, name="pbxs", trunks=[Place(objects.acme_pbx.id)]
        )
    assert caught.value.path == "name"
    renamed = await update_routing_group(admin, objects.acme_group.id, name="renamed")
    assert renamed.name == "renamed"
    assert await RoutingGroupTrunk.filter(routing_group=objects.acme_group).count() == 1


async def test_a_tenants_groups_are_its_own(objects: Objects, of_zen: Principal) -> None:
    assert [row.id for row in (await list_routing_groups(of_zen)).rows] == [objects.zen_group.id]
    place = [Place(objects.zen_pbx.id)]
    for attempt in (
        update_routing_group(of_zen, objects.acme_group.id, trunks=place),
        delete_routing_group(of_zen, objects.acme_group.id),
        create_routing_group(of_zen, tenant_id=objects.acme.id, name="x", trunks=place),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_groups_are_listed_by_name_and_filter(admin: Principal, objects: Objects) -> None:
    assert len((await list_routing_groups(admin, name_contains="PBX")).rows) == 2
    rows = (await list_routing_groups(admin, tenant_id=objects.zen.id)).rows
    assert [row.id for row in rows] == [objects.zen_group.id]


async def _group(admin: Principal, tenant: Tenant, name: str, *places: Place) -> RoutingGroup:
    return await create_routing_group(admin, tenant_id=tenant.id, name=name, trunks=places)


def _within(row: RoutingGroup) -> Place:
    return Place(routing_group_id=row.id)


async def _problems(attempt: Awaitable[object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return [(problem.path, problem.message) for problem in caught.value.problems]


async def test_strategy_mode_and_bound_are_stored_and_audited(
    admin: Principal, objects: Objects
) -> None:
    inner = objects.acme_group
    row = await create_routing_group(
        admin,
        tenant_id=objects.acme.id,
        name="out",
        trunks=[Place(objects.alpha_trunk.id, 1, 70), Place(None, 2, 5, False, inner.id)],
        strategy=Strategy.STICKY,
        mode=GroupMode.PARALLEL,
        max_candidates=2,
    )
    (loaded,) = [group for group in await load_routing_groups() if group.id == str(row.id)]
    assert (loaded.strategy, loaded.mode, loaded.max_candidates) == ("STICKY", "PARALLEL", 2)
    assert set(loaded.trunks) == {
        RoutedPlace(str(objects.alpha_trunk.id), 1, 70),
        RoutedPlace("", 2, 5, False, str(inner.id)),
    }
    (record,) = await ChangeRecord.filter(object_id=row.id)
    assert (record.after["strategy"], record.after["mode"]) == ("STICKY", "PARALLEL")
    assert record.after["max_candidates"] == 2
    assert [place["member_group_id"] for place in record.after["trunks"]] == [None, str(inner.id)]
    row = await update_routing_group(
        admin, row.id, strategy=Strategy.ROUND, mode=GroupMode.SERIAL, max_candidates=11
    )
    assert (row.strategy, row.mode, row.max_candidates) == ("ROUND", "SERIAL", 11)
    assert await RoutingGroupTrunk.filter(routing_group=row).count() == 2


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        (
            Strategy.LEAST_COST,
            "LEAST_COST needs rates, which the platform does not have yet",
        ),
        (
            Strategy.QUALITY,
            "QUALITY needs statistics of calls, which the platform does not have yet",
        ),
    ],
)
async def test_a_strategy_without_what_it_needs_is_refused(
    admin: Principal, objects: Objects, strategy: Strategy, message: str
) -> None:
    made = create_routing_group(
        admin,
        tenant_id=objects.acme.id,
        name="cheap",
        trunks=[Place(objects.acme_pbx.id)],
        strategy=strategy,
    )
    assert await _problems(made) == [("strategy", message)]
    changed = update_routing_group(admin, objects.acme_group.id, strategy=strategy)
    with pytest.raises(InvalidInput) as caught:
        await changed
    assert caught.value.problems[0].fix == "use PRIORITY, WEIGHTED, ROUND or STICKY"
    row = await RoutingGroup.get(id=objects.acme_group.id)
    assert row.strategy is Strategy.PRIORITY


async def test_every_problem_of_a_group_is_told_at_once(admin: Principal, objects: Objects) -> None:
    made = create_routing_group(
        admin,
        tenant_id=objects.acme.id,
        name="",
        trunks=[
            Place(),
            Place(objects.acme_pbx.id, routing_group_id=objects.acme_group.id),
            Place(routing_group_id=objects.zen_group.id, priority=-1),
            Place(routing_group_id="x"),
            Place(routing_group_id=objects.acme_group.id, weight=65_536),
            Place(routing_group_id=str(objects.acme_group.id).upper()),
        ],
        strategy=Strategy.QUALITY,
        max_candidates=12,
    )
    found = await _problems(made)
    assert [path for path, _ in found] == [
        "name",
        "strategy",
        "maxCandidates",
        "trunks[0].trunkId",
        "trunks[1].trunkId",
        "trunks[2].routingGroupId",
        "trunks[2].priority",
        "trunks[3].routingGroupId",
        "trunks[4].weight",
        "trunks[5].routingGroupId",
    ]
    assert found[3][1] == "a place is of one trunk or of one routing group"
    assert found[5][1] == f"the tenant has no routing group with the id {objects.zen_group.id}"
    assert found[9][1] == "the group is given twice"


@pytest.mark.parametrize("number", [0, -1, 12, 2**40])
async def test_a_bound_is_one_to_eleven(admin: Principal, objects: Objects, number: int) -> None:
    attempt = update_routing_group(admin, objects.acme_group.id, max_candidates=number)
    assert await _problems(attempt) == [("maxCandidates", f"number {number} is out of range")]


async def test_groups_never_lie_in_a_circle(admin: Principal, objects: Objects) -> None:
    a = await _group(admin, objects.acme, "a", Place(objects.acme_pbx.id))
    b = await _group(admin, objects.acme, "b", _within(a))
    c = await _group(admin, objects.acme, "c", Place(objects.acme_pbx.id), _within(b))
    for places, circle in (
        ([_within(a)], "a > a"),
        ([_within(b)], "a > b > a"),
        ([_within(c)], "a > c > b > a"),
    ):
        attempt = update_routing_group(admin, a.id, trunks=places)
        assert await _problems(attempt) == [
            ("trunks[0].routingGroupId", f"groups in a circle: {circle}")
        ]
    attempt = update_routing_group(admin, a.id, trunks=[Place(objects.acme_pbx.id), _within(c)])
    assert (await _problems(attempt))[0][0] == "trunks[1].routingGroupId"
    # Turned round it is none.
    await update_routing_group(admin, b.id, trunks=[Place(objects.acme_pbx.id)])
    await update_routing_group(admin, a.id, trunks=[_within(b)])


async def test_groups_lie_four_deep_from_whichever_end_they_grow(
    admin: Principal, objects: Objects
) -> None:
    pbx = Place(objects.acme_pbx.id)
    rows = [await _group(admin, objects.acme, "g4", pbx)]
    for name in ("g3", "g2", "g1"):
        rows.append(await _group(admin, objects.acme, name, pbx, _within(rows[-1])))
    outermost = _group(admin, objects.acme, "g0", pbx, _within(rows[-1]))
    told = "groups more than 4 deep: g0 > g1 > g2 > g3 > g4"
    assert await _problems(outermost) == [("trunks[1].routingGroupId", told)]
    g5 = await _group(admin, objects.acme, "g5", pbx)
    innermost = update_routing_group(admin, rows[0].id, trunks=[_within(g5)])
    told = "groups more than 4 deep: g1 > g2 > g3 > g4 > g5"
    assert await _problems(innermost) == [("trunks[0].routingGroupId", told)]
    between = update_routing_group(admin, g5.id, trunks=[_within(rows[2])])
    assert await between
    assert (await RoutingGroupTrunk.filter(routing_group_id=g5.id).values("member_group_id")) == [
        {"member_group_id": rows[2].id}
    ]


async def test_groups_reach_a_hundred_trunks_at_most(admin: Principal, objects: Objects) -> None:
    pbxs = [objects.acme_pbx]
    for number in range(9):
        trunk = await create_trunk(admin, name=f"pbx-{number}", tenant_id=objects.acme.id)
        pbxs.append(trunk)
    ten = [Place(trunk.id) for trunk in pbxs]
    tens = [await _group(admin, objects.acme, f"ten-{n}", *ten) for n in range(10)]
    hundred = await _group(admin, objects.acme, "hundred", *map(_within, tens))
    more = update_routing_group(
        admin, hundred.id, trunks=[*map(_within, tens), Place(objects.acme_pbx.id)]
    )
    told = "the group hundred comes to 101 trunks, those of the groups within it counted"
    assert await _problems(more) == [("trunks", told)]
    one = await _group(admin, objects.acme, "one", Place(objects.acme_pbx.id))
    inner = update_routing_group(admin, tens[3].id, trunks=[*ten, _within(one)])
    assert await _problems(inner) == [("trunks", told)]


async def test_a_dids_calls_reach_no_carrier_in_a_group_within_a_group(
    admin: Principal, objects: Objects
) -> None:
    pbx, carrier = Place(objects.acme_pbx.id), Place(objects.alpha_trunk.id)
    inner = await _group(admin, objects.acme, "inner", pbx)
    outer = await _group(admin, objects.acme, "outer", pbx, _within(inner))
    paid = await _group(admin, objects.acme, "paid", carrier)
    await create_did(admin, tenant_id=objects.acme.id, prefix="+39040", routing_group_id=outer.id)
    told = "the DID +39040 leads here, and a DID's calls never go to a carrier"
    for attempt in (
        update_routing_group(admin, inner.id, trunks=[pbx, carrier]),
        update_routing_group(admin, inner.id, trunks=[_within(paid)]),
        update_routing_group(admin, outer.id, trunks=[pbx, _within(paid)]),
    ):
        assert await _problems(attempt) == [("trunks", told)]
    around = await _group(admin, objects.acme, "around", _within(paid))
    did = create_did(admin, tenant_id=objects.acme.id, prefix="+39041", routing_group_id=around.id)
    ((path, message),) = await _problems(did)
    assert path == "routingGroupId"
    assert message.startswith("the group has a carrier's trunk, itself or in a group within it")
    # Around the group of the DID, a carrier is no matter.
    await _group(admin, objects.acme, "wide", carrier, _within(outer))


async def test_a_group_within_a_group_stays(admin: Principal, objects: Objects) -> None:
    await _group(admin, objects.acme, "outer", _within(objects.acme_group))
    with pytest.raises(Conflict) as caught:
        await delete_routing_group(admin, objects.acme_group.id)
    assert str(caught.value) == "it is still used by a routing group: change or delete that first"


async def test_a_tenants_token_nests_its_own_groups_only(
    objects: Objects, of_zen: Principal
) -> None:
    for group_id, refused in ((objects.acme_group.id, True), (objects.zen_group.id, False)):
        attempt = create_routing_group(
            of_zen,
            tenant_id=objects.zen.id,
            name="outer",
            trunks=[Place(routing_group_id=group_id)],
        )
        if refused:
            assert (await _problems(attempt))[0][0] == "trunks[0].routingGroupId"
        else:
            await attempt
