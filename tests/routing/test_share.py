from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.share import order_by_share


def _order(places: list[RoutingGroupTrunk], sip_call_id: str) -> list[str]:
    return [place.trunk_id for place in order_by_share(places, sip_call_id, lambda p: p.trunk_id)]


def test_lower_priority_comes_first_whatever_its_weight() -> None:
    places = [RoutingGroupTrunk("b", 2, 60_000), RoutingGroupTrunk("a", 1, 1)]
    assert all(_order(places, f"call-{number}") == ["a", "b"] for number in range(100))


def test_the_same_call_always_has_the_same_order() -> None:
    places = [RoutingGroupTrunk(name, 0, 1) for name in "abcdef"]
    orders = {tuple(_order(places, "call-1")) for _ in range(20)}
    orders |= {tuple(_order(list(reversed(places)), "call-1"))}
    assert len(orders) == 1


@pytest.mark.parametrize("weights", [(1, 1), (70, 30), (5, 3, 2), (98, 1, 1)])
def test_first_places_converge_on_the_weights(weights: tuple[int, ...]) -> None:
    places = [RoutingGroupTrunk(str(place), 0, weight) for place, weight in enumerate(weights)]
    calls = 40_000
    firsts = Counter(_order(places, f"call-{number}")[0] for number in range(calls))
    for place, weight in enumerate(weights):
        share = weight / sum(weights)
        assert firsts[str(place)] / calls == pytest.approx(share, abs=0.01)


def test_second_places_are_shared_by_the_weights_that_are_left() -> None:
    places = [
        RoutingGroupTrunk(name, 0, weight) for name, weight in zip("abc", (5, 3, 2), strict=True)
    ]
    calls = 40_000
    orders = (_order(places, f"call-{number}") for number in range(calls))
    seconds = Counter(order[1] for order in orders if order[0] == "a")
    assert seconds["b"] / sum(seconds.values()) == pytest.approx(0.6, abs=0.02)


@given(
    st.lists(
        st.builds(RoutingGroupTrunk, st.uuids().map(str), st.integers(0, 3), st.integers(1, 99)),
        max_size=8,
    ),
    st.text(max_size=20),
)
def test_every_entry_comes_once_and_by_priority(
    places: list[RoutingGroupTrunk], sip_call_id: str
) -> None:
    ordered = order_by_share(places, sip_call_id, lambda p: p.trunk_id)
    assert sorted(p.trunk_id for p in ordered) == sorted(p.trunk_id for p in places)
    assert [p.priority for p in ordered] == sorted(p.priority for p in places)
