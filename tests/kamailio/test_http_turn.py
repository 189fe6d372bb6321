"""How much a turn takes, and what it does with the rest."""

from collections.abc import Callable

import pytest

from pointsman.kamailio.http_turn import Turn, is_one_question

_NO = b"no"


class _Clock:
    """Time that passes as it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class _Connection:
    """Asks questions that take as many seconds as they say."""

    def __init__(self, clock: _Clock) -> None:
        self.waiting = 0
        self.written: list[bytes] = []
        self.listens: list[bool] = []
        self._clock = clock

    def answer(self, _: object, question: bytes) -> bytes:
        """Take the time."""
        self._clock.now += float(question)
        return b"yes"

    def write(self, answer: bytes) -> None:
        """Keep it."""
        self.written.append(answer)

    def listen(self, *, still: bool) -> None:
        """Keep it."""
        self.listens.append(still)


class _Loop:
    """Calls back when it is told to."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], object]] = []
        self.later: list[Callable[[], object]] = []

    def call_soon(self, callback: Callable[[], object]) -> None:
        """At the end of the turn."""
        self.soon.append(callback)

    def call_later(self, _: float, callback: Callable[[], object]) -> None:
        """Later."""
        self.later.append(callback)

    def end_turn(self) -> None:
        """The turn is over."""
        while self.soon:
            self.soon.pop(0)()


class _World:
    """A turn with connections that each ask one question of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.loop = _Clock(), _Loop()
        monkeypatch.setattr("pointsman.kamailio.http_turn.perf_counter", self.clock)
        self.told: list[tuple[int, int, int]] = []
        self.turn = Turn(_NO, lambda *told: self.told.append(told))

    def ask(self, count: int, answer_s: float, turns: int = 1) -> list[_Connection]:
        """So many questions a turn; the connections of the last one."""
        for _ in range(turns):
            connections = [_Connection(self.clock) for _ in range(count)]
            for connection in connections:
                self.turn.add(connection, {}, b"%f" % answer_s, self.loop)
            self.loop.end_turn()
        return connections


def test_a_turn_takes_what_it_can_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 ms of it, by what answers have taken lately."""
    world = _World(monkeypatch)
    world.ask(30, 0.001, turns=60)
    assert world.turn.limit == 40
    answers = [connection.written for connection in world.ask(50, 0.001)]
    assert answers == [[b"yes"]] * 40 + [[_NO]] * 10
    assert world.told[-1] == (50, 10, 40)
    world.ask(30, 0.000_05, turns=60)
    assert 760 <= world.turn.limit <= 800


def test_a_machine_that_stood_still_changes_little(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _World(monkeypatch)
    world.ask(30, 0.000_05, turns=60)
    world.ask(30, 10.0)
    assert world.turn.limit >= 400
    world.ask(30, 10.0, turns=60)
    assert world.turn.limit == 16


def test_who_was_refused_is_not_listened_to_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _World(monkeypatch)
    world.ask(30, 0.001, turns=60)
    connections = world.ask(42, 0.001)
    assert [connection.listens for connection in connections] == [[]] * 40 + [[False]] * 2
    (listen_again,) = world.loop.later
    listen_again()
    assert [connection.listens for connection in connections[40:]] == [[False, True]] * 2


def test_a_refusal_waits_behind_the_answers_of_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _World(monkeypatch)
    world.ask(30, 0.001, turns=60)
    connection = _Connection(world.clock)
    for _ in range(45):
        world.turn.add(connection, {}, b"0.001", world.loop)
    assert connection.written == []
    world.loop.end_turn()
    assert connection.written == [b"yes"] * 40 + [_NO] * 5
    assert connection.waiting == 0


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b"POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", True),
        (b"POST /x HTTP/1.1\r\na: b\r\ncontent-length:2\r\nc: d\r\n\r\n{}", True),
        (b"POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{", False),
        (b"POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}P", False),
        (b"POST /x HTTP/1.1\r\nX-Content-Length: 2\r\n\r\n{}", False),
        (b"POST /x HTTP/1.1\r\n\r\ncontent-length: 2\r\n\r\n{}", False),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (b"GET /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", False),
        (b"POST /x HTTP/1.1\r\nContent-Length: 2", False),
    ],
)
def test_a_question_is_told_without_a_parser(data: bytes, is_one: bool) -> None:
    assert is_one_question(data, b"POST /x HTTP/1.1\r\n") is is_one
