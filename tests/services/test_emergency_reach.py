"""No change leaves an emergency plan with less than two carriers."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from pointsman.auth import Principal
from pointsman.errors import Conflict, InvalidInput, PointsmanError
from pointsman.models import EmergencyPlan, RoutingGroup, TrunkEndpoint
from pointsman.services.carriers import create_carrier, update_carrier
from pointsman.services.config_revisions import get_current_revision
from pointsman.services.emergency_plans import (
    create_emergency_plan,
    delete_emergency_plan,
    update_emergency_plan,
)
from pointsman.services.routing_groups import create_routing_group, update_routing_group
from pointsman.services.tenants import update_tenant
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import create_trunk, update_trunk
from tests.services.conftest import Objects, Place, Ways

pytestmark = pytest.mark.usefixtures("transaction")


async def _create(
    by: Principal, objects: Objects, group_ids: list[UUID], **more: Any
) -> EmergencyPlan:
    return await create_emergency_plan(by, **{
        "tenant_id": objects.acme.id, "country": "IT", "numbers": ["112"],
        "calling_number": "+390401234567", "routing_group_ids": group_ids, **more,
    })  # fmt: skip


async def _add_trunk(by: Principal, ways: Ways, **more: Any) -> RoutingGroup:
    """A second trunk of the first carrier, in a group of its own."""
    trunk = await create_trunk(by, name="more", carrier_id=ways.carriers[0].id, **{
        "endpoints": [Endpoint("more.example")], **more
    })  # fmt: skip
    return await create_routing_group(
        by, tenant_id=ways.groups[0].tenant_id, name="more", trunks=[Place(trunk.id)]
    )


async def test_a_plan_is_saved_with_two_carriers_only(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    one, two = ways.group_ids
    more = (await _add_trunk(admin, ways)).id
    pbxs = objects.acme_group.id
    for group_ids, only in (
        ([one], "only the carrier One"),
        ([one, more], "only the carrier One"),  # two trunks of one
        ([two, pbxs], "only the carrier Two"),
        ([pbxs], "no carrier"),
    ):
        with pytest.raises(InvalidInput) as caught:
            await _create(admin, objects, group_ids)
        (problem,) = caught.value.problems
        assert problem.path == "routingGroupIds"
        assert problem.message == (
            f"the emergency plan of Acme for IT would reach {only}, and needs 2"
        )
        assert problem.fix.startswith("have a trunk of another carrier in its routing groups")
    row = await _create(admin, objects, [one], enabled=False)
    with pytest.raises(InvalidInput):
        await update_emergency_plan(admin, row.id, enabled=True)
    await update_emergency_plan(admin, row.id, enabled=True, routing_group_ids=[pbxs, one, two])
    with pytest.raises(InvalidInput):
        await update_emergency_plan(admin, row.id, routing_group_ids=[one])


async def test_groups_within_groups_count(admin: Principal, objects: Objects, ways: Ways) -> None:
    outer = await create_routing_group(
        admin, tenant_id=objects.acme.id, name="outer",
        trunks=[Place(routing_group_id=key) for key in ways.group_ids],
    )  # fmt: skip
    await _create(admin, objects, [outer.id])
    for change in (
        update_routing_group(admin, ways.group_ids[0], trunks=[Place(objects.acme_pbx.id)]),
        update_routing_group(admin, outer.id, trunks=[
            Place(routing_group_id=ways.group_ids[0]),
            Place(routing_group_id=ways.group_ids[1], enabled=False),
        ]),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            await change


_Change = Callable[[Principal, Ways], Awaitable[object]]

_CUTS: dict[str, _Change] = {
    "the place disabled": lambda by, ways: update_routing_group(
        by, ways.group_ids[1], trunks=[Place(ways.trunks[1].id, enabled=False)]
    ),
    "another trunk in its place": lambda by, ways: update_routing_group(
        by, ways.group_ids[1], trunks=[Place(ways.trunks[0].id)]
    ),
    "the trunk disabled": lambda by, ways: update_trunk(by, ways.trunks[1].id, enabled=False),
    "the trunk draining": lambda by, ways: update_trunk(by, ways.trunks[1].id, draining=True),
    "no endpoint": lambda by, ways: update_trunk(by, ways.trunks[1].id, endpoints=[]),
    "the endpoint disabled": lambda by, ways: update_trunk(
        by, ways.trunks[1].id, endpoints=[Endpoint("two.example", enabled=False)]
    ),
    "the carrier disabled": lambda by, ways: update_carrier(
        by, ways.carriers[1].id, enabled=False
    ),
}  # fmt: skip


@pytest.mark.parametrize("cut", _CUTS)
async def test_no_change_takes_a_carrier_from_a_plan(
    admin: Principal, objects: Objects, ways: Ways, cut: str
) -> None:
    await _create(admin, objects, ways.group_ids)
    revision = (await get_current_revision()).id
    with pytest.raises(Conflict) as caught:
        await _CUTS[cut](admin, ways)
    assert str(caught.value).startswith(
        "the emergency plan of Acme for IT would reach only the carrier One, and needs 2: have a "
        "trunk of another carrier in its routing groups"
    )
    assert caught.value.path == "id"
    assert (await get_current_revision()).id == revision


@pytest.mark.parametrize("cut", _CUTS)
async def test_a_third_carrier_makes_up_for_it(
    admin: Principal, objects: Objects, ways: Ways, cut: str
) -> None:
    three = await create_carrier(admin, name="Three", tenant_id=objects.acme.id)
    trunk = await create_trunk(
        admin, name="three", carrier_id=three.id, endpoints=[Endpoint("three.example")]
    )
    group = await create_routing_group(
        admin, tenant_id=objects.acme.id, name="three", trunks=[Place(trunk.id)]
    )
    await _create(admin, objects, [*ways.group_ids, group.id])
    await _CUTS[cut](admin, ways)


@pytest.mark.parametrize("cut", _CUTS)
async def test_a_disabled_plan_stands_in_nobodys_way(
    admin: Principal, objects: Objects, ways: Ways, cut: str
) -> None:
    await _create(admin, objects, ways.group_ids, enabled=False)
    await _CUTS[cut](admin, ways)


async def test_a_plan_that_was_unreachable_before_stands_in_nobodys_way(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    row = await _create(admin, objects, ways.group_ids)
    await TrunkEndpoint.filter(trunk=ways.trunks[0]).delete()
    await update_tenant(admin, objects.zen.id, name="Other")
    await update_trunk(admin, ways.trunks[0].id, name="still none")
    with pytest.raises(InvalidInput):
        await update_emergency_plan(admin, row.id, location="Trieste")
    await update_emergency_plan(admin, row.id, enabled=False, location="Trieste")
    with pytest.raises(InvalidInput):
        await update_emergency_plan(admin, row.id, enabled=True)
    await update_trunk(admin, ways.trunks[0].id, endpoints=[Endpoint("back.example")])
    await update_emergency_plan(admin, row.id, enabled=True)


async def test_a_plan_can_always_be_deleted(admin: Principal, objects: Objects, ways: Ways) -> None:
    row = await _create(admin, objects, ways.group_ids)
    await TrunkEndpoint.all().delete()
    await delete_emergency_plan(admin, row.id)


async def test_a_tenants_token_is_told_as_well(
    admin: Principal, objects: Objects, ways: Ways
) -> None:
    await _create(admin, objects, ways.group_ids)
    of_acme = Principal("Acme's token", objects.acme.id)
    for attempt in (
        update_routing_group(of_acme, ways.group_ids[1], trunks=[Place(objects.acme_pbx.id)]),
        update_emergency_plan(of_acme, (await EmergencyPlan.get()).id,
                              routing_group_ids=ways.group_ids[:1]),
    ):  # fmt: skip
        with pytest.raises(PointsmanError) as caught:
            await attempt
        assert "the emergency plan of Acme for IT" in str(caught.value)
