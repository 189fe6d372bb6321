"""What Kamailio's rtjson module reads: every JSON key and every header text is written here.

Facts of the module (rtjson_routing.c of Kamailio 5.6): `routing` is exactly "serial" or
"parallel"; without `uri` the Request-URI stays as it came; a missing From or To field takes
over what the other had, so all four are always there; `extra` is inserted as it is and must
end in CRLF. Keys that it does not know are for our own Kamailio configuration.
"""

import re
from hashlib import blake2b
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pointsman.routing.outcome import Leg, Party, Reject, RejectCode, Routes

# Kamailio cuts at pv_buffer_size, 8,191 by default.
MAX_ANSWER_BYTES = 8_000

_ESCAPED = re.compile(r'(["\\])')


def _text(description: str) -> Meta:
    return Meta(description=description)


class HeaderParty(Struct, gc=False):
    """The display name and the URI of From or To."""

    display: Annotated[str, _text('quoted as it stands in the header, "" for none')]
    uri: Annotated[str, _text("without angle brackets")]


class Headers(Struct, gc=False):
    """The headers of a route."""

    from_: HeaderParty = msgspec.field(name="from")
    to: HeaderParty
    extra: Annotated[str, _text("more headers, each with its CRLF; inserted as they are")]


class Route(Struct, gc=False):
    """One leg."""

    uri: Annotated[str, _text("the Request-URI: whom to reach")]
    dst_uri: Annotated[str, _text("where to send the request")]
    path: Annotated[str, _text("always empty")]
    socket: Annotated[str, _text("the socket to send from; empty: Kamailio's choice")]
    headers: Headers
    branch_flags: Annotated[int, _text("always 0")]
    fr_timer: Annotated[int, _text("until any reply, in milliseconds")]
    fr_inv_timer: Annotated[int, _text("until a final reply, in milliseconds")]
    trunk: Annotated[str, _text("the trunk's id, for the records")]
    endpoint: Annotated[str, _text("the endpoint's id, for the records")]


class Rtjson(Struct, gc=False):
    """The document that rtjson_init_routes() takes; every key is always there."""

    success: Annotated[bool, _text("true: routes to try; false: a reject")]
    version: Annotated[str, _text("of the document: 1.0")]
    routing: Annotated[str, _text("serial: one leg after the other")]
    routes: Annotated[list[Route], _text("11 at most, in the order to try them; none in a reject")]
    code: Annotated[str, _text("what the call matched, or why it is rejected")]
    reason: Annotated[str, _text("the reject in words")]
    sip_code: Annotated[int, _text("the final SIP response of a reject; 200 with routes")]
    sip_reason: Annotated[str, _text("its reason phrase")]
    tenant: Annotated[str, _text("the tenant's id; empty in a reject")]
    match: Annotated[str, _text("the id of the DID, domain or rule that matched")]
    revision: Annotated[int, _text("of the configuration that decided")]
    decision: Annotated[str, _text("16 hexadecimal digits that name this decision in every log")]


class RtjsonAnswer(Struct, gc=False):
    """The body of the answer."""

    rtjson: Rtjson
    auth: Annotated[
        None, _text("what Kamailio needs for a digest challenge: none is asked for")
    ] = None


_encoder = msgspec.json.Encoder()


def write_answer(outcome: Routes | Reject, call_id: str, from_tag: str, revision: int) -> bytes:
    """The answer to Kamailio: as many legs as fit into what it reads."""
    decision = decision_id(call_id, from_tag, revision)
    if isinstance(outcome, Reject):
        return _encoder.encode(_rejected(outcome, revision, decision))
    answer = _routed(outcome, revision, decision)
    body = _encoder.encode(answer)
    while len(body) > MAX_ANSWER_BYTES:
        answer.rtjson.routes.pop()
        if not answer.rtjson.routes:
            too_long = Reject(RejectCode.ANSWER_TOO_LONG, "the answer is too long for Kamailio")
            return _encoder.encode(_rejected(too_long, revision, decision))
        body = _encoder.encode(answer)
    return body


def decision_id(call_id: str, from_tag: str, revision: int) -> str:
    """16 hexadecimal digits: the same call asked again on the same revision is the same."""
    text = f"{call_id}\0{from_tag}\0{revision}"
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _routed(routes: Routes, revision: int, decision: str) -> RtjsonAnswer:
    return RtjsonAnswer(
        Rtjson(
            success=True,
            version="1.0",
            routing="serial",
            routes=_write_routes(routes.legs),
            code=routes.match_kind,
            reason="",
            sip_code=200,
            sip_reason="OK",
            tenant=routes.tenant_id,
            match=routes.match_id,
            revision=revision,
            decision=decision,
        )
    )


def _rejected(reject: Reject, revision: int, decision: str) -> RtjsonAnswer:
    return RtjsonAnswer(
        Rtjson(
            success=False,
            version="1.0",
            routing="serial",
            routes=[],
            code=reject.code,
            reason=reject.reason,
            sip_code=reject.sip_code,
            sip_reason=reject.sip_reason,
            tenant="",
            match="",
            revision=revision,
            decision=decision,
        )
    )


def _write_routes(legs: tuple[Leg, ...]) -> list[Route]:
    routes = []
    written: Party | None = None
    from_, extra = HeaderParty("", ""), ""
    for leg in legs:
        if leg.from_ is not written:  # legs of like trunks share their parties
            written = leg.from_
            from_ = HeaderParty(format_display(written.display), written.uri)
            extra = _extra_headers(leg)
        to = HeaderParty(format_display(leg.to.display), leg.to.uri)
        routes.append(
            Route(
                leg.request_uri,
                leg.destination,
                "",
                "",
                Headers(from_, to, extra),
                0,
                leg.fr_timer_ms,
                leg.fr_inv_timer_ms,
                leg.trunk_id,
                leg.endpoint_id,
            )
        )
    return routes


def _extra_headers(leg: Leg) -> str:
    if leg.asserted_identity is None:
        return ""
    return f"P-Asserted-Identity: {format_name_addr(leg.asserted_identity)}\r\n"


def format_name_addr(party: Party) -> str:
    """A name-addr (RFC 3261 section 20.10)."""
    display = format_display(party.display)
    return f"{display} <{party.uri}>" if display else f"<{party.uri}>"


def format_display(display: str) -> str:
    """A display name as it stands in a header: quoted (RFC 3261 section 25.1), "" for none.

    Controls have been refused by the decision; quotes and backslashes are escaped here.
    """
    if not display:
        return ""
    if '"' in display or "\\" in display:
        display = _ESCAPED.sub(r"\\\1", display)
    return f'"{display}"'
