"""Whom a call may be sent to, in which order, and who is dropped."""

import pytest

from pointsman.routing.candidates import find_candidates
from pointsman.routing.carrier import Carrier
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.decide import decide
from pointsman.routing.did import Did
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.incoming import Incoming
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.match import Match
from pointsman.routing.number import Number, Numbers
from pointsman.routing.outcome import MatchKind, Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.source import Identified, identify_source
from pointsman.routing.trunk import CallerIdPolicy, Endpoint
from tests.routing.world import (
    ACME_PBX_IP,
    ALPHA_IP,
    BETA_IP,
    World,
    carrier_trunk,
    group,
    make_call,
    make_world,
    pbx_trunk,
)


def test_endpoints_are_tried_by_priority_within_their_trunk() -> None:
    world = make_world()
    endpoints = (
        Endpoint("second", "198.51.100.11", 5060, priority=2),
        Endpoint("first", "198.51.100.12", 5060, priority=1),
        Endpoint("off", "198.51.100.13", 5060, priority=0, enabled=False),
    )
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, endpoints=endpoints))
    assert [leg.target.endpoint_id for leg in world.legs(make_call())] == [
        "first",
        "second",
        "beta-1-e",
    ]


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
        [leg.target.endpoint_id for leg in world.legs(make_call(sip_call_id=f"c{n}"))][:3]
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
        ({"endpoints": ()}, "has no endpoint"),
    ],
)
def test_a_trunk_that_cannot_take_calls_is_dropped(change: dict[str, object], reason: str) -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, **change))
    trace: Trace = []
    outcome = world.decide(make_call(), trace)
    assert isinstance(outcome, Routes)
    assert [leg.target.trunk_id for leg in outcome.legs] == ["beta-1"]
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


def _candidates(world: World, *, emergency: bool, trace: Trace | None = None) -> list[str]:
    """The trunks and endpoints of a call to Acme's group, as the step finds them."""
    snapshot, call = world.snapshot(), make_call()
    identified = identify_source(call, snapshot.sources, None)
    assert isinstance(identified, Identified)
    numbers = Numbers(Number("112", False), Number("+390401234567", True))
    plan = EmergencyPlan("p", "acme", "IT", ("112",), "+39040112", ("out",)) if emergency else None
    choice = snapshot.tenants["acme"].choices["out"]
    match = Match(MatchKind.EMERGENCY, "p", "acme", choice, internal=False, emergency_plan=plan)
    given = Circumstances(snapshot, world.now, world.health, trace)
    found = find_candidates(Incoming(call, identified.source, numbers), match, given)
    return [] if isinstance(found, Reject) else [candidate.id for candidate in found]


def test_a_draining_trunk_gets_no_new_calls_and_may_still_send() -> None:
    world = make_world()
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, draining=True))
    trace: Trace = []
    assert isinstance(world.decide(make_call(), trace), Routes)
    assert world.trunk_ids(make_call()) == ["beta-1"]
    note = Note(Step.CANDIDATES, "alpha-1", "dropped: is draining: it gets no new calls")
    assert note in trace
    inbound = make_call("sip:+390401234@203.0.113.1", source_ip=ALPHA_IP)
    assert world.trunk_ids(inbound) == ["acme-pbx"]


def test_a_dids_pbx_that_drains_is_temporarily_unavailable() -> None:
    world = make_world()
    world.replace_trunk(pbx_trunk("acme-pbx", "acme", ACME_PBX_IP, draining=True))
    reject = world.reject(make_call("sip:+390401234@203.0.113.1", source_ip=ALPHA_IP))
    assert (reject.code, reject.sip_code) == (RejectCode.NO_CANDIDATE, 480)


@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_an_endpoint_in_bad_health_is_skipped_by_its_share_of_the_calls(share: float) -> None:
    world = make_world()
    snapshot = world.snapshot()
    skipped = 0
    for number in range(4_000):
        call = make_call(sip_call_id=f"call-{number}")
        outcome = decide(call, snapshot, now=0, health={"alpha-1-e": share})
        assert isinstance(outcome, Routes)
        again = decide(call, snapshot, now=60, health={"alpha-1-e": share})
        assert again == outcome
        skipped += [leg.target.trunk_id for leg in outcome.legs] == ["beta-1"]
    assert skipped / 4_000 == pytest.approx(share, abs=0.025 if share < 1 else 0)


def test_health_is_told_in_the_trace() -> None:
    world = make_world()
    world.health = {"alpha-1-e": 1.0}
    trace: Trace = []
    world.decide(make_call(), trace)
    reason = "dropped: is in bad health: 100% of the calls skip it"
    assert Note(Step.CANDIDATES, f"alpha-1 {ALPHA_IP}", reason) in trace


def test_what_only_health_speaks_against_is_tried_after_all() -> None:
    world = make_world()
    world.health = {"alpha-1-e": 1.0, "beta-1-e": 1.0}
    assert world.trunk_ids(make_call()) == ["alpha-1", "beta-1"]
    trace: Trace = []
    world.decide(make_call(), trace)
    assert [note.text for note in trace if note.subject == f"beta-1 {BETA_IP}"] == [
        "dropped: is in bad health: 100% of the calls skip it",
        "tried all the same: nothing else is left",
    ]
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, draining=True))
    assert world.trunk_ids(make_call()) == ["alpha-1"]
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, enabled=False))
    assert world.reject(make_call()).code is RejectCode.NO_CANDIDATE


def test_what_is_ill_has_the_calls_that_those_who_are_well_cannot_have() -> None:
    world = make_world()
    own = CallerIdPolicy.DID_OWNED
    world.replace_trunk(carrier_trunk("alpha-1", "alpha", ALPHA_IP, caller_id_policy=own))
    world.health = {"beta-1-e": 1.0}
    stranger = make_call(from_uri="sip:+1202@acme.example")
    assert world.trunk_ids(stranger) == ["beta-1"]
    world.replace_trunk(carrier_trunk("beta-1", "beta", BETA_IP, caller_id_policy=own))
    assert world.reject(stranger).code is RejectCode.NO_CANDIDATE


def test_a_group_within_a_group_tries_what_health_left_of_it() -> None:
    world = make_world()
    world.trunks += [carrier_trunk(n, "alpha", f"198.51.100.{ord(n)}") for n in "abc"]
    inner = group("in", "acme", "a", "b", "c", max_candidates=2)
    member = RoutingGroupTrunk(member_group_id="in")
    world.groups[0] = group("out", "acme", member, RoutingGroupTrunk("beta-1", 1))
    world.groups.append(inner)
    world.health = {"a-e": 1.0}
    assert world.trunk_ids(make_call()) == ["b", "c", "beta-1"]
    world.health = {"a-e": 1.0, "b-e": 1.0}
    assert world.trunk_ids(make_call()) == ["c", "beta-1"]
    world.health = {f"{n}-e": 1.0 for n in ("a", "b", "c", "beta-1")}
    assert world.trunk_ids(make_call()) == ["a", "b", "beta-1"]


def test_an_emergency_call_takes_what_is_ill_or_draining_last_and_nothing_else() -> None:
    world = make_world()
    more = [
        carrier_trunk("draining", "alpha", "198.51.100.11", draining=True),
        carrier_trunk("off", "alpha", "198.51.100.12", enabled=False),
        carrier_trunk("well", "alpha", "198.51.100.13"),
        carrier_trunk("foreign", "gamma", "198.51.100.14"),
    ]
    world.trunks += more
    world.carriers.append(Carrier("gamma", "Gamma", frozenset({"zen"})))
    names = ("alpha-1", *(trunk.id for trunk in more), "beta-1")
    world.groups[0] = group("out", "acme", *names)
    world.health = {"alpha-1-e": 1.0}
    trace: Trace = []
    expected = ["well-e", "beta-1-e", "alpha-1-e", "draining-e"]
    assert _candidates(world, emergency=True, trace=trace) == expected
    assert Note(Step.CANDIDATES, "draining 198.51.100.11", "put last: is draining") in trace
    reason = "put last: is in bad health: 100% of the calls skip it"
    assert Note(Step.CANDIDATES, f"alpha-1 {ALPHA_IP}", reason) in trace
    assert _candidates(world, emergency=False) == ["well-e", "beta-1-e"]
    world.health = {f"{name}-e": 1.0 for name in names}
    expected = ["alpha-1-e", "draining-e", "well-e", "beta-1-e"]
    assert _candidates(world, emergency=True) == expected


def test_no_groups_bound_stands_in_the_way_of_an_emergency_call() -> None:
    world = make_world()
    member = RoutingGroupTrunk(member_group_id="in")
    world.groups[0] = group("out", "acme", member)
    world.groups.append(group("in", "acme", "alpha-1", "beta-1", max_candidates=1))
    assert _candidates(world, emergency=True) == ["alpha-1-e", "beta-1-e"]
    assert _candidates(world, emergency=False) == ["alpha-1-e"]


def test_a_dids_call_reaches_no_carrier_however_deep() -> None:
    world = make_world()
    member = RoutingGroupTrunk(member_group_id="out")
    world.groups.append(group("in", "acme", member, RoutingGroupTrunk("acme-pbx", 1)))
    world.dids[0] = Did("did-acme", "+390401234", "acme", routing_group_id="in")
    call = make_call("sip:+390401234@203.0.113.1", source_ip=BETA_IP)
    assert world.trunk_ids(call) == ["acme-pbx"]
