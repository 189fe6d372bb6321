"""Who guesses passwords is slowed down, nobody's calls are taken away, and nothing is told."""

import time
from collections.abc import Callable

import pytest

from tests.sip.harness.kamailio import Kamailio
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.digest.caller import (
    CALL_WENT,
    USER,
    DigestCaller,
    challenges_in,
    is_stale,
    without_chance,
)
from tests.sip.scenarios.digest.conftest import StartNode

_LIMITS = ("#!define MAX_FAILURES_OF_SOURCE 3", "#!define MAX_FAILURES_OF_USER 5")
_NOBODY = "nobody@acme.example"


@pytest.fixture
def node(start_node: StartNode) -> Kamailio:
    return start_node(*_LIMITS)


@pytest.fixture
def from_anywhere(
    node: Kamailio, remote: str, new_host: Callable[[], str]
) -> Callable[[], DigestCaller]:
    """Makes a caller at an address of its own."""
    return lambda: DigestCaller(new_host(), node.socket)


def _questions(node: Kamailio) -> int:
    """How many calls the router has decided for the node."""
    return node.log.read_text(errors="replace").count(" decision=")


def _guess(caller: DigestCaller, times: int, user: str = USER) -> list[bytes]:
    return [caller.sign_in(caller.ask(), user=user, password="wrong") for _ in range(times)]


def test_after_some_guesses_a_right_password_is_wrong_as_well(
    stack: Stack, node: Kamailio, from_anywhere: Callable[[], DigestCaller]
) -> None:
    """At once, without a question to the router."""
    stack.alpha.answer("callee")
    with from_anywhere() as guesser:
        _guess(guesser, 3)
        asked = guesser.ask()
        decided = _questions(node)
        answer = guesser.sign_in(asked)
        assert not is_stale(answer)
        assert _questions(node) == decided
        assert stack.alpha.messages() == []
        # From elsewhere it is right.
        stack.alpha.answer("callee_refuses", status="486")
        with from_anywhere() as owner:
            assert owner.sign_in(owner.ask()).startswith(CALL_WENT)


def test_known_unknown_and_blocked_look_alike(
    stack: Stack, from_anywhere: Callable[[], DigestCaller]
) -> None:
    said = set()
    for user in (USER, _NOBODY):
        with from_anywhere() as guesser:
            guesser.call_id = "x" * len(guesser.call_id)
            answers = _guess(guesser, 5, user)
        assert [len(challenges_in(answer)) for answer in answers] == [2] * 5
        said |= {without_chance(answer).replace(guesser.party.host, "#") for answer in answers}
    assert len(said) == 1


def test_guesses_of_a_user_that_is_not_there_count_as_well(
    node: Kamailio, from_anywhere: Callable[[], DigestCaller]
) -> None:
    with from_anywhere() as guesser:
        _guess(guesser, 3, _NOBODY)
        asked = guesser.ask()
        decided = _questions(node)
        _ = guesser.sign_in(asked, user=_NOBODY, password="wrong")
        assert _questions(node) == decided


def test_a_user_that_many_guess_is_not_locked_out(
    stack: Stack, node: Kamailio, from_anywhere: Callable[[], DigestCaller]
) -> None:
    """Each address has one try then, and who knows the password needs no more."""
    for _ in range(5):
        with from_anywhere() as guesser:
            _guess(guesser, 1)
    with from_anywhere() as guesser:
        _guess(guesser, 1)
        asked = guesser.ask()
        decided = _questions(node)
        assert not is_stale(guesser.sign_in(asked))
        assert _questions(node) == decided
    stack.alpha.answer("callee_refuses", status="486")
    with from_anywhere() as owner:
        assert owner.sign_in(owner.ask()).startswith(CALL_WENT)


def test_who_has_signed_in_is_not_blocked_with_its_neighbours(
    stack: Stack, from_anywhere: Callable[[], DigestCaller]
) -> None:
    """Many may have one address; who guesses the same user there has the trust taken away."""
    with from_anywhere() as shared:
        stack.alpha.answer("callee_refuses", status="486")
        assert shared.sign_in(shared.ask()).startswith(CALL_WENT)
        _guess(shared, 4, _NOBODY)
        stack.alpha.answer("callee_refuses", status="486")
        assert shared.sign_in(shared.ask()).startswith(CALL_WENT)
        _guess(shared, 1)
        stack.alpha.answer("callee")
        assert not is_stale(shared.sign_in(shared.ask()))
        assert stack.alpha.messages() == []


def test_addresses_may_be_left_out(
    stack: Stack, remote: str, start_node: StartNode, new_host: Callable[[], str]
) -> None:
    host = new_host()
    node = start_node(*_LIMITS, f'#!define UNBLOCKED_SOURCES "192.0.2.0/24,{host}/32"')
    with DigestCaller(host, node.socket) as caller:
        _guess(caller, 4, _NOBODY)
        stack.alpha.answer("callee_refuses", status="486")
        assert caller.sign_in(caller.ask()).startswith(CALL_WENT)


def test_a_block_ends(
    stack: Stack, remote: str, start_node: StartNode, new_host: Callable[[], str]
) -> None:
    """Nobody who has failed now has failed a second later, where that is how long it counts."""
    # Who asks again and again is no flood here.
    node = start_node(*_LIMITS, "#!define BLOCK_S 1", "#!define FLOOD_REQUESTS 100000")
    with DigestCaller(new_host(), node.socket) as caller:
        _guess(caller, 3)
        stack.alpha.answer("callee_refuses", status="486")
        deadline = time.monotonic() + 20
        while not caller.sign_in(caller.ask()).startswith(CALL_WENT):
            assert time.monotonic() < deadline, "the block does not end"
            # Each try is a transaction for 5 s: without a pause they fill the node's memory.
            time.sleep(0.1)
