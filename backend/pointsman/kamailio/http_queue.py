"""The connections whose questions wait: as many as can be answered in time, the rest is refused.

Some at a time are answered in a turn of the event loop, and then written. What reads, what decides
and what writes would else push each other out of the processor's caches, and a peer would be woken
up once for each of its answers.

When the wait takes longer than callers do, they give up and ask again, and the router works for
nobody. So no more are queued than are answered in MOST_WAIT_S, by what answers have taken lately.
Those beyond are held for HOLD_S; those that there is no room for by then hear 503. Whoever hears it
at once asks again at once: in the end all that is done would be to refuse. For the same reason
fewer are refused in a turn than are answered.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Protocol

# A node waits 500 ms.
MOST_WAIT_S = 0.18
HOLD_S = 0.02
# How many may always be queued, and what never is more: no connection has a file then.
LEAST, MOST = 16, 20_000
# How many are answered in a turn, and refused at most: a refusal takes a third of what an answer
# does, or more where there are many connections.
_AT_ONCE = 32
_REFUSED_AT_ONCE = 20
# So few tell nothing of what an answer takes.
_FEW = 8
_SHARE_OF_NEW = 0.2
# A machine that stood still says nothing of what an answer takes.
_MOST_TIMES = 4.0
_FIRST_GUESS_S = 0.000_1


class Asker(Protocol):
    """A connection that has asked."""

    @property
    def waiting(self) -> int:
        """How many of its questions wait: none when it is gone."""

    def answer(self) -> bytes:
        """The response to the question that it asked first, which waits no more."""

    def refuse(self) -> None:
        """Let the question that it asked first wait no more."""

    def write(self, answer: bytes) -> None:
        """Send a response."""


class Loop(Protocol):
    """What calls back."""

    def call_soon(self, callback: Callable[[], object]) -> object:
        """In its next turn."""


class HttpQueue:
    """Who waits. `refusal` is the response to those that are too many; `tell` is called after each
    turn with how many waited, how many were refused, and how many may be queued."""

    def __init__(self, refusal: bytes, tell: Callable[[int, int, int], None]) -> None:
        self._refusal = refusal
        self._tell = tell
        self._queue: deque[Asker] = deque()
        # Those that there was no room for, since when; and those for whom there is none.
        self._held: deque[tuple[float, Asker]] = deque()
        self._late: deque[Asker] = deque()
        self._is_turning = False
        self._answer_s = _FIRST_GUESS_S
        # When the last turn ended, if it left some in the queue.
        self._busy_since: float | None = None
        self.limit = int(MOST_WAIT_S / _FIRST_GUESS_S)

    def add(self, connection: Asker, loop: Loop) -> None:
        """A connection asks; one that has asked before and waits is there already."""
        if not self._is_turning:
            self._is_turning = True
            loop.call_soon(partial(self._turn, loop))
        self._put(connection)

    def end(self) -> None:
        """Answer all that wait."""
        while self._queue or self._held or self._late:
            self._queue += [asker for _, asker in self._held]
            self._queue += self._late
            self._held.clear()
            self._late.clear()
            self._answer_some()

    def _put(self, connection: Asker) -> None:
        if self._held or len(self._queue) >= self.limit:
            self._held.append((perf_counter(), connection))
        else:
            self._queue.append(connection)

    def _turn(self, loop: Loop) -> None:
        """Answer some, those first that came first, and let the loop read what has come."""
        waited = len(self._queue) + len(self._held)
        self._answer_some()
        self._sort_held()
        refused = self._refuse_some()
        if refused and self._busy_since is not None:
            # What refusals take does not count: it would make room for fewer, and refuse more.
            self._busy_since = perf_counter()
        self._tell(waited, refused, self.limit)
        self._is_turning = bool(self._queue or self._late)
        if self._is_turning:
            loop.call_soon(partial(self._turn, loop))

    def _answer_some(self) -> None:
        queue = self._queue
        started = perf_counter() if self._busy_since is None else self._busy_since
        some = [queue.popleft() for _ in range(min(len(queue), _AT_ONCE))]
        answers = [(asker, asker.answer()) for asker in some if asker.waiting]
        for asker, answer in answers:
            asker.write(answer)
            if asker.waiting:
                self._put(asker)
        ended = perf_counter()
        if len(answers) >= _FEW:
            self._learn((ended - started) / len(answers))
        self._busy_since = ended if queue else None

    def _sort_held(self) -> None:
        """There is room for some by now; others were held for too long."""
        held, queue = self._held, self._queue
        if not held:
            return
        for _ in range(min(len(held), self.limit - len(queue))):
            queue.append(held.popleft()[1])
        too_long = perf_counter() - HOLD_S
        while held and held[0][0] < too_long:
            self._late.append(held.popleft()[1])

    def _refuse_some(self) -> int:
        refused = 0
        while self._late and refused < _REFUSED_AT_ONCE:
            asker = self._late.popleft()
            if asker.waiting:
                asker.refuse()
                asker.write(self._refusal)
                refused += 1
                if asker.waiting:
                    self._put(asker)
        return refused

    def _learn(self, answer_s: float) -> None:
        known = self._answer_s
        answer_s = min(answer_s, known * _MOST_TIMES)
        self._answer_s = known + _SHARE_OF_NEW * (answer_s - known)
        self.limit = min(MOST, max(LEAST, int(MOST_WAIT_S / self._answer_s)))
