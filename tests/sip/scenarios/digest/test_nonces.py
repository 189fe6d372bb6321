"""A nonce is good for the call that was challenged, once, at any node with the same secret."""

from collections.abc import Callable

import pytest

from tests.sip.harness.digest import answer_params
from tests.sip.harness.stack import Stack
from tests.sip.scenarios.digest.caller import (
    CALL_WENT,
    CALLED,
    PASSWORD,
    USER,
    DigestCaller,
    challenge_in,
    challenges_in,
    is_stale,
    proof,
)
from tests.sip.scenarios.digest.conftest import StartNode

_URI = f"sip:{CALLED}@127.0.0.1"
_SHARED = '#!define NONCE_SECRET "of both nodes"'


@pytest.fixture
def refusing(stack: Stack) -> Callable[[], None]:
    """Has Alpha refuse one call."""
    return lambda: stack.alpha.answer("callee_refuses", status="486")


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_the_challenge_of_a_node_is_answered_at_another(
    caller: DigestCaller, start_node: StartNode, refusing: Callable[[], None], algorithm: str
) -> None:
    one, other = start_node(_SHARED), start_node(_SHARED)
    refusing()
    asked = caller.towards(one.socket).ask(algorithm)
    assert caller.towards(other.socket).sign_in(asked).startswith(CALL_WENT)
    # The node that let it in lets it in no more.
    assert is_stale(caller.sign_in(asked))


def test_of_a_node_with_another_secret_it_is_stale(
    stack: Stack, caller: DigestCaller, start_node: StartNode, refusing: Callable[[], None]
) -> None:
    other = start_node('#!define NONCE_SECRET "of this one alone"')
    refusing()
    asked = caller.ask()
    answer = caller.towards(other.socket).sign_in(asked)
    assert is_stale(answer)
    # By which the caller gets in without being asked for its password again.
    assert caller.sign_in(challenge_in(answer)).startswith(CALL_WENT)


def test_the_same_proof_is_good_once(
    stack: Stack, caller: DigestCaller, refusing: Callable[[], None]
) -> None:
    asked = caller.ask()
    for count, is_good in ((1, True), (1, False), (2, True), (1, False), (2, False)):
        refusing()
        answer = caller.sign_in(asked, count=count)
        if is_good:
            assert answer.startswith(CALL_WENT)
        else:
            assert is_stale(answer)
            assert stack.alpha.messages() == []


def test_of_two_algorithms_too(caller: DigestCaller, refusing: Callable[[], None]) -> None:
    refusing()
    better, plain = challenges_in(caller.invite())
    assert caller.sign_in(plain).startswith(CALL_WENT)
    assert is_stale(caller.sign_in(better))


def test_a_wrong_password_uses_nothing_up(
    caller: DigestCaller, refusing: Callable[[], None]
) -> None:
    refusing()
    asked = caller.ask()
    assert not is_stale(caller.sign_in(asked, password="wrong"))
    assert caller.sign_in(asked).startswith(CALL_WENT)


def test_another_address_or_call_gets_a_nonce_of_its_own(
    stack: Stack, caller: DigestCaller, new_host: Callable[[], str], refusing: Callable[[], None]
) -> None:
    asked = caller.ask()
    with DigestCaller(new_host(), stack.kamailio.socket) as other:
        other.call_id = caller.call_id
        assert is_stale(other.sign_in(asked))
    first, caller.call_id = caller.call_id, f"other-{caller.call_id}"
    assert is_stale(caller.sign_in(asked))
    caller.call_id = first
    refusing()
    assert caller.sign_in(asked).startswith(CALL_WENT)


@pytest.mark.parametrize("place", [0, 12, 18, -1])
def test_a_nonce_that_was_changed_is_stale(caller: DigestCaller, place: int) -> None:
    asked = caller.ask()
    letters = list(asked["nonce"])
    letters[place] = "1" if letters[place] == "2" else "2"
    assert is_stale(caller.sign_in({**asked, "nonce": "".join(letters)}))


def test_a_nonce_may_be_good_for_many_calls(
    caller: DigestCaller, start_node: StartNode, refusing: Callable[[], None]
) -> None:
    caller.towards(start_node("#!define NONCE_FOR_MANY_CALLS").socket)
    asked = caller.ask()
    for count in (1, 2, 7):
        caller.call_id = f"{count}-{caller.call_id}"
        refusing()
        assert caller.sign_in(asked, count=count).startswith(CALL_WENT)
        assert is_stale(caller.sign_in(asked, count=count))


def test_a_nonce_expires(caller: DigestCaller, start_node: StartNode) -> None:
    """One of minus one second has expired from the beginning."""
    caller.towards(start_node("#!define NONCE_EXPIRE_S -1").socket)
    assert is_stale(caller.sign_in(caller.ask()))


@pytest.mark.parametrize("user", [USER, "nobody@acme.example"])
def test_a_stale_nonce_tells_nobody_which_users_there_are(caller: DigestCaller, user: str) -> None:
    """Of a user that is known and of one that is not, the same: without the password, too."""
    asked = caller.ask()
    stale = {**asked, "nonce": asked["nonce"][:-1] + ("0" if asked["nonce"][-1] != "0" else "1")}
    given = ((asked, False), (asked, False), (stale, True), ({**asked, "nonce": "x"}, False))
    for challenge, is_told in given:
        assert is_stale(caller.sign_in(challenge, user=user, password="wrong")) is is_told


def test_md5_alone_may_be_offered(
    caller: DigestCaller, start_node: StartNode, refusing: Callable[[], None]
) -> None:
    caller.towards(start_node("#!define OFFER_MD5_ALONE").socket)
    (asked,) = challenges_in(caller.invite())
    assert asked["algorithm"] == "MD5"
    refusing()
    given = proof(answer_params({**asked, "algorithm": "SHA-256"}, USER, PASSWORD, _URI))
    assert caller.invite(given).startswith(CALL_WENT)
