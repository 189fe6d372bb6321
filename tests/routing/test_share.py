from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from pointsman.routing.share import has_ties, is_in_share, order_by_share, order_by_turn


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


@pytest.mark.parametrize(
    "weights", [(1, 1), (70, 20, 10), (1, 1, 1), (65_535, 1), (98, 1, 1), (5, 3, 2)]
)
def test_first_places_converge_on_the_weights(weights: tuple[int, ...]) -> None:
    """Over 100,000 calls, whose Call-IDs differ in a last digit only, within 1 % of all calls."""
    places = [Entry(str(place), 0, weight) for place, weight in enumerate(weights)]
    calls = 100_000 if len(weights) == 3 else 20_000
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


def test_where_an_entry_is_gone_the_others_keep_their_order() -> None:
    places = [Entry(name, 0, weight) for name, weight in zip("abcd", (4, 3, 2, 1), strict=True)]
    for number in range(200):
        order = _order(places, f"call-{number}")
        for gone in "abcd":
            left = [place for place in places if place.id != gone]
            assert _order(left, f"call-{number}") == [name for name in order if name != gone]


def test_turns_go_round_the_ring_and_each_is_first_equally_often() -> None:
    orders = Counter("".join(order_by_turn("abcd", f"call-{n}", "ring")) for n in range(40_000))
    assert set(orders) == {"abcd", "bcda", "cdab", "dabc"}
    assert all(count / 40_000 == pytest.approx(0.25, abs=0.01) for count in orders.values())
    assert order_by_turn("", "call-1", "ring") == []


def test_turns_of_different_rings_have_nothing_to_do_with_each_other() -> None:
    pairs = Counter(
        (order_by_turn("ab", f"c{n}", "outer")[0], order_by_turn("ab", f"c{n}", "inner")[0])
        for n in range(20_000)
    )
    assert all(count / 20_000 == pytest.approx(0.25, abs=0.02) for count in pairs.values())
    assert len(pairs) == 4


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.99, 1.0])
def test_of_many_calls_the_share_is_in_the_share(share: float) -> None:
    skipped = sum(is_in_share(share, f"call-{number}", "e") for number in range(20_000))
    assert skipped / 20_000 == pytest.approx(share, abs=0.01 if share not in (0.0, 1.0) else 0)


@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_call_of_a_smaller_share_is_of_every_larger_one(
    key: str, one: float, other: float
) -> None:
    assert is_in_share(min(one, other), key, "e") <= is_in_share(max(one, other), key, "e")


def test_who_skips_an_entry_is_not_who_would_have_it_first() -> None:
    """Else an entry that half of the calls skip would lose none of those that have it first."""
    places = [Entry("a", 0, 1), Entry("b", 0, 1)]
    calls = [f"call-{number}" for number in range(20_000)]
    both = sum(_order(places, c)[0] == "a" and is_in_share(0.5, c, "a") for c in calls)
    assert both / 20_000 == pytest.approx(0.25, abs=0.02)
