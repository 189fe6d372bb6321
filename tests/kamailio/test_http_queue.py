"""Who is answered, in which turn, and who is refused."""

from collections.abc import Callable

import pytest

from pointsman.kamailio.http_queue import HttpQueue

_NO = b"no"


class _Clock:
    """Time that passes as it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class _Connection:
    """Asks questions that take as many seconds each as they say."""

    def __init__(self, clock: _Clock, *answers_s: float) -> None:
        self.written: list[bytes] = []
        self.asked = list(answers_s)
        self.refusal_s = 0.0
        self._clock = clock

    @property
    def waiting(self) -> int:
        """How many are left."""
        return len(self.asked)

    def answer(self) -> bytes:
        """Take the time."""
        self._clock.now += self.asked.pop(0)
        return b"yes"

    def refuse(self) -> None:
        """Take the time."""
        self._clock.now += self.refusal_s
        self.asked.pop(0)

    def write(self, answer: bytes) -> None:
        """Keep it."""
        self.written.append(answer)


class _World:
    """A queue, and the loop that it asks for its next turn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = _Clock()
        monkeypatch.setattr("pointsman.kamailio.http_queue.perf_counter", self.clock)
        self.told: list[tuple[int, int, int]] = []
        self.queue = HttpQueue(_NO, lambda *told: self.told.append(told))
        self.soon: list[Callable[[], object]] = []

    def call_soon(self, callback: Callable[[], object]) -> None:
        """In the next turn."""
        self.soon.append(callback)

    def turn(self) -> None:
        """One turn of the loop, in which the queue has one turn at most."""
        soon, self.soon = self.soon, []
        assert len(soon) <= 1
        for callback in soon:
            callback()

    def turns(self) -> None:
        """As many as it asks for."""
        while self.soon:
            self.turn()

    def ask(self, count: int, answer_s: float = 0.001) -> list[_Connection]:
        """Connections that ask a question each."""
        connections = [_Connection(self.clock, answer_s) for _ in range(count)]
        for connection in connections:
            self.queue.add(connection, self)
        return connections

    def learn(self, answer_s: float) -> None:
        """What an answer takes."""
        for _ in range(60):
            self.ask(16, answer_s)
            self.turns()
        self.told.clear()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> _World:
    return _World(monkeypatch)


def _outcomes(connections: list[_Connection]) -> list[list[bytes]]:
    return [connection.written for connection in connections]


def test_some_are_answered_in_a_turn_those_first_that_came_first(world: _World) -> None:
    connections = world.ask(70)
    for answered in (32, 64, 70):
        world.turn()
        assert _outcomes(connections) == [[b"yes"]] * answered + [[]] * (70 - answered)
    assert world.soon == []
    assert [waited for waited, _, _ in world.told] == [70, 38, 6]


def test_as_many_may_wait_as_are_answered_in_time(world: _World) -> None:
    """180 ms, by what answers have taken lately."""
    world.learn(0.001)
    assert 179 <= world.queue.limit <= 181
    world.learn(0.000_05)
    assert 3_540 <= world.queue.limit <= 3_601


def test_what_an_answer_takes_is_known_of_busy_turns_from_end_to_end(world: _World) -> None:
    """What else is done between two of them is waited for too."""
    world.learn(0.001)
    for _ in range(60):
        world.ask(32)
        world.turn()
        world.clock.now += 0.032
        world.ask(32)
    assert 88 <= world.queue.limit <= 92


def test_what_refusals_take_makes_room_for_no_fewer(world: _World) -> None:
    world.learn(0.001)
    limit = world.queue.limit
    for connection in world.ask(1_000):
        connection.refusal_s = 0.01
    world.turns()
    assert sum(refused for _, refused, _ in world.told) > 500
    assert limit - 1 <= world.queue.limit <= limit + 1


def test_a_machine_that_stood_still_changes_little(world: _World) -> None:
    world.learn(0.000_05)
    world.ask(30, 10.0)
    world.turns()
    assert world.queue.limit >= 1_500
    for _ in range(60):
        world.ask(30, 10.0)
        world.turns()
    assert world.queue.limit == 16


def test_who_is_one_too_many_waits_for_room(world: _World) -> None:
    world.learn(0.001)
    connections = world.ask(world.queue.limit + 30)
    world.turns()
    assert _outcomes(connections) == [[b"yes"]] * len(connections)
    assert sum(refused for _, refused, _ in world.told) == 0


def test_who_there_is_no_room_for_in_time_is_refused(world: _World) -> None:
    world.learn(0.001)
    limit = world.queue.limit
    connections = world.ask(limit + 200)
    world.turns()
    answered = [written == [b"yes"] for written in _outcomes(connections)]
    refused = [written == [_NO] for written in _outcomes(connections)]
    assert [yes != no for yes, no in zip(answered, refused, strict=True)] == [True] * (limit + 200)
    # In one turn, which took longer than they are held, there was room for so many.
    assert sum(answered) == limit + 32
    # Who came later is not answered before who came earlier.
    assert answered == sorted(answered, reverse=True)
    assert sum(count for _, count, _ in world.told) == sum(refused)


def test_fewer_are_refused_in_a_turn_than_are_answered(world: _World) -> None:
    world.learn(0.001)
    world.ask(2_000)
    world.turns()
    assert max(refused for _, refused, _ in world.told) == 20
    assert sum(refused for _, refused, _ in world.told) > 500


def test_who_comes_while_some_are_held_waits_behind_them(world: _World) -> None:
    world.learn(0.001)
    limit = world.queue.limit
    first = world.ask(limit + 10)
    world.turn()
    later = world.ask(10)
    while any(not connection.written for connection in first):
        assert not any(connection.written for connection in later)
        world.turn()
    world.turns()
    assert _outcomes(later) == [[b"yes"]] * 10


def test_who_is_gone_is_neither_answered_nor_refused(world: _World) -> None:
    world.learn(0.001)
    limit = world.queue.limit
    connections = world.ask(limit + 400)
    for gone in (0, 5, limit + 399):
        connections[gone].asked.clear()
    world.turns()
    written = _outcomes(connections)
    assert [written[gone] for gone in (0, 5, limit + 399)] == [[]] * 3
    assert sum(not each for each in written) == 3
    refused = sum(each == [_NO] for each in written)
    assert sum(count for _, count, _ in world.told) == refused


def test_who_asks_more_at_once_takes_one_place(world: _World) -> None:
    """Its questions are answered in their order, each behind those of others that wait."""
    greedy = _Connection(world.clock, *[0.001] * 3)
    world.queue.add(greedy, world)
    others = world.ask(40)
    world.turn()
    assert greedy.written == [b"yes"]
    world.turn()
    assert _outcomes(others) == [[b"yes"]] * 40
    assert greedy.written == [b"yes"] * 2
    world.turns()
    assert greedy.written == [b"yes"] * 3


def test_who_was_refused_asks_on(world: _World) -> None:
    world.learn(0.001)
    world.ask(world.queue.limit + 300)
    greedy = _Connection(world.clock, 0.001, 0.001)
    world.queue.add(greedy, world)
    world.turns()
    assert greedy.written == [_NO, b"yes"]


def test_all_that_wait_are_answered_at_the_end(world: _World) -> None:
    world.learn(0.001)
    connections = world.ask(world.queue.limit + 500)
    for _ in range(4):
        world.turn()
    world.queue.end()
    assert all(written for written in _outcomes(connections))
    assert [written for written in _outcomes(connections) if written == [_NO]] == [[_NO]] * sum(
        refused for _, refused, _ in world.told
    )
    world.turns()
