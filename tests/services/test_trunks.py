from collections.abc import Awaitable
from dataclasses import astuple
from ipaddress import ip_network
from typing import Any

import pytest
from msgspec import structs

from pointsman.auth import Principal
from pointsman.errors import Conflict, Forbidden, InvalidInput, NotFound, Problem
from pointsman.models import Trunk, TrunkEndpoint, TrunkSource
from pointsman.routing.number import NumberFormat
from pointsman.routing.trunk import Transport, TrunkKind
from pointsman.services.carriers import grant_carrier
from pointsman.services.domains import create_domain
from pointsman.services.kamailio_nodes import create_kamailio_node
from pointsman.services.trunk_parts import Endpoint, Source, load_sources
from pointsman.services.trunks import (
    create_trunk,
    delete_trunk,
    list_trunks,
    load_trunks,
    update_trunk,
)
from tests.services.conftest import Objects

pytestmark = pytest.mark.usefixtures("transaction")


async def _problems(attempt: Awaitable[object]) -> dict[str, Problem]:
    with pytest.raises(InvalidInput) as caught:
        await attempt
    return {problem.path: problem for problem in caught.value.problems}


async def test_a_trunk_is_made_with_all_its_parts(admin: Principal, objects: Objects) -> None:
    row = await create_trunk(
        admin,
        name="alpha-2",
        carrier_id=objects.alpha.id,
        number_format=NumberFormat.E164,
        from_host="SIP.acme.example",
        send_asserted_identity=False,
        fr_timer_ms=1_000,
        fr_inv_timer_ms=9_000,
        sources=[Source("198.51.100.0/30"), Source("2001:db8::1")],
        endpoints=[Endpoint("B.example"), Endpoint("2001:db8::1", 5061, Transport.TLS, 1, 7)],
    )
    (loaded,) = [trunk for trunk in await load_trunks() if trunk.id == str(row.id)]
    assert loaded.kind is TrunkKind.CARRIER
    assert (loaded.carrier_id, loaded.tenant_id) == (str(objects.alpha.id), "")
    assert loaded.number_format is NumberFormat.E164
    assert (loaded.from_host, loaded.send_asserted_identity) == ("sip.acme.example", False)
    assert (loaded.fr_timer_ms, loaded.fr_inv_timer_ms) == (1_000, 9_000)
    endpoints = sorted(loaded.endpoints, key=lambda endpoint: endpoint.priority)
    assert [(e.host, e.port, e.transport, e.weight) for e in endpoints] == [
        ("b.example", None, Transport.UDP, 1),
        ("2001:db8::1", 5061, Transport.TLS, 7),
    ]
    assert {s.network for s in await load_sources() if s.trunk_id == loaded.id} == {
        ip_network("198.51.100.0/30"),
        ip_network("2001:db8::1/128"),
    }


async def test_a_trunk_has_one_owner(admin: Principal, objects: Objects) -> None:
    neither: dict[str, Any] = {}
    both: dict[str, Any] = {"tenant_id": objects.acme.id, "carrier_id": objects.alpha.id}
    for owner in (neither, both):
        problems = await _problems(create_trunk(admin, name="x", **owner))
        assert problems.keys() == {"tenantId"}
    for path, field in (("tenantId", "tenant_id"), ("carrierId", "carrier_id")):
        missing: dict[str, Any] = {field: "x"}
        with pytest.raises(NotFound) as caught:
            await create_trunk(admin, name="x", **missing)
        assert caught.value.path == path


async def test_everything_wrong_is_named_with_its_place(admin: Principal, objects: Objects) -> None:
    problems = await _problems(
        create_trunk(
            admin,
            name="",
            tenant_id=objects.acme.id,
            from_host="bad host",
            fr_timer_ms=0,
            fr_inv_timer_ms=0,
            sources=[Source("192.0.2.1"), Source("10.0.0.5/8"), Source("192.0.2.1/32")],
            endpoints=[
                Endpoint("ok.example"),
                Endpoint("no host", 70_000, priority=-1, weight=0),
                Endpoint("OK.example"),
            ],
        )
    )
    assert problems.keys() == {
        "name",
        "fromHost",
        "frTimerMs",
        "frInvTimerMs",
        "sources[1].cidr",
        "sources[2]",
        "endpoints[1].host",
        "endpoints[1].port",
        "endpoints[1].priority",
        "endpoints[1].weight",
        "endpoints[2]",
    }
    assert problems["sources[1].cidr"].fix == "write 10.0.0.0/8"
    assert problems["endpoints[1].port"].message == "port 70000 is out of range"
    assert not await Trunk.exists(name="")


async def test_a_router_of_the_platform_is_no_endpoint(admin: Principal, objects: Objects) -> None:
    await create_kamailio_node(admin, name="n", sockets=["203.0.113.1:5060"])
    problems = await _problems(
        update_trunk(admin, objects.acme_pbx.id, endpoints=[Endpoint("203.0.113.1")])
    )
    assert problems["endpoints[0].host"].message == (
        "203.0.113.1 is a Kamailio node of this platform: calls would loop"
    )
    other_port = [Endpoint("203.0.113.1", 5080)]
    await update_trunk(admin, objects.acme_pbx.id, endpoints=other_port)


async def test_a_source_belongs_to_one_trunk(admin: Principal, objects: Objects) -> None:
    await update_trunk(admin, objects.acme_pbx.id, sources=[Source("192.0.2.1")])
    with pytest.raises(Conflict) as caught:
        await update_trunk(admin, objects.zen_pbx.id, sources=[Source("192.0.2.1/32")])
    assert caught.value.path == "sources"
    assert await TrunkSource.filter(trunk=objects.zen_pbx).count() == 0
    await update_trunk(admin, objects.zen_pbx.id, sources=[Source("192.0.2.0/24")])


async def test_a_source_is_told_by_all_that_narrows_it(admin: Principal, objects: Objects) -> None:
    sources = [
        Source("192.0.2.1"),
        Source("192.0.2.1", Transport.TLS),
        Source("192.0.2.1", port=5060),
        Source("192.0.2.1", tech_prefix="55"),
        Source("192.0.2.1", called_prefix="+39"),
        Source("192.0.2.1", calling_prefix="040"),
        Source("2001:db8::1", Transport.UDP, 5080, "9#", "00", "+"),
    ]
    await update_trunk(admin, objects.acme_pbx.id, sources=sources)
    loaded = [s for s in await load_sources() if s.trunk_id == str(objects.acme_pbx.id)]
    assert {(str(s.network), *structs.astuple(s)[2:]) for s in loaded} == {
        (str(ip_network(s.cidr)), *astuple(s)[1:]) for s in sources
    }
    for source in sources:
        with pytest.raises(Conflict) as caught:
            await update_trunk(admin, objects.zen_pbx.id, sources=[source])
        assert str(caught.value) == (
            "this source, with all that narrows it, is another trunk's already"
        )
    await update_trunk(admin, objects.zen_pbx.id, sources=[Source("192.0.2.1", tech_prefix="56")])
    twice = update_trunk(admin, objects.acme_pbx.id, sources=[sources[3], sources[3]])
    assert (await _problems(twice)).keys() == {"sources[1]"}


async def test_what_narrows_a_source_is_checked(admin: Principal, objects: Objects) -> None:
    sources = [
        Source("192.0.2.1", port=0),
        Source("192.0.2.1", tech_prefix="5a"),
        Source("192.0.2.1", tech_prefix="5" * 17),
        Source("192.0.2.1", called_prefix="x"),
        Source("192.0.2.1", calling_prefix="+0"),
        Source("10.0.0.0/7"),
        Source("2001::/15"),
    ]
    problems = await _problems(update_trunk(admin, objects.acme_pbx.id, sources=sources))
    assert list(problems) == [
        "sources[0].port",
        "sources[1].techPrefix",
        "sources[2].techPrefix",
        "sources[3].calledPrefix",
        "sources[4].callingPrefix",
        "sources[5].cidr",
        "sources[6].cidr",
    ]


async def test_a_tenant_takes_no_more_of_anothers_network_than_it_was_given(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    """Narrowing a source takes calls away as a longer network does."""
    await update_trunk(admin, objects.acme_pbx.id, sources=[Source("192.0.2.1")])
    given = Source("192.0.2.1", tech_prefix="55")
    await update_trunk(admin, objects.zen_pbx.id, sources=[given])
    for taken in (
        Source("192.0.2.1", tech_prefix="5"),
        Source("192.0.2.1", Transport.UDP, tech_prefix="55"),
        Source("192.0.2.1", port=5060),
        Source("192.0.2.1"),
    ):
        problems = await _problems(update_trunk(of_zen, objects.zen_pbx.id, sources=[given, taken]))
        assert problems.keys() == {"sources[1].cidr"}
    await update_trunk(of_zen, objects.zen_pbx.id, sources=[given, Source("203.0.113.9")])


async def test_what_is_absent_stays_and_a_list_replaces(admin: Principal, objects: Objects) -> None:
    trunk_id = objects.acme_pbx.id
    endpoints = [Endpoint("a.example"), Endpoint("b.example", 5080)]
    await update_trunk(admin, trunk_id, sources=[Source("192.0.2.1")], endpoints=endpoints)
    ids = {row.host: row.id for row in await TrunkEndpoint.filter(trunk_id=trunk_id)}
    await update_trunk(admin, trunk_id, name="renamed")
    assert await TrunkSource.filter(trunk_id=trunk_id).count() == 1
    assert await TrunkEndpoint.filter(trunk_id=trunk_id).count() == 2
    changed = [Endpoint("a.example", weight=9), Endpoint("c.example")]
    await update_trunk(admin, trunk_id, sources=[], endpoints=changed)
    rows = {row.host: row for row in await TrunkEndpoint.filter(trunk_id=trunk_id)}
    assert rows.keys() == {"a.example", "c.example"}
    assert (rows["a.example"].id, rows["a.example"].weight) == (ids["a.example"], 9)
    assert await TrunkSource.filter(trunk_id=trunk_id).count() == 0


async def test_a_trunk_in_use_stays(admin: Principal, objects: Objects) -> None:
    with pytest.raises(Conflict) as caught:
        await delete_trunk(admin, objects.acme_pbx.id)
    assert str(caught.value) == "it is still used by a routing group: change or delete that first"
    spare = await create_trunk(admin, name="spare", tenant_id=objects.acme.id)
    await create_domain(admin, tenant_id=objects.acme.id, name="a.example", pbx_trunk_id=spare.id)
    with pytest.raises(Conflict) as caught:
        await delete_trunk(admin, spare.id)
    assert str(caught.value) == "it is still used by a domain: change or delete that first"


async def test_a_trunk_goes_with_its_parts(admin: Principal, objects: Objects) -> None:
    row = await create_trunk(
        admin,
        name="brief",
        tenant_id=objects.acme.id,
        sources=[Source("192.0.2.1")],
        endpoints=[Endpoint("a.example")],
    )
    await delete_trunk(admin, row.id)
    assert await TrunkSource.all().count() == 0
    assert await TrunkEndpoint.all().count() == 0


async def test_a_tenant_changes_its_own_trunks_only(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    assert (await update_trunk(of_zen, objects.zen_pbx.id, name="mine")).name == "mine"
    for trunk in (objects.acme_pbx, objects.alpha_trunk):
        with pytest.raises(NotFound):
            await update_trunk(of_zen, trunk.id, name="mine")
        with pytest.raises(NotFound):
            await delete_trunk(of_zen, trunk.id)
    await grant_carrier(admin, objects.alpha.id, objects.zen.id)
    assert {row.name for row in (await list_trunks(of_zen)).rows} == {"alpha-1", "mine"}
    for attempt in (
        update_trunk(of_zen, objects.alpha_trunk.id, name="mine"),
        delete_trunk(of_zen, objects.alpha_trunk.id),
        create_trunk(of_zen, name="mine too", carrier_id=objects.alpha.id),
    ):
        with pytest.raises(Forbidden):
            await attempt


async def test_trunks_are_listed_by_name_and_filter(admin: Principal, objects: Objects) -> None:
    assert [row.name for row in (await list_trunks(admin)).rows] == ["alpha-1", "pbx", "pbx"]
    of_acme = await list_trunks(admin, tenant_id=objects.acme.id)
    assert [row.id for row in of_acme.rows] == [objects.acme_pbx.id]
    of_alpha = await list_trunks(admin, carrier_id=objects.alpha.id, kind=TrunkKind.CARRIER)
    assert [row.id for row in of_alpha.rows] == [objects.alpha_trunk.id]
    assert (await list_trunks(admin, enabled=False)).rows == []
    assert len((await list_trunks(admin, name_contains="PB")).rows) == 2


async def test_a_tenant_never_takes_calls_from_anothers_network(
    admin: Principal, objects: Objects, of_zen: Principal
) -> None:
    await update_trunk(admin, objects.acme_pbx.id, sources=[Source("192.0.2.0/24")])
    await update_trunk(admin, objects.alpha_trunk.id, sources=[Source("198.51.100.0/24")])
    for taken in ("192.0.2.7", "198.51.100.0/25", "192.0.0.0/16"):
        problems = await _problems(
            update_trunk(of_zen, objects.zen_pbx.id, sources=[Source("203.0.113.1"), Source(taken)])
        )
        assert problems.keys() == {"sources[1].cidr"}
        assert "another owner" in problems["sources[1].cidr"].message
    problems = await _problems(
        create_trunk(of_zen, name="x", tenant_id=objects.zen.id, sources=[Source("192.0.2.7")])
    )
    assert problems.keys() == {"sources[0].cidr"}
    # Within one's own networks, and where the platform says so.
    await update_trunk(of_zen, objects.zen_pbx.id, sources=[Source("203.0.113.0/24")])
    await create_trunk(of_zen, name="y", tenant_id=objects.zen.id, sources=[Source("203.0.113.7")])
    await update_trunk(
        admin, objects.zen_pbx.id, sources=[Source("203.0.113.0/24"), Source("192.0.2.7")]
    )
    await update_trunk(
        of_zen, objects.zen_pbx.id, sources=[Source("203.0.113.0/25"), Source("192.0.2.7")]
    )


async def test_lists_are_bounded(admin: Principal, objects: Objects) -> None:
    sources = [Source(str(address)) for address in ip_network("10.0.0.0/16")]
    endpoints = [Endpoint(f"h{number}.example") for number in range(101)]
    problems = await _problems(
        update_trunk(admin, objects.acme_pbx.id, sources=sources, endpoints=endpoints)
    )
    assert {path: problem.fix for path, problem in problems.items()} == {
        "sources": "give 1000 at most",
        "endpoints": "give 100 at most",
    }


@pytest.mark.parametrize(
    ("socket", "endpoint"),
    [
        ("[2001:db8::77]:5060", Endpoint("2001:0db8::77")),
        ("192.0.2.77:05061", Endpoint("192.0.2.77", None, Transport.TLS)),
        ("192.0.2.77:5060", Endpoint("192.0.2.77")),
    ],
)
async def test_a_node_is_known_however_it_is_written(
    admin: Principal, objects: Objects, socket: str, endpoint: Endpoint
) -> None:
    await create_kamailio_node(admin, name="n", sockets=[socket])
    problems = await _problems(update_trunk(admin, objects.acme_pbx.id, endpoints=[endpoint]))
    assert problems.keys() == {"endpoints[0].host"}
