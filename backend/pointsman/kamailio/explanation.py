"""Explains an answer of the router's: by the router's own functions, with every step noted."""

from typing import Any

import msgspec
from msgspec import structs

from pointsman.errors import InvalidInput, Problem
from pointsman.kamailio.answer import Answer, answer_question
from pointsman.kamailio.question import complete_question, to_camel_case
from pointsman.kamailio.request import BadRequest, RtjsonRequest
from pointsman.routing.call import Call
from pointsman.routing.failover import Attempt, walk
from pointsman.routing.health import HEALTHY, Health
from pointsman.routing.named_object import NamedObject
from pointsman.routing.outcome import Note, Reject, Routes, Step, Trace
from pointsman.routing.reroute_policy import RerouteAction
from pointsman.routing.routing_group import GroupMode
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import Identified, identify_source
from pointsman.routing.sources import Source
from pointsman.services.configuration_cache import CompiledConfiguration
from pointsman.services.explanation import (
    ExplainedAttempt,
    ExplainedLeg,
    Explanation,
    FinalAnswer,
    LegAnswers,
    Question,
)

# What stands in the place of a password.
MASK = "***"

_encode = msgspec.json.Encoder().encode
_Document = dict[str, Any]


def explain_question(
    question: Question,
    configuration: CompiledConfiguration,
    *,
    now: float,
    answers: LegAnswers,
    health: Health = HEALTHY,
) -> Explanation:
    """The answer to a question, and how it came to be; raises InvalidInput for a question that
    the router would refuse."""
    trace: Trace = []
    body = _write_question(question)
    answer = _answer(body, configuration.snapshot, now=now, health=health, trace=trace)
    document = msgspec.json.decode(answer.body)
    masked = _mask_secrets(document)
    rtjson = document["rtjson"]
    source = _source_of(answer.call, configuration.snapshot)
    names = configuration.names
    legs = _explain_legs(answer, rtjson["routes"], names)
    attempts, final = _walk(answer.outcome, len(legs), answers)
    trace += _left_out(answer.outcome, len(legs), names)
    return Explanation(
        revision=rtjson["revision"],
        at=now,
        decision=rtjson["decision"],
        code=rtjson["code"],
        reason=rtjson["reason"],
        sip_code=rtjson["sip_code"],
        sip_reason=rtjson["sip_reason"],
        routed=rtjson["success"],
        source=names.get(source.trunk.id) if source else None,
        source_tenant=source.of_tenant if source else "",
        tenant=names.get(rtjson["tenant"]),
        matched=names.get(rtjson["match"]),
        steps=tuple(trace),
        legs=legs,
        attempts=attempts,
        final=final,
        request=body.decode(),
        answer=(_encode(document) if masked else answer.body).decode(),
        masked=masked,
    )


def _write_question(question: Question) -> bytes:
    try:
        return _encode(complete_question(question))
    except UnicodeEncodeError:
        raise InvalidInput([Problem("", "a text is no Unicode text", "write it anew")]) from None


def _answer(body: bytes, snapshot: Snapshot, *, now: float, health: Health, trace: Trace) -> Answer:
    try:
        return answer_question(body, snapshot, now=now, health=health, trace=trace)
    except BadRequest as error:
        fix = "write it as Kamailio would send it"
        raise InvalidInput([Problem(to_camel_case(error.field), str(error), fix)]) from None


def _source_of(call: Call | Reject, snapshot: Snapshot) -> Source | None:
    """The source of a call that is not refused for it."""
    if not isinstance(call, Call):
        return None
    found = identify_source(call, snapshot.sources, None)
    return found.source if isinstance(found, Identified) else None


def _mask_secrets(document: _Document) -> bool:
    """Put MASK in the place of each secret of an answer; whether there was one."""
    places = [
        (route, key)
        for route in document["rtjson"]["routes"]
        for key in ("auth_password", "auth_ha1", "auth_ha1_sha256")
    ]
    if document["auth"]:
        places += [(document["auth"], key) for key in ("ha1", "ha1_sha256")]
    secrets = [(holder, key) for holder, key in places if holder.get(key)]
    for holder, key in secrets:
        holder[key] = MASK
    return bool(secrets)


def _explain_legs(
    answer: Answer, routes: list[_Document], names: dict[str, NamedObject]
) -> tuple[ExplainedLeg, ...]:
    """The legs that were written."""
    legs = () if isinstance(answer.outcome, Reject) else answer.outcome.legs
    return tuple(
        ExplainedLeg(
            trunk=names[leg.target.trunk_id],
            carrier=names.get(leg.target.carrier_id),
            endpoint=names[leg.target.endpoint_id],
            destination=leg.target.destination,
            document=route,
            headers=_write_headers(answer.request, route),
        )
        for leg, route in zip(legs, routes, strict=False)
    )


def _write_headers(request: RtjsonRequest, route: _Document) -> tuple[str, ...]:
    """What the answer decides of the INVITE: the request line, From, To and the headers that are
    added (RFC 3261 section 7); all else goes out as it came."""
    headers = route["headers"]
    tag = f";tag={request.from_tag}" if request.from_tag else ""
    lines = [
        f"INVITE {route['uri']} SIP/2.0",
        f"From: {_name_addr(headers['from'])}{tag}",
        f"To: {_name_addr(headers['to'])}",
    ]
    return (*lines, *headers["extra"].split("\r\n")[:-1])


def _name_addr(party: _Document) -> str:
    uri = f"<{party['uri']}>"
    return f"{party['display']} {uri}" if party["display"] else uri


def _walk(
    outcome: Routes | Reject, written: int, answers: LegAnswers
) -> tuple[tuple[ExplainedAttempt, ...], FinalAnswer | None]:
    """The attempts at the legs of an answer, and what the caller gets; nothing where nothing is
    said of how they end."""
    if not answers or not written or isinstance(outcome, Reject):
        return (), None
    routes = structs.replace(outcome, legs=outcome.legs[:written])
    walked = walk(routes, answers)
    places = {leg.target.endpoint_id: place for place, leg in enumerate(routes.legs)}
    last = len(walked.attempts) - 1
    attempts = tuple(
        ExplainedAttempt(
            places[attempt.leg.target.endpoint_id],
            attempt.answer,
            _action_at_once(attempt)
            if routes.mode is GroupMode.PARALLEL
            else _action_in_turn(attempt, is_last=number == last),
        )
        for number, attempt in enumerate(walked.attempts)
    )
    return attempts, FinalAnswer(walked.sip_code, walked.sip_reason)


def _action_in_turn(attempt: Attempt, *, is_last: bool) -> str:
    """What came of a leg that was tried after others and before others."""
    verdict = attempt.verdict
    if verdict is None:
        return "answers the call"
    if verdict.action is RerouteAction.REWRITE:
        return f"the caller gets {verdict.sip_code} {verdict.sip_reason} for it"
    if verdict.action is RerouteAction.STOP:
        return "is final"
    other = "leg of another carrier" if verdict.action is RerouteAction.NEXT_CARRIER else "leg"
    return f"is final, since no {other} is left" if is_last else f"the next {other} is tried"


def _action_at_once(attempt: Attempt) -> str:
    """What came of a leg that was tried together with all others."""
    if attempt.cancelled:
        return "is cancelled, since another leg answers first"
    if attempt.verdict is None:
        return "answers the call"
    declines = attempt.answer.cause.startswith("6")
    return "declines for everybody" if declines else "fails, and the others go on"


def _left_out(outcome: Routes | Reject, written: int, names: dict[str, NamedObject]) -> Trace:
    """The legs at the end that did not fit into an answer."""
    legs = () if isinstance(outcome, Reject) else outcome.legs[written:]
    text = "left out: Kamailio would not read an answer that long"
    return [Note(Step.LEGS, names[leg.target.trunk_id].name, text) for leg in legs]
