"""A call, as its events tell it, in whatever order they came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from pointsman.calls.event import AnswerEvent, Attempt, CallEnd, EndEvent, Event, StartEvent

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
E = TypeVar("E", bound=Event)


class CallState(StrEnum):
    """How far a call got. INCOMPLETE: it has no end, and is older than calls become."""

    STARTED = "STARTED"
    ANSWERED = "ANSWERED"
    ENDED = "ENDED"
    INCOMPLETE = "INCOMPLETE"


class CallOutcome(StrEnum):
    """What became of a call: REJECTED by us, FAILED when nobody took it, CANCELLED by the caller
    before anybody had. INCOMPLETE as in CallState."""

    ANSWERED = "ANSWERED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    IN_PROGRESS = "IN_PROGRESS"
    INCOMPLETE = "INCOMPLETE"


# Of an end without an answer. What else ends a call ends one that was answered, whose answer has
# not been told.
_UNANSWERED = {
    CallEnd.REJECTED: CallOutcome.REJECTED,
    CallEnd.FAILED: CallOutcome.FAILED,
    CallEnd.CANCELLED: CallOutcome.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call: an event that has not come is None."""

    key: UUID
    state: CallState
    any_event: Event
    start: StartEvent | None
    answer: AnswerEvent | None
    end: EndEvent | None

    @property
    def started_at(self) -> datetime:
        """When its INVITE came."""
        return read_moment(self.any_event.started)

    @property
    def answered_at(self) -> datetime | None:
        """When a 2xx went to the caller."""
        return read_moment(self.answer.at) if self.answer else None

    @property
    def ended_at(self) -> datetime | None:
        """When it was over."""
        return read_moment(self.end.at) if self.end else None

    @property
    def outcome(self) -> CallOutcome:
        """What became of it; never INCOMPLETE, which its age makes it."""
        if self.end is None:
            return CallOutcome.IN_PROGRESS
        if self.answer is not None:
            return CallOutcome.ANSWERED
        return _UNANSWERED.get(self.end.cause, CallOutcome.ANSWERED)

    @property
    def clock_went_back(self) -> bool:
        """Whether its events contradict the order of time: the node's clock was set."""
        times = [at for at in (self.started_at, self.answered_at, self.ended_at) if at]
        return times != sorted(times)

    @property
    def duration_ms(self) -> int | None:
        """From the answer to the end; 0 of a call that was not answered, None while it lasts and
        where the clock was set meanwhile."""
        if self.ended_at is None or self.clock_went_back:
            return None
        return (self.ended_at - (self.answered_at or self.ended_at)) // _MILLISECOND

    @property
    def pdd_ms(self) -> int | None:
        """The post-dial delay: from the INVITE until it rang anywhere, or was answered; None where
        neither happened, or the clock was set meanwhile."""
        heard = [read_moment(attempt.rang) for attempt in self.attempts if attempt.rang]
        if self.answered_at is not None:
            heard.append(self.answered_at)
        if not heard or min(heard) < self.started_at:
            return None
        return (min(heard) - self.started_at) // _MILLISECOND

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """In the order in which they were made."""
        found = [event.attempts for event in (self.end, self.answer) if event and event.attempts]
        return found[0] if found else ()

    @property
    def sip_code(self) -> int:
        """The last final response to the caller, 0 while there is none."""
        codes = [event.sip_code for event in (self.answer, self.end) if event and event.sip_code]
        return codes[-1] if codes else 0

    @property
    def to_tag(self) -> str:
        """The callee's half of the dialog's name."""
        tags = [event.to_tag for event in (self.answer, self.end) if event and event.to_tag]
        return tags[0] if tags else ""


def call_of(events: Iterable[Event]) -> Call:
    """The call that all these events, one or more, are of."""
    known = list(events)
    answer, end = _only(known, AnswerEvent), _only(known, EndEvent)
    state = CallState.STARTED
    if end is not None:
        state = CallState.ENDED
    elif answer is not None:
        state = CallState.ANSWERED
    return Call(known[0].call_key, state, known[0], _only(known, StartEvent), answer, end)


def read_moment(text: str) -> datetime:
    """The moment in "seconds.microseconds"."""
    seconds, _, microseconds = text.partition(".")
    return EPOCH + timedelta(seconds=int(seconds), microseconds=int(microseconds))


def _only(events: Iterable[Event], kind: type[E]) -> E | None:
    return next((event for event in events if isinstance(event, kind)), None)
