"""How much of the time a schedule is open."""

from enum import StrEnum

from pointsman.routing.schedule import Schedule

_DAY = 24 * 60
_WEEK = 7 * _DAY


class Opening(StrEnum):
    """Whether a schedule opens and closes at all."""

    NEVER = "NEVER"
    ALWAYS = "ALWAYS"
    SOMETIMES = "SOMETIMES"


def opening_of(schedule: Schedule) -> Opening:
    """Of its windows over a week, in minutes of the local time; a holiday is a day on which an
    open schedule closes."""
    spans = []
    for window in schedule.windows:
        length = window.end - window.start
        for day in window.days:
            start = day * _DAY + window.start
            spans.append((start, start + (length if length > 0 else length + _DAY)))
    if not spans:
        return Opening.NEVER
    # The week goes round: what lasts beyond Sunday is Monday's.
    spans += [(start - _WEEK, end - _WEEK) for start, end in spans]
    reached = 0
    for start, end in sorted(spans):
        if start > reached:
            break
        reached = max(reached, end)
    return Opening.ALWAYS if reached >= _WEEK and not schedule.holidays else Opening.SOMETIMES
