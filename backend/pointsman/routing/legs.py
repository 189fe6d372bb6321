"""Step 8: what each try looks like on the wire, always starting from the original call."""

from pointsman.routing.call import Call
from pointsman.routing.candidates import Candidate
from pointsman.routing.match import Match
from pointsman.routing.number import Number, Numbers, read_number, write_number
from pointsman.routing.outcome import Leg
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import NameAddr, Uri

# A suspended transaction takes one of Kamailio's twelve branches (max_branches).
MAX_LEGS = 11
# RFC 3323 section 4.1.1.3: the host of a caller that is not to be known, or has none (tel).
ANONYMOUS_HOST = "anonymous.invalid"


def build_legs(
    call: Call, numbers: Numbers, source: Trunk, match: Match, candidates: list[Candidate]
) -> tuple[Leg, ...]:
    """One leg a candidate, as many as Kamailio can try."""
    return tuple(
        _build_leg(call, numbers, source, match, candidate) for candidate in candidates[:MAX_LEGS]
    )


def _build_leg(
    call: Call, numbers: Numbers, source: Trunk, match: Match, candidate: Candidate
) -> Leg:
    trunk, endpoint = candidate.trunk, candidate.endpoint
    user = write_number(numbers.called, trunk.number_format)
    if match.request_host:
        request_uri = Uri("sip", user, match.request_host)
    else:
        request_uri = Uri("sip", user, endpoint.host, endpoint.port, endpoint.uri_params)
    return Leg(
        trunk_id=trunk.id,
        endpoint_id=endpoint.id,
        request_uri=request_uri,
        destination=endpoint.destination,
        from_=NameAddr(call.from_.display, _caller_uri(call, numbers.calling, trunk)),
        to=NameAddr(call.to.display, Uri("sip", user, request_uri.host)),
        asserted_identity=_asserted_identity(call, numbers.calling, source, trunk),
        fr_timer_ms=trunk.fr_timer_ms,
        fr_inv_timer_ms=trunk.fr_inv_timer_ms,
    )


def _caller_uri(call: Call, calling: Number, trunk: Trunk) -> Uri:
    if call.from_.uri.host == ANONYMOUS_HOST:
        return call.from_.uri
    return Uri("sip", write_number(calling, trunk.number_format), _caller_host(call, trunk))


def _caller_host(call: Call, trunk: Trunk) -> str:
    return trunk.from_host or call.from_.uri.host or ANONYMOUS_HOST


def _asserted_identity(call: Call, calling: Number, source: Trunk, trunk: Trunk) -> NameAddr | None:
    """The identity the peer asserts, else the calling number where it is one.

    RFC 3325 section 9.1: one sip URI, with a display name of its own.
    """
    if not trunk.send_asserted_identity:
        return None
    if call.asserted is not None and call.asserted.uri.user:
        number = read_number(call.asserted.uri, source.number_format)
        host = trunk.from_host or call.asserted.uri.host or _caller_host(call, trunk)
        display = call.asserted.display
    elif calling.e164:
        number, host, display = calling, _caller_host(call, trunk), call.from_.display
    else:
        return None
    return NameAddr(display, Uri("sip", write_number(number, trunk.number_format), host))
