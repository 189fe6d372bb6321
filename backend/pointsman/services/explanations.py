"""Explaining how calls are decided, as far as the caller may know.

An administrator of the platform may explain any call. A tenant's token may explain those from the
tenant's own trunks, and those from carriers to its own numbers and domains: they are decided once
by the whole configuration, as the router would, and once by the tenant's view of it, and only the
latter is shown, if both come to the same answer. Every other call is refused in the same words.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from pointsman.auth import Principal, tenant_of
from pointsman.errors import Forbidden, InvalidInput, Problem
from pointsman.routing.health import HEALTHY
from pointsman.routing.outcome import RejectCode
from pointsman.services.configuration_cache import ConfigurationCache, Reach
from pointsman.services.endpoint_states import load_health
from pointsman.services.explanation import Explainer, Explanation, LegAnswers, Question
from pointsman.services.leg_outcomes import LegOutcome, resolve_outcomes

MAX_QUESTIONS = 1_000
# The start of the year 9999.
_LAST_MOMENT = 253_370_764_800.0
_AT_FIX = "give one between the years 1970 and 9998"
# Rejects that need no more of the configuration than the tenant's own trunk that is switched off,
# or nothing of it at all.
_BEFORE_SOURCE = frozenset(
    {
        RejectCode.BAD_URI,
        RejectCode.TRUNK_DISABLED,
        RejectCode.CARRIER_DISABLED,
        RejectCode.TENANT_DISABLED,
    }
)
# Rejects of a carrier's call once it has matched a number or a domain.
_AFTER_MATCH = frozenset(
    {
        RejectCode.DID_DISABLED,
        RejectCode.BLOCKED_CALLED,
        RejectCode.BLOCKED_CALLING,
        RejectCode.NOT_ALLOWED_CALLED,
        RejectCode.NOT_ALLOWED_CALLING,
        RejectCode.LOOP,
        RejectCode.NO_CANDIDATE,
        RejectCode.ANSWER_TOO_LONG,
    }
)


async def explain_route(
    principal: Principal,
    cache: ConfigurationCache,
    explainer: Explainer,
    question: Question,
    *,
    at: datetime | None = None,
    outcomes: Sequence[LegOutcome] = (),
    health_of: str | None = None,
) -> Explanation:
    """How a call is decided at a time (now when not said)."""
    (explained,) = await explain_routes(
        principal, cache, explainer, [question], at=at, outcomes=outcomes, health_of=health_of
    )
    if isinstance(explained, Explanation):
        return explained
    raise explained


async def explain_routes(
    principal: Principal,
    cache: ConfigurationCache,
    explainer: Explainer,
    questions: Sequence[Question],
    *,
    at: datetime | None = None,
    outcomes: Sequence[LegOutcome] = (),
    health_of: str | None = None,
) -> list[Explanation | InvalidInput | Forbidden]:
    """How calls are decided, all by the same revision and at the same time: for each, in their
    order, an explanation, or why there is none. `health_of` names the node by whose word endpoints
    are down, "" for what all nodes say; without it all are well."""
    if len(questions) > MAX_QUESTIONS:
        message = f"{len(questions)} calls are given"
        raise InvalidInput([Problem("calls", message, f"give {MAX_QUESTIONS} at most")])
    tenant_id = tenant_of(principal)
    reach = await cache.newest(tenant_id)
    answers = resolve_outcomes(outcomes, reach.seen.configuration)
    now = time.time() if at is None else moment_of(at)
    health = HEALTHY if health_of is None else await load_health(health_of)
    explain = partial(explainer, now=now, health=health)

    def explain_all() -> list[Explanation | InvalidInput | Forbidden]:
        return [
            _explain(explain, question, reach, tenant_id=tenant_id, answers=answers)
            for question in questions
        ]

    return await asyncio.to_thread(explain_all)


def moment_of(at: datetime) -> float:
    """Unix time; what has no zone is UTC. Raises InvalidInput for a time that no call has."""
    moment = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp()
    if not 0 <= moment < _LAST_MOMENT:
        raise InvalidInput([Problem("at", f"{at.isoformat()} is no time for a call", _AT_FIX)])
    return moment


def _explain(
    explain: Callable[..., Explanation],
    question: Question,
    reach: Reach,
    *,
    tenant_id: str,
    answers: LegAnswers,
) -> Explanation | InvalidInput | Forbidden:
    try:
        seen = explain(question, reach.seen, answers=answers)
        if tenant_id:
            whole = explain(question, reach.whole, answers={})
            if seen.answer != whole.answer or not _is_of(tenant_id, seen, whole):
                return Forbidden(
                    "a tenant's token explains calls from the tenant's own trunks, and from "
                    "carriers to its own numbers and domains: this call is neither"
                )
    except InvalidInput as error:
        return error
    return seen


def _is_of(tenant_id: str, seen: Explanation, whole: Explanation) -> bool:
    if seen.source != whole.source:
        return False
    if seen.source is None:
        return seen.code in _BEFORE_SOURCE
    if seen.source_tenant:
        return seen.source_tenant == tenant_id
    return seen.routed or seen.code in _AFTER_MATCH
