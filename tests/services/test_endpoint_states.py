"""What nodes tell of endpoints, as it is stored."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pointsman.auth import Principal
from pointsman.errors import InvalidInput
from pointsman.models import EndpointState, KamailioNode, TrunkEndpoint
from pointsman.routing.health import EndpointHealth
from pointsman.services.endpoint_states import (
    ReportedState,
    load_health,
    store_endpoint_states,
)
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.node_reports import TOLD_FOR
from pointsman.services.trunk_parts import Endpoint
from pointsman.services.trunks import update_trunk
from tests.services.conftest import Objects

_UP, _DOWN = EndpointHealth.UP, EndpointHealth.DOWN


@pytest.fixture
async def endpoints(objects: Objects, admin: Principal) -> list[str]:
    """The ids of two endpoints of a trunk."""
    given = [Endpoint("192.0.2.1"), Endpoint("192.0.2.2")]
    await update_trunk(admin, objects.acme_pbx.id, endpoints=given)
    return [str(row.id) for row in await TrunkEndpoint.all().order_by("host")]


async def _node(admin: Principal, name: str) -> str:
    await create_kamailio_node(admin, name=name)
    return str((await KamailioNode.get(name=name)).id)


async def test_a_report_is_all_that_a_node_has_to_say(
    endpoints: list[str], admin: Principal
) -> None:
    first, second = endpoints
    one, two = await _node(admin, "one"), await _node(admin, "two")
    lost = ReportedState(first, _DOWN, 1_000.0, 408, "No Answer", 2_000.5, "why")
    await store_endpoint_states(one, [lost, ReportedState(second, _UP, 1.0)])
    await store_endpoint_states(two, [ReportedState(first, _UP, 3.0)])
    row = await EndpointState.get(node_id=one, endpoint_id=first)
    assert (row.state, row.reply_code, row.reply_reason, row.note) == (
        _DOWN,
        408,
        "No Answer",
        "why",
    )
    assert (row.since.timestamp(), row.probed_at and row.probed_at.timestamp()) == (1_000, 2_000.5)
    assert (await EndpointState.get(node_id=one, endpoint_id=second)).probed_at is None

    await store_endpoint_states(one, [ReportedState(first, _UP, 4_000.0, 200, "OK")])
    (row,) = await EndpointState.filter(node_id=one)
    assert (str(row.endpoint_id), row.state, row.reply_code) == (first, _UP, 200)
    assert await EndpointState.filter(node_id=two).count() == 1
    await store_endpoint_states(one, [])
    assert await EndpointState.filter(node_id=one).count() == 0


async def test_what_is_no_endpoint_any_more_is_left_out(
    endpoints: list[str], admin: Principal
) -> None:
    told = [ReportedState(str(uuid4()), _DOWN, 1.0), ReportedState(endpoints[0], _DOWN, 1.0)]
    await store_endpoint_states(await _node(admin, "one"), told)
    (row,) = await EndpointState.all()
    assert str(row.endpoint_id) == endpoints[0]


async def test_a_long_reason_is_cut(endpoints: list[str], admin: Principal) -> None:
    long = ReportedState(endpoints[0], _UP, 1.0, 200, "\0" + "r" * 1_000, 1.0, "n" * 1_000)
    await store_endpoint_states(await _node(admin, "one"), [long])
    (row,) = await EndpointState.all()
    assert (row.reply_reason, row.note) == ("r" * 128, "n" * 200)


async def test_an_endpoint_that_goes_takes_what_is_known_of_it_along(
    endpoints: list[str], objects: Objects, admin: Principal
) -> None:
    told = [ReportedState(each, _UP, 1.0) for each in endpoints]
    await store_endpoint_states(await _node(admin, "one"), told)
    await update_trunk(admin, objects.acme_pbx.id, endpoints=[Endpoint("192.0.2.2")])
    (row,) = await EndpointState.all()
    assert str(row.endpoint_id) == endpoints[1]


async def test_health_is_that_of_a_node_or_what_all_nodes_say(
    endpoints: list[str], admin: Principal
) -> None:
    first, second = endpoints
    one, two = await _node(admin, "one"), await _node(admin, "two")
    await store_endpoint_states(one, [ReportedState(each, _DOWN, 1.0) for each in endpoints])
    await store_endpoint_states(two, [ReportedState(first, _UP, 1.0)])
    assert await load_health("one") == {first: 1.0, second: 1.0}
    assert await load_health("two") == {}
    assert await load_health() == {second: 1.0}
    with pytest.raises(InvalidInput, match="no Kamailio node has the name three"):
        await load_health("three")
    long_ago = datetime.now(UTC) - TOLD_FOR - timedelta(seconds=1)
    await EndpointState.filter(node_id=one).update(confirmed_at=long_ago)
    assert await load_health("one") == {}
