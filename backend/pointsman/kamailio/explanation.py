"""Explains an answer of the router's: by the router's own functions, with every step noted."""

from typing import Any

import msgspec

from pointsman.errors import InvalidInput, Problem
from pointsman.kamailio.answer import answer_question
from pointsman.kamailio.question import complete_question
from pointsman.kamailio.request import BadRequest, RtjsonRequest
from pointsman.routing.call import Call
from pointsman.routing.named_object import NamedObject
from pointsman.routing.outcome import Note, Reject, Routes, Step, Trace
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import Identified, Source, identify_source
from pointsman.services.configuration_cache import CompiledConfiguration
from pointsman.services.explanation import (
    ExplainedLeg,
    Explanation,
    LegResults,
    Question,
)

# What stands in the place of a password.
MASK = "***"

_encode = msgspec.json.Encoder().encode
_Document = dict[str, Any]


def explain_question(
    question: Question, configuration: CompiledConfiguration, *, now: float, results: LegResults
) -> Explanation:
    """The answer to a question, and how it came to be; raises InvalidInput for a question that
    the router would refuse."""
    trace: Trace = []
    body = _encode(complete_question(question))
    try:
        answer = answer_question(body, configuration.snapshot, now=now, trace=trace)
    except BadRequest as error:
        fix = "write it as Kamailio would send it"
        raise InvalidInput([Problem(_camel_case(error.field), str(error), fix)]) from None
    document = msgspec.json.decode(answer.body)
    masked = _mask_secrets(document)
    rtjson = document["rtjson"]
    source = _source_of(answer.call, configuration.snapshot)
    names = configuration.names
    legs = _explain_legs(answer.request, rtjson["routes"], names)
    if isinstance(answer.outcome, Routes):
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
        attempts=(),
        final=None,
        request=body.decode(),
        answer=(_encode(document) if masked else answer.body).decode(),
        masked=masked,
    )


def _source_of(call: Call | Reject, snapshot: Snapshot) -> Source | None:
    """The source of a call that is not refused for it."""
    if not isinstance(call, Call):
        return None
    found = identify_source(call, snapshot.sources, None)
    return found.source if isinstance(found, Identified) else None


def _mask_secrets(document: _Document) -> bool:
    """Put MASK in the place of each secret of an answer; whether there was one."""
    places = [(route, "auth_password") for route in document["rtjson"]["routes"]]
    if document["auth"]:
        places.append((document["auth"], "ha1"))
    secrets = [(holder, key) for holder, key in places if holder.get(key)]
    for holder, key in secrets:
        holder[key] = MASK
    return bool(secrets)


def _explain_legs(
    request: RtjsonRequest, routes: list[_Document], names: dict[str, NamedObject]
) -> tuple[ExplainedLeg, ...]:
    return tuple(
        ExplainedLeg(
            trunk=names[route["trunk"]],
            carrier=names.get(route.get("carrier", "")),
            endpoint=names[route["endpoint"]],
            destination=route["dst_uri"],
            document=route,
            headers=_write_headers(request, route),
        )
        for route in routes
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


def _left_out(routes: Routes, written: int, names: dict[str, NamedObject]) -> Trace:
    """The legs at the end that did not fit into an answer."""
    text = "left out: Kamailio would not read an answer that long"
    return [Note(Step.LEGS, names[leg.trunk_id].name, text) for leg in routes.legs[written:]]


def _camel_case(key: str) -> str:
    first, *more = key.split("_")
    return first + "".join(word.capitalize() for word in more)
