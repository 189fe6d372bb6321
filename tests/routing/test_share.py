from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from pointsman.routing.share import has_ties, order_by_share


class Entry(Struct, frozen=True):
    """Anything that takes part."""

    id: str
    priority: int
    weight: int


def _order(places: list[Entry], sip_call_id: str) -> list[str]:
    return [place.id for place in order_by_share(places, sip_call_id)]


def test_lower_priority_comes_first_whatever_its_weight() -> None:
    places = [Entry("b", 2, 60_000), Entry("a", 1, 1)]
    assert all(_order(places, f"call-{number}") == ["a", "b"] for number in range(100))


def test_the_same_call_always_has_the_same_order() -> None:
    places = [Entry(name, 0, 1) for name in "abcdef"]
    orders = {tuple(_order(places, "call-1")) for _ in range(20)}
    orders |= {tuple(_order(list(reversed(places)), "call-1"))}
    assert len(orders) == 1


@pytest.mark.parametrize("weights", [(1, 1), (70, 30), (5, 3, 2), (98, 1, 1)])
def test_first_places_converge_on_the_weights(weights: tuple[int, ...]) -> None:
    places = [Entry(str(place), 0, weight) for place, weight in enumerate(weights)]
    calls = 40_000
    firsts = Counter(_order(places, f"call-{number}")[0] for number in range(calls))
    for place, weight in enumerate(weights):
        share = weight / sum(weights)
        assert firsts[str(place)] / calls == pytest.approx(share, abs=0.01)


def test_second_places_are_shared_by_the_weights_that_are_left() -> None:
    places = [Entry(name, 0, weight) for name, weight in zip("abc", (5, 3, 2), strict=True)]
    calls = 40_000
    orders = (_order(places, f"call-{number}") for number in range(calls))
    seconds = Counter(order[1] for order in orders if order[0] == "a")
    assert seconds["b"] / sum(seconds.values()) == pytest.approx(0.6, abs=0.02)


@given(
    st.lists(
        st.builds(Entry, st.uuids().map(str), st.integers(0, 3), st.integers(1, 99)),
        max_size=8,
    ),
    st.text(max_size=20),
)
def test_every_entry_comes_once_and_by_priority(places: list[Entry], sip_call_id: str) -> None:
    ordered = order_by_share(places, sip_call_id)
    assert sorted(p.id for p in ordered) == sorted(p.id for p in places)
    assert [p.priority for p in ordered] == sorted(p.priority for p in places)


def test_weights_decide_only_between_equal_priorities() -> None:
    assert not has_ties([])
    assert not has_ties([Entry("a", 0, 1), Entry("b", 1, 1)])
    assert has_ties([Entry("a", 0, 1), Entry("b", 1, 1), Entry("c", 1, 5)])
