"""What Kamailio's rtjson module reads: every JSON key is written here, header texts by headers.py.

Facts of the module (rtjson_routing.c of Kamailio 5.6): `routing` is exactly "serial" or
"parallel"; without `uri` the Request-URI stays as it came; a missing From or To field takes
over what the other had, so all four are always there; `extra` is inserted as it is and must
end in CRLF. Keys that it does not know are for our own Kamailio configuration.
"""

from hashlib import blake2b
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pointsman.kamailio.headers import format_display, write_headers, write_replaced
from pointsman.routing.credential import Credential
from pointsman.routing.digest_hash import DigestAlgorithm
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.outcome import (
    Headers,
    Leg,
    MatchKind,
    Party,
    Reject,
    RejectCode,
    Routes,
)
from pointsman.routing.routing_group import GroupMode

# Kamailio cuts at pv_buffer_size, 8,191 by default.
MAX_ANSWER_BYTES = 8_000


def _text(description: str) -> Meta:
    return Meta(description=description)


_REROUTE = (
    "cause=action, separated by semicolons: a SIP code, its first digit, timeout or transport; "
    "next, carrier (the next of another one), stop, or a code and a reason to answer instead; "
    "what is not there is stop. When the leg fails "
)


class HeaderParty(Struct, gc=False):
    """The display name and the URI of From or To."""

    display: Annotated[str, _text("quoted as it stands in the header; empty: as it came")]
    uri: Annotated[str, _text("without angle brackets")]


class RouteHeaders(Struct, gc=False):
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
    headers: RouteHeaders
    branch_flags: Annotated[int, _text("always 0")]
    fr_timer: Annotated[int, _text("until any reply, in milliseconds")]
    fr_inv_timer: Annotated[int, _text("until a final reply, in milliseconds")]
    trunk: Annotated[str, _text("the trunk's id, for the records")]
    endpoint: Annotated[str, _text("the endpoint's id, for the records")]
    carrier: Annotated[str, _text("the carrier's id; empty for a PBX")]
    replaces: Annotated[str, _text("matches the names of headers that extra replaces; empty: none")]
    reroute_before: Annotated[str, _text(_REROUTE + "before it has rung")]
    reroute_after: Annotated[str, _text(_REROUTE + "after it has rung")]
    auth_user: Annotated[str, _text("who answers the far end's challenge; empty: nobody")]
    auth_password: Annotated[str, _text("its password, where auth_realm is empty; else empty")]
    auth_realm: Annotated[str, _text("the realm it answers; empty: any")]
    auth_ha1: Annotated[str, _text("with auth_realm: MD5(user:realm:password)")]
    auth_ha1_sha256: Annotated[str, _text("with auth_realm: the same by SHA-256")]


class Rtjson(Struct, gc=False):
    """The document that rtjson_init_routes() takes; every key is always there."""

    success: Annotated[bool, _text("true: routes to try; false: a reject")]
    version: Annotated[str, _text("of the document: 1.0")]
    routing: Annotated[str, _text("serial: one leg after the other; parallel: all at once")]
    routes: Annotated[list[Route], _text("11 at most, in the order to try them; none in a reject")]
    code: Annotated[str, _text("what the call matched, or why it is rejected")]
    reason: Annotated[str, _text("the reject in words")]
    sip_code: Annotated[int, _text("the final SIP response of a reject; 200 with routes")]
    sip_reason: Annotated[str, _text("its reason phrase")]
    tenant: Annotated[str, _text("the tenant's id; empty in a reject of a call that is nobody's")]
    source_trunk: Annotated[str, _text("the id of the trunk it comes from; empty: unknown")]
    calling_number: Annotated[str, _text("in E.164 where it is such; empty: not read")]
    called_number: Annotated[str, _text("the same, after rules that send calls on")]
    match: Annotated[str, _text("the id of the DID, domain or rule that matched")]
    revision: Annotated[int, _text("of the configuration that decided")]
    decision: Annotated[str, _text("16 hexadecimal digits that name this decision in every log")]


class Auth(Struct, gc=False):
    """Whom the caller has to prove to be by digest authentication (RFC 3261 section 22). Which
    algorithms there are is the same for all users of a realm, known or not."""

    realm: Annotated[str, _text("to challenge in")]
    username: Annotated[str, _text("who it has to be; empty: not known before it answers")]
    algorithms: Annotated[str, _text("to challenge by, the best first: SHA-256,MD5 or MD5")]
    ha1: Annotated[str, _text("MD5(username:realm:password), empty without a username")]
    ha1_sha256: Annotated[str, _text("the same by SHA-256; empty too where that is no algorithm")]


class RtjsonAnswer(Struct, gc=False):
    """The body of the answer."""

    rtjson: Rtjson
    auth: Annotated[
        Auth | None,
        _text(
            "with the code AUTHENTICATION_REQUIRED: the challenge to answer; with routes, or with "
            "another reject: use it only for a caller that proves to be this; null: for all"
        ),
    ] = None


_CHALLENGES = (RejectCode.AUTHENTICATION_REQUIRED,)
_NO_CREDENTIAL = Credential("")
_MD5 = DigestAlgorithm.MD5.value
_ALL_ALGORITHMS = ",".join(DigestAlgorithm)
_encoder = msgspec.json.Encoder()


def write_answer(outcome: Routes | Reject, call_id: str, from_tag: str, revision: int) -> bytes:
    """The answer to Kamailio: as many legs as fit into what it reads."""
    decision = decision_id(call_id, from_tag, revision)
    if not isinstance(outcome, Routes):
        return _encoder.encode(_rejected(outcome, revision, decision))
    answer = _routed(outcome, revision, decision)
    body = _encoder.encode(answer)
    while len(body) > MAX_ANSWER_BYTES:
        _leave_out(answer.rtjson.routes, outcome.match_kind)
        if not answer.rtjson.routes:
            text = "the answer is too long for Kamailio"
            too_long = Reject(
                RejectCode.ANSWER_TOO_LONG, text, verify=outcome.verify, account=outcome.account
            )
            return _encoder.encode(_rejected(too_long, revision, decision))
        body = _encoder.encode(answer)
    return body


def _leave_out(routes: list[Route], match_kind: MatchKind) -> None:
    """Leave out the last leg; of an emergency call the last but for a first one of each of two
    carriers, as long as there are others."""
    at = len(routes) - 1
    if match_kind is MatchKind.EMERGENCY:
        first: dict[str, int] = {}
        for place, route in enumerate(routes):
            first.setdefault(route.carrier, place)
        needed = sorted(place for carrier, place in first.items() if carrier)[:2]
        at = max((place for place in range(len(routes)) if place not in needed), default=at)
    del routes[at]


def decision_id(call_id: str, from_tag: str, revision: int) -> str:
    """16 hexadecimal digits: the same call asked again on the same revision is the same."""
    text = f"{call_id}\0{from_tag}\0{revision}"
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _routed(routes: Routes, revision: int, decision: str) -> RtjsonAnswer:
    return RtjsonAnswer(
        Rtjson(
            success=True,
            version="1.0",
            routing="parallel" if routes.mode is GroupMode.PARALLEL else "serial",
            routes=_write_routes(routes.legs),
            code=routes.match_kind,
            reason="",
            sip_code=200,
            sip_reason="OK",
            tenant=routes.tenant_id,
            source_trunk=routes.account.source_trunk_id,
            calling_number=routes.account.calling_number,
            called_number=routes.account.called_number,
            match=routes.match_id,
            revision=revision,
            decision=decision,
        ),
        _write_auth(routes.verify),
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
            tenant=reject.account.tenant_id,
            source_trunk=reject.account.source_trunk_id,
            calling_number=reject.account.calling_number,
            called_number=reject.account.called_number,
            match="",
            revision=revision,
            decision=decision,
        ),
        _write_challenge(reject) if reject.code in _CHALLENGES else _write_auth(reject.verify),
    )


def _write_challenge(reject: Reject) -> Auth:
    return Auth(reject.realm, "", _MD5 if reject.is_md5_realm else _ALL_ALGORITHMS, "", "")


def _write_auth(verify: DigestIdentity | None) -> Auth | None:
    if verify is None:
        return None
    algorithms = _ALL_ALGORITHMS if verify.ha1_sha256 else _MD5
    return Auth(verify.realm, verify.username, algorithms, verify.ha1, verify.ha1_sha256)


def _write_routes(legs: tuple[Leg, ...]) -> list[Route]:
    routes = []
    headers: Headers | None = None
    from_written: Party | None = None
    from_, extra, replaces = HeaderParty("", ""), "", ""
    for leg in legs:
        # Legs of like trunks share From and headers; the history ends in the leg's own URI.
        if leg.from_ is not from_written or leg.headers is not headers or leg.headers.history:
            headers, from_written = leg.headers, leg.from_
            from_ = HeaderParty(_format_from_display(leg), leg.from_.uri)
            extra = write_headers(headers, leg.request_uri)
            replaces = write_replaced(headers)
        to = HeaderParty(format_display(leg.to.display), leg.to.uri)
        target = leg.target
        credential = target.credential or _NO_CREDENTIAL
        routes.append(
            Route(
                leg.request_uri,
                target.destination,
                "",
                target.socket,
                RouteHeaders(from_, to, extra),
                0,
                target.fr_timer_ms,
                target.fr_inv_timer_ms,
                target.trunk_id,
                target.endpoint_id,
                target.carrier_id,
                replaces,
                target.reroute.before_text,
                target.reroute.after_text,
                credential.username,
                credential.password,
                credential.realm,
                credential.ha1,
                credential.ha1_sha256,
            )
        )
    return routes


def _format_from_display(leg: Leg) -> str:
    """Where it is empty the caller's own stays: one that must not be there is replaced by the
    name that is none."""
    display = format_display(leg.from_.display)
    return display or ('""' if leg.headers.is_name_withheld else "")
