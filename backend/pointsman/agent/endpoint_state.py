"""What is made of probes: when an endpoint is down, and when it is up again.

One lost probe says nothing: it takes several in a row, and several good ones to come back, so that
an endpoint that is half dead is not taken in and out by turns. An endpoint that answers calls is
up, whatever it makes of OPTIONS.
"""

from msgspec import Struct, structs

from pointsman.routing.health import EndpointHealth

# By these the far end says itself that it, or all behind it, is not there for calls.
_NOT_THERE = frozenset({408, 503, 504})
MOST_COUNTED = 20
CALLS_ANSWERED = "probes go unanswered, and calls are answered"


class ProbeResult(Struct, frozen=True):
    """How a probe ended: with the far end's final reply, or with one of Kamailio's own."""

    is_remote: bool
    code: int
    reason: str

    @property
    def is_alive(self) -> bool:
        """Whether somebody is there: 404, 405 or 483 say so as well as 200."""
        return self.is_remote and self.code not in _NOT_THERE


class Hysteresis(Struct, frozen=True):
    """How many probes in a row it takes to be down, and to be up again."""

    down_after: int
    up_after: int


class EndpointState(Struct, frozen=True):
    """An endpoint as it is known. `sent` is when those of the last probes were sent that ended in a
    row alike (the newest last, MOST_COUNTED at most), `is_alive` tells how; the other fields are
    those of services.endpoint_states.ReportedState."""

    state: EndpointHealth
    since: float
    code: int = 0
    reason: str = ""
    probed_at: float = 0.0
    note: str = ""
    sent: tuple[float, ...] = ()
    is_alive: bool = False


def begin(now: float, down_since: float | None = None) -> EndpointState:
    """One that nothing is known of yet, or that was down when it was last told of."""
    if down_since is None:
        return EndpointState(EndpointHealth.UNKNOWN, now)
    return EndpointState(EndpointHealth.DOWN, down_since)


def observe(
    known: EndpointState, result: ProbeResult, *, sent_at: float, now: float
) -> EndpointState:
    """The endpoint after one more probe, but for what becomes of its state."""
    is_alive = result.is_alive
    alike = known.sent if is_alive == known.is_alive else ()
    return structs.replace(
        known,
        code=result.code,
        reason=result.reason,
        probed_at=now,
        sent=(*alike, sent_at)[-MOST_COUNTED:],
        is_alive=is_alive,
    )


def failing_since(known: EndpointState, hysteresis: Hysteresis) -> float | None:
    """When the first of the failed probes was sent that say that it is down, None when they do not:
    an answer to a call that is older does not speak against them."""
    if known.is_alive or len(known.sent) < hysteresis.down_after:
        return None
    return known.sent[-hysteresis.down_after]


def judge(
    known: EndpointState, hysteresis: Hysteresis, now: float, *, answers_calls: bool
) -> EndpointState:
    """The endpoint with the state that its probes come to, or that calls are answered there."""
    if failing_since(known, hysteresis) is not None:
        if answers_calls:
            return _turn(known, EndpointHealth.UP, now, CALLS_ANSWERED)
        return _turn(known, EndpointHealth.DOWN, now)
    if not known.is_alive:
        return known
    if known.state is EndpointHealth.DOWN and len(known.sent) < hysteresis.up_after:
        return known
    return _turn(known, EndpointHealth.UP, now)


def _turn(known: EndpointState, state: EndpointHealth, now: float, note: str = "") -> EndpointState:
    since = known.since if known.state is state else now
    return structs.replace(known, state=state, since=since, note=note)
