"""Calls that a router is asked about, without a pause."""

import http.client
import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Self

from pointsman.kamailio.router import PATH
from tests.kamailio.test_router import QUESTION

# What Kamailio waits is less; whoever is slower than this is broken.
_TIMEOUT_S = 30.0
_PAUSE_S = 0.005

Answer = dict[str, Any]


class Caller:
    """A connection that asks."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        self._headers = {"authorization": f"Bearer {token}"}

    def ask(self, question: dict[str, Any] = QUESTION) -> tuple[int, Answer]:
        """The status and what is answered."""
        self._connection.request("POST", PATH, json.dumps(question), self._headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def ask_once(self, question: dict[str, Any] = QUESTION) -> tuple[int, Answer]:
        """The same, and hang up."""
        try:
            return self.ask(question)
        finally:
            self.close()

    def retry_after(self) -> str | None:
        """What a question is told of when to ask again."""
        self._connection.request("POST", PATH, json.dumps(QUESTION), self._headers)
        response = self._connection.getresponse()
        response.read()
        return response.getheader("retry-after")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class Calls:
    """Asks in the background while the block runs, on connections in turn. `decided` counts the
    answers; everything that is none, or not a decision, is in `lost`."""

    def __init__(
        self,
        callers: Sequence[Caller],
        questions: Sequence[dict[str, Any]] = (QUESTION,),
        look: Callable[[Answer], str] = lambda _: "",
    ) -> None:
        """`look` says what is wrong with an answer, "" for nothing."""
        self.callers = callers
        self.decided = 0
        self.lost: Counter[str] = Counter()
        self._questions = questions
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        for caller in self.callers:
            caller.close()

    def _run(self) -> None:
        number = itertools.count()
        for question in itertools.cycle(self._questions):
            for caller in self.callers:
                self._ask(caller, {**question, "call_id": f"call-{next(number)}"})
                if self._ended.wait(_PAUSE_S):
                    return

    def _ask(self, caller: Caller, question: dict[str, Any]) -> None:
        try:
            status, answer = caller.ask(question)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.lost[repr(error)] += 1
            caller.close()
            return
        wrong = str(status) if status != 200 else self._look(answer["rtjson"])
        if wrong:
            self.lost[wrong] += 1
        else:
            self.decided += 1


def routed(answer: Answer) -> str:
    """What is wrong with an answer that has to have routes."""
    return "" if answer["success"] else str(answer["code"])
