"""How many routers are asked for a call, how often, and what the caller hears."""

import pytest

from tests.sip.harness.raw import header_of
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

_OVERLOADED = says(response(b'{"error":{"code":"OVERLOADED"}}', "503 Service Unavailable"))
_NO_PROBES = '"name=probe;interval=3600;mode=1;"'


def test_a_router_that_answers_is_the_only_one_that_is_asked(node: Node) -> None:
    assert node.call() == FIRST_SAYS
    assert (len(node.first.questions), len(node.second.questions)) == (1, 0)


def test_a_router_that_refuses_the_connection_is_followed_by_the_next(node: Node) -> None:
    node.first.close()
    assert node.call() == SECOND_SAYS
    assert "Couldn't connect to server" in node.log()
    node.first.listen()
    assert node.call() == FIRST_SAYS


@pytest.mark.parametrize("status", ["400 Bad Request", "413 Content Too Large"])
def test_a_question_that_is_refused_is_answered(node: Node, status: str) -> None:
    node.first.answer = says(response(b"{}", status))
    assert node.call() == "SIP/2.0 400 Bad Request"
    assert (len(node.first.questions), len(node.second.questions)) == (1, 0)


def test_no_router_that_answers_is_a_503(node: Node) -> None:
    for router in node.routers:
        router.answer = BROKEN
    with node.party() as party:
        party.send(party.request("INVITE", "1000"))
        final = party.final_message()
        assert party.is_left_alone(0.05)
    assert final.startswith(SENT_AWAY.encode())
    assert header_of(final, "Retry-After") == "2"
    assert [len(router.questions) for router in node.routers] == [1, 1]


def test_a_retransmission_asks_nobody(node: Node) -> None:
    node.first.answer = BROKEN
    node.second.answer = hangs
    with node.party() as party:
        party.send(party.request("INVITE", "1000"))
        for _ in range(7):
            party.send_again()
        assert party.final() == SENT_AWAY
    assert [len(router.questions) for router in node.routers] == [1, 1]


def test_what_was_answered_badly_leaves_nothing_for_the_answer_that_counts(node: Node) -> None:
    misleading = BY_FIRST.replace(b'"success":false', b'"success":true')
    node.first.answer = says(response(misleading))
    assert node.call() == SECOND_SAYS


def test_a_call_asks_as_many_routers_as_it_may(start_node: Start) -> None:
    routers = [SmallRouter(BROKEN) for _ in range(4)]
    last = SmallRouter(says(response(BY_SECOND)))
    node = start_node(*routers, last, ROUTER_PROBES=_NO_PROBES)
    assert node.call() == SENT_AWAY
    assert [len(router.questions) for router in node.routers] == [1, 1, 1, 1, 0]
    routers[3].answer = says(response(BY_FIRST))
    assert node.call() == FIRST_SAYS


def test_routers_that_hang_take_no_longer_than_a_call_has(start_node: Start) -> None:
    routers = [SmallRouter(hangs) for _ in range(4)]
    node = start_node(*routers, ROUTER_BUDGET_MS=700, ROUTER_PROBES=_NO_PROBES)
    assert node.call() == SENT_AWAY
    # 500 ms for the first, what was left for the second, nothing for any other.
    assert [len(router.questions) for router in node.routers] == [1, 1, 0, 0]


def test_a_router_that_has_too_many_questions_sends_few_of_them_to_the_next(
    start_node: Start,
) -> None:
    node = start_node(
        SmallRouter(_OVERLOADED), SmallRouter(says(response(BY_SECOND))), ROUTER_PROBES=_NO_PROBES
    )
    heard = [node.call() for _ in range(16)]
    # Ten that were saved up, and one for the ten answers that these made.
    assert heard == [SECOND_SAYS] * 11 + [SENT_AWAY] * 5
    # It is well, and asked on.
    assert len(node.first.questions) == 16
    node.first.answer = says(response(BY_FIRST))
    assert node.call() == FIRST_SAYS


def test_connections_to_a_router_are_used_again(node: Node) -> None:
    node.first.answer = BROKEN
    for _ in range(20):
        assert node.call() == SECOND_SAYS
    for router in node.routers:
        assert len(router.questions) == 20
        # One for each process that asks.
        assert router.connections <= 2


def test_no_place_is_lost_when_several_routers_are_asked(node: Node) -> None:
    node.first.answer = BROKEN
    for answer in (says(response(BY_SECOND)), BROKEN, _OVERLOADED):
        node.second.answer = answer
        for _ in range(5):
            node.call()
    assert node.in_flight() == 0
