"""Whom a call may be sent to, in which order, and who is dropped."""

import pytest

from pointsman.routing.carrier import Carrier
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.outcome import Note, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.trunk import Endpoint
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    carrier_trunk,
    group,
    make_call,
    make_world,
)


def test_endpoints_are_tried_by_priority_within_their_trunk() -> None:
    world = make_world()
    endpoints = (
        Endpoint("second", "198.51.100.11", 5060, priority=2),
        Endpoint("first", "198.51.100.12", 5060, priority=1),
        Endpoint("off", "198.51.100.13", 5060, priority=0, enabled=False),
    )
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.endpoint_id for leg in world.legs(make_call())] == ["first", "second", "beta-1-e"]


def test_endpoints_of_one_priority_share_calls_by_weight_and_call_id() -> None:
    """RFC 3263 section 4.1 and RFC 2782: of 1,000 calls a weight of 3 to 1 gets 750."""
    world = make_world()
    endpoints = (
        Endpoint("heavy", "198.51.100.11", 5060, weight=3),
        Endpoint("light", "198.51.100.12", 5060, weight=1),
        Endpoint("spare", "198.51.100.13", 5060, priority=1, weight=65_535),
    )
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    orders = [
        [leg.endpoint_id for leg in world.legs(make_call(sip_call_id=f"c{n}"))][:3]
        for n in range(1_000)
    ]
    assert {tuple(order) for order in orders} == {
        ("heavy", "light", "spare"),
        ("light", "heavy", "spare"),
    }
    assert 700 <= sum(order[0] == "heavy" for order in orders) <= 800


def test_a_weighted_group_shares_calls_by_call_id() -> None:
    world = make_world()
    places = (RoutingGroupTrunk("alpha-1", 0, 70), RoutingGroupTrunk("beta-1", 0, 30))
    world.groups[0] = group("out", "acme", *places)
    firsts = [world.trunk_ids(make_call(sip_call_id=f"c{n}"))[0] for n in range(300)]
    assert {"alpha-1", "beta-1"} == set(firsts)
    assert firsts == [world.trunk_ids(make_call(sip_call_id=f"c{n}"))[0] for n in range(300)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"enabled": False}, "is disabled"),
        ({"endpoints": ()}, None),
    ],
)
def test_a_trunk_that_cannot_take_calls_is_dropped(
    change: dict[str, object], reason: str | None
) -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, **change))
    trace: Trace = []
    outcome = world.decide(make_call(), trace)
    assert isinstance(outcome, Routes)
    assert [leg.trunk_id for leg in outcome.legs] == ["beta-1"]
    if reason:
        assert Note(Step.CANDIDATES, "alpha-1", f"dropped: {reason}") in trace


def test_a_place_disabled_in_the_group_is_dropped() -> None:
    world = make_world()
    off = RoutingGroupTrunk("alpha-1", 0, 1, enabled=False)
    world.groups[0] = group("out", "acme", off, "beta-1")
    assert world.trunk_ids(make_call()) == ["beta-1"]


def test_nobody_left_is_temporarily_unavailable() -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, enabled=False))
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, enabled=False))
    reject = world.reject(make_call())
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CANDIDATE, 480)


def test_a_call_never_goes_back_to_the_socket_it_came_from() -> None:
    world = make_world()
    world.trunks.append(carrier_trunk("alpha-2", "alpha", ACME_PBX_IP))
    world.groups[0] = group("out", "acme", "alpha-2", "beta-1")
    assert world.trunk_ids(make_call(source_port=5060)) == ["beta-1"]
    assert world.trunk_ids(make_call(source_port=40_000)) == ["alpha-2", "beta-1"]


@pytest.mark.parametrize("known_by", ["the node's sockets", "the call's own socket"])
def test_a_call_never_goes_to_a_router_of_the_platform(known_by: str) -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", "203.0.113.5"))
    received = ("203.0.113.5", 5060)
    if known_by == "the node's sockets":
        world.nodes = [KamailioNode("n", "n", sockets=(received,))]
        received = ("203.0.113.1", 5060)
    assert world.trunk_ids(make_call(received=received)) == ["beta-1"]


def test_a_carrier_that_is_no_longer_granted_is_dropped() -> None:
    world = make_world()
    world.carriers[1] = Carrier("beta", "Beta", frozenset({"zen"}))
    assert world.trunk_ids(make_call()) == ["alpha-1"]


def test_another_tenants_pbx_in_a_group_is_dropped() -> None:
    world = make_world()
    world.groups[0] = group("out", "acme", "zen-pbx", "beta-1")
    assert world.trunk_ids(make_call()) == ["beta-1"]
