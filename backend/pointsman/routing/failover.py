"""The walk over the legs of a call, given what each of them answers: what Kamailio does with them.

It follows kamailio/legs.cfg and the choice of tm among the final responses (t_pick_branch); SIP
scenarios hold the two together.
"""

from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.outcome import Leg, Routes
from pointsman.routing.reroute import TIMEOUT, TRANSPORT, Verdict
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_group import GroupMode

# 401, 407, 415, 420 and 484 tell the caller what to do about it: they go before other 4xx.
_HELPFUL = frozenset({401, 407, 415, 420, 484})
_CHALLENGES = {"401": "Unauthorized", "407": "Proxy Authentication Required"}
_CLASS_ORDER = {6: 1_000, 3: 3_000, 4: 4_000, 5: 5_000}


class LegAnswer(Struct, frozen=True, gc=False):
    """How a leg ends: a final SIP code, TIMEOUT or TRANSPORT, and whether it rang before (180)
    or reported other progress (181 to 189)."""

    cause: str = "200"
    rang: bool = False
    progress: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether the call is answered."""
        return self.cause.startswith("2")

    @property
    def is_after_ringing(self) -> bool:
        """The phase of the reroute policy. Who was silent to the end after progress may have
        rung in the media."""
        return self.rang or (self.progress and self.cause == TIMEOUT)


class Attempt(Struct, frozen=True, gc=False):
    """A leg that was tried, its answer, and what came of a failure: None where it was answered,
    and where `cancelled`, since another leg was, or declined for everybody."""

    leg: Leg
    answer: LegAnswer
    verdict: Verdict | None = None
    cancelled: bool = False


class Walk(Struct, frozen=True, gc=False):
    """The attempts in their order, and the final response that the caller gets; its reason
    phrase is "" where it is the far end's own."""

    attempts: tuple[Attempt, ...]
    sip_code: int
    sip_reason: str


def walk(routes: Routes, outcomes: Mapping[str, LegAnswer]) -> Walk:
    """What becomes of a call; `outcomes` are by the id of an endpoint, a trunk or a carrier, the
    closest one counts. A leg of which nothing is said answers the call."""
    answers = [_answer_of(leg, outcomes) for leg in routes.legs]
    if routes.mode is GroupMode.PARALLEL:
        return _walk_at_once(routes.legs, answers)
    return _walk_in_turn(routes.legs, answers)


def _answer_of(leg: Leg, outcomes: Mapping[str, LegAnswer]) -> LegAnswer:
    for object_id in (leg.target.endpoint_id, leg.target.trunk_id, leg.target.carrier_id):
        if object_id in outcomes:
            return outcomes[object_id]
    return LegAnswer()


def _walk_in_turn(legs: tuple[Leg, ...], answers: list[LegAnswer]) -> Walk:
    attempts = []
    at = 0
    while True:
        leg, answer = legs[at], answers[at]
        if answer.is_taken:
            attempts.append(Attempt(leg, answer))
            return Walk(tuple(attempts), int(answer.cause), "")
        verdict = leg.target.reroute.verdict(answer.cause, rang=answer.is_after_ringing)
        attempts.append(Attempt(leg, answer, verdict))
        following = _following(legs, at, verdict)
        if following is None:
            return Walk(tuple(attempts), *_final(answer, verdict))
        at = following


def _following(legs: tuple[Leg, ...], at: int, verdict: Verdict) -> int | None:
    """The place of the leg that is tried after one, if any."""
    if verdict.action in (RerouteAction.STOP, RerouteAction.REWRITE):
        return None
    for place in range(at + 1, len(legs)):
        if verdict.action is RerouteAction.NEXT or not _is_same_party(legs[place], legs[at]):
            return place
    return None


def _is_same_party(one: Leg, other: Leg) -> bool:
    """Of one carrier; PBXs have none, and are told apart by their trunk."""
    return (one.target.carrier_id or one.target.trunk_id) == (
        other.target.carrier_id or other.target.trunk_id
    )


def _walk_at_once(legs: tuple[Leg, ...], answers: list[LegAnswer]) -> Walk:
    """The first leg that answers takes the call, the first that declines for everybody (6xx) ends
    it; else the best answer goes to the caller."""
    ends = (at for at, answer in enumerate(answers) if answer.is_taken or answer.cause[0] == "6")
    end = next(ends, None)
    attempts = []
    for at, (leg, answer) in enumerate(zip(legs, answers, strict=True)):
        if answer.is_taken:
            attempts.append(Attempt(leg, answer, cancelled=at != end))
        else:
            verdict = leg.target.reroute.verdict(answer.cause, rang=answer.is_after_ringing)
            attempts.append(Attempt(leg, answer, verdict))
    if end is not None and answers[end].is_taken:
        return Walk(tuple(attempts), int(answers[end].cause), "")
    best = attempts[end] if end is not None else min(attempts, key=_order_of)
    code, reason = _final(best.answer, best.verdict)
    if not reason and sum(answer.cause in _CHALLENGES for answer in answers) > 1:
        # tm makes one answer of several challenges, with its own words.
        reason = _CHALLENGES.get(best.answer.cause, "")
    return Walk(tuple(attempts), code, reason)


def _order_of(attempt: Attempt) -> int:
    """What tm gives to the caller when all legs have failed: the lowest, and the first of these."""
    cause = attempt.answer.cause
    if cause == TRANSPORT:
        return 10_000
    code = 408 if cause == TIMEOUT else int(cause)
    order = _CLASS_ORDER[code // 100] + code % 100
    return order + 100 if code // 100 == 4 and code not in _HELPFUL else order


def _final(answer: LegAnswer, verdict: Verdict | None) -> tuple[int, str]:
    """The response to the caller when this answer ends the call."""
    if verdict is not None and verdict.action is RerouteAction.REWRITE:
        return verdict.sip_code, verdict.sip_reason
    if answer.cause == TRANSPORT:
        return 480, "Temporarily Unavailable"
    if answer.cause == TIMEOUT:
        return 408, "Request Timeout"
    if answer.cause == "503":
        # A proxy's own 503 would take this node out of service (RFC 3261 section 16.7).
        return 500, "Service Unavailable"
    return int(answer.cause), ""
