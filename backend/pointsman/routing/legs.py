"""Step 8: what each try looks like on the wire, always starting from the original call."""

from pointsman.routing.call import Call
from pointsman.routing.choice import Candidate
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.number import Number, NumberFormat, read_number, write_number
from pointsman.routing.outcome import Leg, Note, Party, Reject, Step
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import escape_user, format_host

# RFC 3323 section 4.1.1.3: the host of a caller that is not to be known.
ANONYMOUS_HOST = "anonymous.invalid"

_Caller = tuple[Party, Party | None]


def build_legs(
    incoming: Incoming, match: Match, candidates: list[Candidate], given: Circumstances
) -> tuple[Leg, ...] | Reject:
    """One leg a candidate, as many as the group tries."""
    call, numbers, source = incoming.call, incoming.numbers, incoming.source.trunk
    at_domain = f"@{format_host(match.request_host)}" if match.request_host else ""
    display = call.to.display
    # What trunks of the same format and policy have in common is written once.
    called_as: dict[NumberFormat, str] = {}
    callers: dict[tuple[NumberFormat, str, bool], _Caller] = {}
    legs = []
    most = match.choice.max_candidates
    for candidate in candidates[:most]:
        trunk = candidate.trunk
        number_format = trunk.number_format
        called = called_as.get(number_format)
        if called is None:
            called = called_as[number_format] = f"sip:{_user(numbers.called, number_format)}"
        policy = (number_format, trunk.from_host, trunk.send_asserted_identity)
        caller = callers.get(policy)
        if caller is None:
            caller = callers[policy] = _write_caller(call, numbers.calling, source, trunk)
        legs.append(
            Leg(
                trunk.id,
                candidate.id,
                called + (at_domain or candidate.at_socket),
                candidate.destination,
                caller[0],
                Party(display, called + (at_domain or candidate.at_host)),
                caller[1],
                trunk.fr_timer_ms,
                trunk.fr_inv_timer_ms,
            )
        )
    if given.trace is not None:
        for candidate in candidates[:most]:
            given.trace.append(Note(Step.LEGS, candidate.trunk.name, candidate.endpoint.host))
        for candidate in candidates[most:]:
            text = f"dropped: is beyond the {most} that its group tries"
            given.trace.append(Note(Step.CANDIDATES, candidate.trunk.name, text))
    return tuple(legs)


def _write_caller(call: Call, calling: Number, source: Trunk, trunk: Trunk) -> _Caller:
    """From, and P-Asserted-Identity where it is sent."""
    caller = call.from_
    user = _user(calling, trunk.number_format)
    if caller.uri.host == ANONYMOUS_HOST:
        host = ANONYMOUS_HOST
    else:
        # A tel URI has no host: the caller is known by where it calls from.
        host = format_host(trunk.from_host or caller.uri.host or call.source_ip)
    from_ = Party(caller.display, f"sip:{user}@{host}" if user else f"sip:{host}")
    return from_, _write_identity(call, calling, source, trunk)


def _write_identity(call: Call, calling: Number, source: Trunk, trunk: Trunk) -> Party | None:
    """P-Asserted-Identity (RFC 3325 section 9.1: one sip URI): the identity that the peer
    asserts, else the calling number where it is one. Nobody anonymous is asserted."""
    given, number = call.asserted, calling
    if given is None:
        if call.has_unreadable_identity or not calling.e164:
            return None
        given = call.from_
    else:
        number = read_number(given.uri, source.number_format)
    if not trunk.send_asserted_identity or not number.text:
        return None
    if given.uri.host == ANONYMOUS_HOST:
        return None
    host = trunk.from_host or given.uri.host or call.source_ip
    return Party(given.display, f"sip:{_user(number, trunk.number_format)}@{format_host(host)}")


def _user(number: Number, number_format: NumberFormat) -> str:
    text = write_number(number, number_format)
    # An E.164 number is digits and a plus: nothing to escape.
    return text if number.e164 else escape_user(text)
