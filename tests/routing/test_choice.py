"""In which order a group's places are tried, groups within groups, and what is left out."""

from collections import Counter

import pytest
from msgspec import structs

from pointsman.routing.choice import Choices
from pointsman.routing.configuration import Configuration
from pointsman.routing.decide import decide
from pointsman.routing.objects import Objects, index_objects
from pointsman.routing.outcome import Leg, Routes, Step, Trace
from pointsman.routing.routing_group import (
    MAX_TRUNKS,
    GroupMode,
    RoutingGroup,
    RoutingGroupTrunk,
    Strategy,
)
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import Endpoint
from tests.routing.world import World, carrier_trunk, group, make_call, make_world

# Priorities that only PRIORITY looks at.
_PLACES = (
    RoutingGroupTrunk("a", 0, 70),
    RoutingGroupTrunk("b", 1, 20),
    RoutingGroupTrunk("c", 1, 10),
)


def _world(*groups: RoutingGroup) -> World:
    """Acme's calls go to the first group; carrier Alpha has the trunks a to f."""
    world = make_world()
    world.trunks += [carrier_trunk(n, "alpha", f"198.51.100.{ord(n)}") for n in "abcdef"]
    world.groups = [*groups, group("zen-out", "zen", "alpha-1")]
    return world


def _out(*places: str | RoutingGroupTrunk, **more: object) -> RoutingGroup:
    return group("out", "acme", *places, **more)


def _member(
    name: str, priority: int = 0, weight: int = 1, *, enabled: bool = True
) -> RoutingGroupTrunk:
    return RoutingGroupTrunk("", priority, weight, enabled, name)


def _legs(snapshot: Snapshot, sip_call_id: str, caller: str = "+390401234567") -> tuple[Leg, ...]:
    call = make_call(sip_call_id=sip_call_id, from_uri=f"sip:{caller}@acme.example")
    outcome = decide(call, snapshot, now=0)
    assert isinstance(outcome, Routes)
    return outcome.legs


def _order(snapshot: Snapshot, sip_call_id: str, caller: str = "+390401234567") -> str:
    return "".join(leg.target.trunk_id for leg in _legs(snapshot, sip_call_id, caller))


def _drops(world: World, sip_call_id: str = "call-1") -> dict[str, str]:
    trace: Trace = []
    world.decide(make_call(sip_call_id=sip_call_id), trace)
    return {note.subject: note.text for note in trace if note.step is Step.CANDIDATES}


@pytest.mark.parametrize(
    ("strategy", "orders"),
    [
        (Strategy.PRIORITY, ["abc", "acb", "abc", "abc", "abc", "abc"]),
        (Strategy.WEIGHTED, ["bac", "acb", "abc", "bac", "abc", "bac"]),
        (Strategy.ROUND, ["abc", "cab", "bca", "bca", "cab", "cab"]),
        (Strategy.STICKY, ["acb"] * 6),
    ],
)
def test_each_strategy_orders_the_same_places_in_its_own_way(
    strategy: Strategy, orders: list[str]
) -> None:
    snapshot = _world(_out(*_PLACES, strategy=strategy)).snapshot()
    assert [_order(snapshot, f"call-{number}") for number in range(1, 7)] == orders


def test_a_weighted_group_gives_each_place_its_share_of_100_000_calls() -> None:
    snapshot = _world(_out(*_PLACES, strategy=Strategy.WEIGHTED)).snapshot()
    firsts = Counter(
        _legs(snapshot, f"call-{number}")[0].target.trunk_id for number in range(100_000)
    )
    shares = {"a": 0.7, "b": 0.2, "c": 0.1}
    assert {name: count / 100_000 for name, count in firsts.items()} == {
        name: pytest.approx(share, abs=0.01) for name, share in shares.items()
    }


def test_a_round_group_gives_each_place_as_many_calls_and_keeps_the_ring() -> None:
    snapshot = _world(_out(*_PLACES, strategy=Strategy.ROUND)).snapshot()
    orders = Counter(_order(snapshot, f"call-{number}") for number in range(12_000))
    assert {order: count / 12_000 for order, count in orders.items()} == {
        order: pytest.approx(1 / 3, abs=0.015) for order in ("abc", "bca", "cab")
    }


@pytest.mark.parametrize(
    "change",
    [
        {"enabled": False},
        {"draining": True},
        {"endpoints": ()},
        {"endpoints": (Endpoint("b-e", "198.51.100.98", 5060, enabled=False),)},
    ],
)
def test_a_place_that_takes_no_calls_has_no_turn(change: dict[str, object]) -> None:
    """Else the next one in the ring would have the calls of two."""
    world = _world(_out(*_PLACES, strategy=Strategy.ROUND))
    world.replace_trunk(carrier_trunk("b", "alpha", "198.51.100.98", **change))
    snapshot = world.snapshot()
    orders = Counter(_order(snapshot, f"call-{number}") for number in range(8_000))
    assert {order: count / 8_000 for order, count in orders.items()} == {
        order: pytest.approx(1 / 2, abs=0.02) for order in ("ac", "ca")
    }


def test_a_sticky_group_shares_callers_by_weight() -> None:
    snapshot = _world(_out(*_PLACES, strategy=Strategy.STICKY)).snapshot()
    callers = [f"+39040{number:07}" for number in range(10_000)]
    firsts = Counter(_order(snapshot, "call-1", caller)[0] for caller in callers)
    assert {name: count / 10_000 for name, count in firsts.items()} == {
        name: pytest.approx(share, abs=0.015)
        for name, share in {"a": 0.7, "b": 0.2, "c": 0.1}.items()
    }


def test_a_trunk_that_leaves_a_sticky_group_moves_its_own_callers_only() -> None:
    before = _world(_out(*_PLACES, strategy=Strategy.STICKY)).snapshot()
    after = _world(_out(*_PLACES[1:], strategy=Strategy.STICKY)).snapshot()
    for number in range(500):
        caller = f"+39040{number:07}"
        order = _order(before, f"call-{number}", caller)
        assert _order(after, "another call", caller) == order.replace("a", "")


@pytest.mark.parametrize("user", ["anonymous", "Anonymous", "unknown", "restricted"])
def test_a_caller_that_withholds_its_number_is_drawn_by_the_call(user: str) -> None:
    snapshot = _world(_out(*_PLACES, strategy=Strategy.STICKY)).snapshot()
    assert len({_order(snapshot, f"call-{number}", user) for number in range(50)}) > 1
    assert len({_order(snapshot, f"call-{number}", "alice") for number in range(50)}) == 1


def test_a_caller_sticks_to_the_endpoints_too() -> None:
    endpoints = tuple(Endpoint(n, f"198.51.100.{n}", 5060) for n in "123456")
    world = _world(_out("a", strategy=Strategy.STICKY))
    world.replace_trunk(carrier_trunk("a", "alpha", "198.51.100.1", endpoints=endpoints))
    snapshot = world.snapshot()
    orders = {
        tuple(leg.target.endpoint_id for leg in _legs(snapshot, f"call-{n}", caller))
        for n in range(20)
        for caller in ("+390401", "+390402")
    }
    assert len(orders) == 2


@pytest.mark.parametrize(
    ("strategy", "missing"),
    [(Strategy.LEAST_COST, "rates"), (Strategy.QUALITY, "statistics of calls")],
)
def test_a_strategy_that_is_not_there_yet_takes_no_calls_and_stops_no_others(
    strategy: Strategy, missing: str
) -> None:
    world = _world(_out(_member("cheap"), "f"), group("cheap", "acme", "a", strategy=strategy))
    assert world.trunk_ids(make_call()) == ["f"]
    reason = (
        f"dropped: is in a group ordered by {strategy}, which needs {missing} that are not there"
    )
    assert _drops(world) == {"a": f"{reason}, in the group cheap"}


def test_a_group_within_a_group_takes_its_place_and_orders_its_own() -> None:
    world = _world(
        _out("a", _member("in", 1), RoutingGroupTrunk("f", 2)),
        group("in", "acme", *_PLACES[1:], strategy=Strategy.ROUND),
    )
    snapshot = world.snapshot()
    orders = Counter(_order(snapshot, f"call-{number}") for number in range(1_000))
    assert set(orders) == {"abcf", "acbf"}
    assert orders["abcf"] / 1_000 == pytest.approx(0.5, abs=0.05)


def test_shares_of_groups_and_of_what_is_in_them_multiply() -> None:
    """Half of a quarter is an eighth: the draws of one level say nothing of the next one's."""
    world = _world(
        _out(_member("x", 0, 3), _member("y", 0, 1), strategy=Strategy.WEIGHTED),
        group("x", "acme", "a", "b", strategy=Strategy.ROUND),
        group("y", "acme", "c", "d", strategy=Strategy.ROUND),
    )
    snapshot = world.snapshot()
    firsts = Counter(_order(snapshot, f"call-{number}")[0] for number in range(10_000))
    assert {name: count / 10_000 for name, count in firsts.items()} == {
        name: pytest.approx(share, abs=0.015)
        for name, share in {"a": 3 / 8, "b": 3 / 8, "c": 1 / 8, "d": 1 / 8}.items()
    }


def test_a_groups_bound_holds_within_another_and_after_the_drops() -> None:
    world = _world(
        _out(_member("in"), RoutingGroupTrunk("f", 1)),
        group("in", "acme", "a", "b", "c", "d", max_candidates=2),
    )
    world.replace_trunk(carrier_trunk("a", "alpha", "198.51.100.97", enabled=False))
    assert world.trunk_ids(make_call()) == ["b", "c", "f"]
    assert _drops(world) == {
        "a": "dropped: is disabled, in the group in",
        "d 198.51.100.100": "dropped: is beyond the 2 that its group tries, in the group in",
    }


def test_the_outermost_groups_bound_is_of_the_legs() -> None:
    world = _world(_out("a", _member("in", 1), max_candidates=2), group("in", "acme", "b", "c"))
    assert world.trunk_ids(make_call()) == ["a", "b"]
    assert _drops(world) == {"c 198.51.100.99": "dropped: is beyond the 2 that its group tries"}


def test_a_trunk_that_is_reached_twice_is_tried_at_its_first_place() -> None:
    world = _world(
        _out("a", _member("in", 1), RoutingGroupTrunk("c", 2), RoutingGroupTrunk("d", 3)),
        group("in", "acme", "b", "a", "c"),
    )
    assert world.trunk_ids(make_call()) == ["a", "b", "c", "d"]
    assert _drops(world) == {"c": "dropped: is at an earlier place already"} | {
        "a": "dropped: is at an earlier place already, in the group in"
    }


def test_a_trunk_that_a_bound_or_a_switch_left_out_is_tried_at_its_next_place() -> None:
    off = RoutingGroupTrunk("d", 0, enabled=False)
    world = _world(
        _out(_member("in"), RoutingGroupTrunk("b", 1), RoutingGroupTrunk("d", 2)),
        group("in", "acme", off, "a", "b", max_candidates=1),
    )
    assert world.trunk_ids(make_call()) == ["a", "b", "d"]


def test_a_disabled_group_within_a_group_is_dropped_whole() -> None:
    world = _world(_out(_member("in", enabled=False), "f"), group("in", "acme", "a"))
    assert world.trunk_ids(make_call()) == ["f"]
    assert _drops(world) == {"in": "dropped: is disabled in its group"}


def test_a_group_in_which_nobody_takes_calls_has_no_turn() -> None:
    world = _world(_out(_member("in"), "e", "f", strategy=Strategy.ROUND), group("in", "acme", "a"))
    world.replace_trunk(carrier_trunk("a", "alpha", "198.51.100.97", enabled=False))
    snapshot = world.snapshot()
    firsts = Counter(_order(snapshot, f"call-{number}")[0] for number in range(4_000))
    assert firsts["e"] / 4_000 == pytest.approx(0.5, abs=0.03)
    assert _drops(world) == {"a": "dropped: is disabled, in the group in"}


def test_four_groups_deep_is_as_deep_as_it_goes() -> None:
    world = _world(
        _out(_member("2")),
        group("2", "acme", _member("3")),
        group("3", "acme", _member("4"), "b"),
        group("4", "acme", "a", RoutingGroupTrunk("", 1, 1, True, "5")),
        group("5", "acme", "c"),
    )
    assert world.trunk_ids(make_call()) == ["a", "b"]
    assert _drops(world) == {"5": "dropped: lies more than 4 groups deep, in the group 4"}


def test_a_circle_of_groups_ends() -> None:
    world = _world(
        _out("a", _member("2", 1)), group("2", "acme", _member("out"), RoutingGroupTrunk("b", 1))
    )
    assert world.trunk_ids(make_call()) == ["a", "b"]


def test_groups_that_multiply_are_bounded() -> None:
    """Each of 60 groups in each of 60: 3,600 trunks a call, but for the bound."""
    inner = [group(f"inner-{n}", "acme", *"abcdef") for n in range(60)]
    middle = [group(f"middle-{n}", "acme", *[_member(g.id) for g in inner]) for n in range(60)]
    world = _world(_out(*[_member(g.id) for g in middle]), *middle, *inner)
    choice = world.snapshot().tenants["acme"].choices["out"]
    assert choice.size <= MAX_TRUNKS
    assert sorted(world.trunk_ids(make_call())) == list("abcdef")
    assert "dropped: takes the group beyond 100 trunks" in _drops(world).values()


def test_another_tenants_group_within_a_group_is_dropped() -> None:
    world = _world(_out(_member("zen-out"), "f"))
    assert world.trunk_ids(make_call()) == ["f"]
    assert _drops(world) == {"zen-out": "dropped: is of another tenant"}


def test_the_mode_of_the_outermost_group_counts() -> None:
    world = _world(
        _out("a", _member("in", 1)), group("in", "acme", "b", "c", mode=GroupMode.PARALLEL)
    )
    assert world.routes(make_call()).mode is GroupMode.SERIAL
    world.groups[0] = structs.replace(world.groups[0], mode=GroupMode.PARALLEL)
    assert world.routes(make_call()).mode is GroupMode.PARALLEL


def _objects(world: World) -> Objects:
    return index_objects(
        Configuration(
            1, tuple(world.tenants), tuple(world.carriers), tuple(world.trunks),
            routing_groups=tuple(world.groups),
        )
    )  # fmt: skip


def test_groups_in_an_order_are_tried_one_after_the_other() -> None:
    world = _world(group("x", "acme", "a"), group("y", "acme", "b"))
    choice = Choices(_objects(world)).in_order("plan", "acme", ("y", "x", "zen-out"))
    assert [(place.name, place.fault) for place in choice.places] == [
        ("y", ""),
        ("x", ""),
        ("zen-out", "is of another tenant"),
    ]
    assert (choice.tied, choice.max_candidates, choice.mode) == (False, 11, GroupMode.SERIAL)


def test_a_group_of_the_deepest_is_one_of_a_plan() -> None:
    world = _world(
        group("1", "acme", _member("2")),
        group("2", "acme", _member("3")),
        group("3", "acme", _member("4")),
        group("4", "acme", "a"),
    )
    (place,) = Choices(_objects(world)).in_order("plan", "acme", ("1",)).places
    assert place.live
