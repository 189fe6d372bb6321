"""The questions that all connections bring in a turn of the event loop: answered one after the
other at its end, and then written; and refused where there are more than can be answered in time.

What reads, what decides and what writes would else push each other out of the processor's caches,
and a peer would be woken up once for each of its answers.

A question waits while those before it are answered, so what is in flight is what a turn has. When
that takes longer than TARGET_S, callers give up and ask again, and the router works for nobody.
So a turn takes what it can answer in that time, by what answers have taken lately, and the rest
hear 503 at once, most of them without being read. To say so to somebody who asks again and again
would in the end be all that is done: who was refused is not listened to for PAUSE_S.
"""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Protocol

TARGET_S = 0.04
PAUSE_S = 0.05
# What is always taken, and what never is more: no connection has a file then.
LEAST, MOST = 16, 20_000
# How many are answered before they are written.
_AT_ONCE = 64
# So few tell nothing of what an answer takes.
_FEW = 8
_SHARE_OF_NEW = 0.2
# A machine that stood still says nothing of what an answer takes.
_MOST_TIMES = 4.0
_FIRST_GUESS_S = 0.000_1
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,7})[ \t]*\r\n", re.IGNORECASE)


class Asker(Protocol):
    """A connection that has asked."""

    waiting: int

    def answer(self, scope: object, question: bytes) -> bytes:
        """The response to a question."""

    def write(self, answer: bytes) -> None:
        """Send a response."""

    def listen(self, *, still: bool) -> None:
        """Read what comes, or leave it where it is."""


class Loop(Protocol):
    """What calls back."""

    def call_soon(self, callback: Callable[[], object]) -> object:
        """At the end of this turn."""

    def call_later(self, delay_s: float, callback: Callable[[], object]) -> object:
        """Later."""


class Turn:
    """The questions of a turn. `refusal` is the response to those that are too many; `tell` is
    called with how many there were, how many were refused, and how many there may be."""

    def __init__(self, refusal: bytes, tell: Callable[[int, int, int], None]) -> None:
        self._refusal = refusal
        self._tell = tell
        self._resting: list[Asker] = []
        self._asked: list[tuple[Asker, object, bytes]] = []
        self._refused = 0
        self._taken = 0
        self._answer_s = _FIRST_GUESS_S
        self.limit = int(TARGET_S / _FIRST_GUESS_S)

    @property
    def is_full(self) -> bool:
        """Whether another question is refused."""
        return self._taken >= self.limit

    def add(self, connection: Asker, scope: object, question: bytes, loop: Loop) -> None:
        """Answer a question at the turn's end; or refuse it, behind those of its connection that
        are answered."""
        if not self._asked:
            loop.call_soon(self.end)
        if self.is_full:
            if not connection.waiting:
                self.refuse(connection, loop)
                return
            self._refused += 1
            scope = None
        else:
            self._taken += 1
        connection.waiting += 1
        self._asked.append((connection, scope, question))

    def refuse(self, connection: Asker, loop: Loop) -> None:
        """Refuse a question of a connection that waits for no other answer, of a turn that is
        full."""
        self._refused += 1
        connection.write(self._refusal)
        connection.listen(still=False)
        if not self._resting:
            loop.call_later(PAUSE_S, self._listen_again)
        self._resting.append(connection)

    def _listen_again(self) -> None:
        resting, self._resting = self._resting, []
        for connection in resting:
            connection.listen(still=True)

    def end(self) -> None:
        """Answer what was asked, in its order."""
        asked, self._asked = self._asked, []
        taken, self._taken = self._taken, 0
        refused, self._refused = self._refused, 0
        started = perf_counter()
        for at in range(0, len(asked), _AT_ONCE):
            some = asked[at : at + _AT_ONCE]
            answers = [
                self._refusal if scope is None else connection.answer(scope, question)
                for connection, scope, question in some
            ]
            for (connection, _, _), answer in zip(some, answers, strict=True):
                connection.waiting -= 1
                connection.write(answer)
        if taken >= _FEW:
            self._learn((perf_counter() - started) / taken)
        self._tell(taken + refused, refused, self.limit)

    def _learn(self, answer_s: float) -> None:
        known = self._answer_s
        answer_s = min(answer_s, known * _MOST_TIMES)
        self._answer_s = known + _SHARE_OF_NEW * (answer_s - known)
        self.limit = min(MOST, max(LEAST, int(TARGET_S / self._answer_s)))


def is_one_question(data: bytes, start: bytes) -> bool:
    """Whether these bytes are a request that begins so, as a whole, and nothing else: told without
    a parser, of what is going to be refused."""
    if not data.startswith(start):
        return False
    end = data.find(b"\r\n\r\n")
    found = _LENGTH.search(data, 0, end + 2) if end > 0 else None
    return found is not None and len(data) == end + 4 + int(found[1])
