"""A caller who gives up while routers are asked gets one final response, and costs nothing."""

import socket
import threading
import time

import pytest

from tests.sip.harness.small_router import SmallRouter, response, says
from tests.sip.scenarios.routers.answers import BROKEN
from tests.sip.scenarios.routers.conftest import (
    BY_FIRST,
    BY_SECOND,
    FIRST_SAYS,
    SECOND_SAYS,
    Node,
)

_CANCELLED = "SIP/2.0 487 Request canceled"


class _Held:
    """An answer that is sent when it is let go."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._let_go = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        assert self._let_go.wait(20)
        connection.sendall(self._text)

    def let_go(self) -> None:
        self._let_go.set()


def _cancel_while(node: Node, router: SmallRouter, held: _Held) -> None:
    """A call is cancelled while this router has its question, which it answers afterwards."""
    with node.party() as party:
        party.send(party.request("INVITE", "1000"))
        router.wait_for(lambda: len(router.questions) == 1)
        party.cancel()
        assert party.final() == _CANCELLED
        held.let_go()
        assert party.more_finals(0.3) == []


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_call_that_is_cancelled_asks_no_other_router(node: Node, status: str) -> None:
    held = _Held(response(BY_FIRST, status))
    node.first.answer = held
    _cancel_while(node, node.first, held)
    node.first.answer = says(response(BY_FIRST))
    assert node.call() == FIRST_SAYS
    assert node.second.questions == []


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_call_can_be_cancelled_while_the_next_router_is_asked(node: Node, status: str) -> None:
    node.first.answer = BROKEN
    held = _Held(response(BY_SECOND, status))
    node.second.answer = held
    _cancel_while(node, node.second, held)
    node.second.answer = says(response(BY_SECOND))
    assert node.call() == SECOND_SAYS


def test_a_cancel_at_any_moment_leaves_one_final_response(node: Node) -> None:
    """While the first router is asked, and ever later: between the two, and after them."""
    node.first.answer = BROKEN
    heard = set()
    for moment in range(60):
        with node.party() as party:
            party.send(party.request("INVITE", "1000"))
            assert party.provisional() == "SIP/2.0 100 Trying"
            time.sleep(moment / 20_000)
            party.cancel()
            heard.add(party.final())
            assert party.more_finals(0.05) == []
    assert heard <= {_CANCELLED, SECOND_SAYS}
    assert SECOND_SAYS in heard
