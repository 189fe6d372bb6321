"""Step 8: what each try looks like on the wire, always starting from the original call."""

from pointsman.routing.choice import Candidate
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.normalization import CompiledProfile, read_number, write_number
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number import Number, NumberFormat
from pointsman.routing.outcome import Leg, Note, Party, Reject, Step
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import escape_user, format_host

# RFC 3323 section 4.1.1.3: the host of a caller that is not to be known.
ANONYMOUS_HOST = "anonymous.invalid"

_Caller = tuple[Party, Party | None]
# How numbers are written: a format and the id of a profile.
_Form = tuple[NumberFormat, str]


def build_legs(
    incoming: Incoming, match: Match, candidates: list[Candidate], given: Circumstances
) -> tuple[Leg, ...] | Reject:
    """One leg a candidate, as many as the group tries."""
    call, numbers = incoming.call, incoming.numbers
    at_domain = f"@{format_host(match.request_host)}" if match.request_host else ""
    display = call.to.display
    # What trunks of the same format and policy have in common is written once.
    called_as: dict[_Form, str] = {}
    callers: dict[tuple[_Form, str, bool], _Caller] = {}
    legs = []
    most = match.choice.max_candidates
    for candidate in candidates[:most]:
        trunk = candidate.trunk
        form = (trunk.number_format, trunk.normalization_profile_id)
        called = called_as.get(form)
        if called is None:
            user = _user(numbers.called, NumberField.CALLED, trunk, candidate.profile)
            called = called_as[form] = f"sip:{user}"
        policy = (form, trunk.from_host, trunk.send_asserted_identity)
        caller = callers.get(policy)
        if caller is None:
            caller = callers[policy] = _write_caller(incoming, trunk, candidate.profile)
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
                trunk.carrier_id,
                candidate.reroute,
            )
        )
    if given.trace is not None:
        for candidate in candidates[:most]:
            given.trace.append(Note(Step.LEGS, candidate.trunk.name, candidate.endpoint.host))
        for candidate in candidates[most:]:
            text = f"dropped: is beyond the {most} that its group tries"
            given.trace.append(Note(Step.CANDIDATES, candidate.trunk.name, text))
    return tuple(legs)


def _write_caller(incoming: Incoming, trunk: Trunk, profile: CompiledProfile | None) -> _Caller:
    """From, and P-Asserted-Identity where it is sent."""
    call = incoming.call
    caller = call.from_
    user = _user(incoming.numbers.calling, NumberField.CALLING, trunk, profile)
    if caller.uri.host == ANONYMOUS_HOST:
        host = ANONYMOUS_HOST
    else:
        # A tel URI has no host: the caller is known by where it calls from.
        host = format_host(trunk.from_host or caller.uri.host or call.source_ip)
    from_ = Party(caller.display, f"sip:{user}@{host}" if user else f"sip:{host}")
    return from_, _write_identity(incoming, trunk, profile)


def _write_identity(
    incoming: Incoming, trunk: Trunk, profile: CompiledProfile | None
) -> Party | None:
    """P-Asserted-Identity (RFC 3325 section 9.1: one sip URI): the identity that the peer
    asserts, else the calling number where it is one. Nobody anonymous is asserted."""
    call, source = incoming.call, incoming.source
    given, number = call.asserted, incoming.numbers.calling
    if given is None:
        if call.has_unreadable_identity or not number.e164:
            return None
        given = call.from_
    else:
        form = source.trunk.number_format
        number = read_number(given.uri, NumberField.CALLING, form, source.profile)
    if not trunk.send_asserted_identity or not number.text:
        return None
    if given.uri.host == ANONYMOUS_HOST:
        return None
    host = format_host(trunk.from_host or given.uri.host or call.source_ip)
    user = _user(number, NumberField.CALLING, trunk, profile)
    return Party(given.display, f"sip:{user}@{host}")


def _user(number: Number, field: NumberField, trunk: Trunk, profile: CompiledProfile | None) -> str:
    text = write_number(number, field, trunk.number_format, profile)
    # An E.164 number is digits and a plus: nothing to escape.
    return text if number.e164 and profile is None else escape_user(text)
