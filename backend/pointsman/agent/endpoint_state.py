"""What is made of probes: when an endpoint is down, and when it is up again.

One lost probe says nothing: it takes several in a row, and several good ones to come back, so that
an endpoint that is half dead is not taken in and out by turns. What calls to it come to counts for
more than silence: many far ends make nothing of OPTIONS.
"""

from msgspec import Struct, structs

from pointsman.routing.health import EndpointHealth

# By these the far end says itself that it, or all behind it, is not there for calls.
_NOT_THERE = frozenset({408, 503, 504})
_SILENT = 408
CALLS_ANSWERED = "probes go unanswered, and calls are answered"
NEVER_ANSWERED = "no probe was ever answered, and no call has failed lately"


class ProbeResult(Struct, frozen=True):
    """How a probe ended: with the far end's final reply, or with one of Kamailio's own."""

    is_remote: bool
    code: int
    reason: str

    @property
    def is_alive(self) -> bool:
        """Whether somebody is there: 404, 405 or 483 say so as well as 200."""
        return self.is_remote and self.code not in _NOT_THERE

    @property
    def is_silent(self) -> bool:
        """Whether nothing came back, which a far end's firewall may be the reason of."""
        return not self.is_remote and self.code == _SILENT


class Hysteresis(Struct, frozen=True):
    """How many probes in a row it takes to be down, and to be up again; for how long what a call
    came to counts beside them."""

    down_after: int
    up_after: int
    call_evidence_s: float = 900.0


class Evidence(Struct, frozen=True):
    """What Kamailio has seen of an endpoint beside this probe: when a call was last answered there,
    and when one last failed, for nothing came back or it could not be sent (Unix time, 0 for never
    or long ago); and whether a probe ever was."""

    answered_at: float = 0.0
    failed_at: float = 0.0
    answers_probes: bool = False


class EndpointState(Struct, frozen=True):
    """An endpoint as it is known. `alike` is how many of the last probes have ended in a row as the
    last one did, of which `is_alive` and `is_silent` tell; `has_answered` whether one ever was
    alive. The other fields are those of services.endpoint_states.ReportedState."""

    state: EndpointHealth
    since: float
    code: int = 0
    reason: str = ""
    probed_at: float = 0.0
    note: str = ""
    alike: int = 0
    is_alive: bool = False
    is_silent: bool = False
    has_answered: bool = False


def begin(now: float, down_since: float | None = None) -> EndpointState:
    """One that nothing is known of yet, or that was down when it was last told of."""
    if down_since is None:
        return EndpointState(EndpointHealth.UNKNOWN, now)
    return EndpointState(EndpointHealth.DOWN, down_since)


def observe(known: EndpointState, result: ProbeResult, now: float) -> EndpointState:
    """The endpoint after one more probe, but for what becomes of its state."""
    is_alive = result.is_alive
    return structs.replace(
        known,
        code=result.code,
        reason=result.reason,
        probed_at=now,
        alike=known.alike + 1 if is_alive == known.is_alive else 1,
        is_alive=is_alive,
        is_silent=result.is_silent,
        has_answered=known.has_answered or is_alive,
    )


def is_failing(known: EndpointState, hysteresis: Hysteresis) -> bool:
    """Whether its probes alone say that it is down."""
    return not known.is_alive and known.alike >= hysteresis.down_after


def judge(
    known: EndpointState, hysteresis: Hysteresis, now: float, evidence: Evidence
) -> EndpointState:
    """The endpoint with the state that its probes come to, or what calls there have come to."""
    if is_failing(known, hysteresis):
        return _turn(known, *_weigh(known, hysteresis, now, evidence))
    if not known.is_alive:
        return known
    if known.state is EndpointHealth.DOWN and known.alike < hysteresis.up_after:
        return known
    return _turn(known, EndpointHealth.UP, now)


def _weigh(
    known: EndpointState, hysteresis: Hysteresis, now: float, evidence: Evidence
) -> tuple[EndpointHealth, float, str]:
    """What one is whose probes fail. One that never answers any could never show that it is back:
    it is down no longer than a call that failed counts, and then the next call tries it."""
    # 0 is no time.
    oldest = max(now - hysteresis.call_evidence_s, 0.001)
    has_failed = evidence.failed_at > evidence.answered_at
    if evidence.answered_at >= oldest and not has_failed:
        return EndpointHealth.UP, now, CALLS_ANSWERED
    is_deaf = known.is_silent and not known.has_answered and not evidence.answers_probes
    if is_deaf and not (has_failed and evidence.failed_at >= oldest):
        return EndpointHealth.UNKNOWN, now, NEVER_ANSWERED
    return EndpointHealth.DOWN, now, ""


def _turn(known: EndpointState, state: EndpointHealth, now: float, note: str = "") -> EndpointState:
    since = known.since if known.state is state else now
    return structs.replace(known, state=state, since=since, note=note)
