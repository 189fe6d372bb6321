"""A router that does not answer is left alone, and asked again once it does."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.sip.harness.small_router import SmallRouter, response, says
from tests.sip.scenarios.routers.answers import BROKEN, hangs
from tests.sip.scenarios.routers.conftest import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    SENT_AWAY,
    Node,
    Start,
)


@pytest.fixture
def two(start_node: Start) -> Node:
    """A node with two routers, which probes them."""
    return start_node(SmallRouter(says(response(BY_FIRST))), SmallRouter(says(response(BY_SECOND))))


def _break(router: SmallRouter) -> None:
    router.answer = hangs
    router.answers_probes = False


def _mend(router: SmallRouter, body: bytes) -> None:
    router.answer = says(response(body))
    router.answers_probes = True


def test_a_router_that_hangs_is_found_without_a_call_and_asked_no_more(two: Node) -> None:
    assert two.call() == FIRST_SAYS
    two.first.forget()
    _break(two.first)
    two.wait_until_open(0)
    for _ in range(10):
        assert two.call() == SECOND_SAYS
    assert two.first.questions == []
    _mend(two.first, BY_FIRST)
    two.wait_until_closed(0)
    assert two.call() == FIRST_SAYS
    assert "is left alone: it does not answer a probe" in two.log()
    assert f"the router {two.first.url} is asked again" in two.log()


def test_a_router_that_refuses_connections_is_found_without_a_call(two: Node) -> None:
    two.first.close()
    two.wait_until_open(0)
    assert two.call() == SECOND_SAYS
    two.first.listen()
    two.wait_until_closed(0)
    assert two.call() == FIRST_SAYS


def test_a_router_that_answers_probes_only_is_left_alone_by_calls(two: Node) -> None:
    two.first.answer = BROKEN
    calls = 0
    while not two.is_open(0):
        assert two.call() == SECOND_SAYS
        calls += 1
    # A probe that was under way counts as one.
    assert 2 <= len(two.first.questions) == calls <= 4
    _mend(two.first, BY_FIRST)
    two.wait_until_closed(0)
    assert two.call() == FIRST_SAYS


def test_while_no_router_answers_few_calls_wait_for_one(start_node: Start) -> None:
    node = start_node(
        SmallRouter(says(response(BY_FIRST))),
        SmallRouter(says(response(BY_SECOND))),
        ROUTER_TRIALS_PER_S=0,
    )
    for router in node.routers:
        _break(router)
    for place in range(2):
        node.wait_until_open(place)
    for _ in range(10):
        assert node.call() == SENT_AWAY
    assert [router.questions for router in node.routers] == [[], []]
    # Who calls for help is not told so unasked.
    node.second.answer = says(response(BY_SECOND))
    assert node.call("112") == SECOND_SAYS
    # By that answer the second one is known to be back.
    assert node.call() == SECOND_SAYS


def test_a_router_that_is_back_is_found_by_a_call_that_tries(start_node: Start) -> None:
    node = start_node(SmallRouter(says(response(BY_FIRST))))
    _break(node.first)
    node.wait_until_open(0)
    node.first.answer = says(response(BY_FIRST))
    assert node.call() == FIRST_SAYS
    assert not node.is_open(0)


@contextmanager
def _stopped(processes: list[int]) -> Iterator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def test_an_answer_that_comes_after_the_final_response_changes_nothing(two: Node) -> None:
    """The processes that ask stand still: the call's own timer ends it."""
    with two.party() as party:
        with _stopped(two.processes("Http Async Worker", 2)):
            party.send(party.request("INVITE", "1000"))
            assert party.final() == SENT_AWAY
        two.first.wait_for(lambda: len(two.first.questions) == 1)
        assert party.is_left_alone(0.3)
    assert two.call() == FIRST_SAYS
