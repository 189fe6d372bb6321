"""Step 8: what each try looks like on the wire, always starting from the original call.

The called number stands in the Request-URI and in To alike: as the trunk writes numbers, behind
its tech prefix, an emergency number as well, since a carrier that tells its customers by the
prefix knows nobody without.
"""

from msgspec import Struct

from pointsman.routing.caller_id import CallerId, find_caller_id
from pointsman.routing.candidate import Candidate
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.leg_headers import write_leg_headers
from pointsman.routing.match import Match
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.outcome import Headers, Leg, Note, Party, Reject, RejectCode, Step, Trace
from pointsman.routing.presentation import Presentation, write_user
from pointsman.routing.uri import escape_user, format_host

# A reject names so many of the trunks that cannot have the call.
_MAX_REASONS = 3


class _Written(Struct, frozen=True, gc=False):
    """What all legs of a presentation have in common: `called` is "sip:" and the user."""

    called: str
    from_: Party
    headers: Headers


def build_legs(
    incoming: Incoming, match: Match, candidates: list[Candidate], given: Circumstances
) -> tuple[Leg, ...] | Reject:
    """One leg a candidate, as many as the group tries; a reject where no trunk can have the
    call."""
    at_domain = f"@{format_host(match.request_host)}" if match.request_host else ""
    display, most, trace = incoming.call.to_display, match.choice.max_candidates, given.trace
    # By presentation, which like trunks share; a reject where they can have no such call.
    written: dict[Presentation, _Written | Reject] = {}
    legs: list[Leg] = []
    dropped: list[tuple[Candidate, Reject]] = []
    for candidate in candidates:
        if len(legs) == most:
            _note_beyond(candidates[most + len(dropped) :], most, trace)
            break
        presentation = candidate.presentation
        same = written.get(presentation)
        if same is None:
            same = written[presentation] = _write(incoming, match, presentation, given)
        if not isinstance(same, _Written):
            dropped.append((candidate, same))
            _note_drop(candidate, same.reason, trace)
            continue
        called = same.called
        request_uri = called + (at_domain or candidate.at_socket)
        to = Party(display, called + (at_domain or candidate.at_host))
        legs.append(Leg(candidate.target, request_uri, same.from_, to, same.headers))
        if trace is not None:
            trace.append(Note(Step.LEGS, candidate.trunk.name, candidate.endpoint.host))
    return tuple(legs) if legs else _reject(dropped)


def _write(
    incoming: Incoming, match: Match, presentation: Presentation, given: Circumstances
) -> _Written | Reject:
    """What a call is to trunks of this presentation."""
    caller_id = find_caller_id(incoming, match, presentation, given.snapshot)
    if not isinstance(caller_id, CallerId):
        return caller_id
    called = write_user(incoming.numbers.called, NumberField.CALLED, presentation)
    if presentation.tech_prefix:
        called = escape_user(presentation.tech_prefix) + called
    from_, headers = write_leg_headers(incoming, match, presentation, caller_id, given.snapshot)
    return _Written(f"sip:{called}", from_, headers)


def _reject(dropped: list[tuple[Candidate, Reject]]) -> Reject:
    """Why no trunk is left: all for the same reason, or for several."""
    codes = {reject.code for _, reject in dropped}
    code = codes.pop() if len(codes) == 1 else RejectCode.NO_CANDIDATE
    reasons = dict.fromkeys(
        f"{candidate.trunk.name} {reject.reason}" for candidate, reject in dropped
    )
    return Reject(code, "; ".join([*reasons][:_MAX_REASONS]))


def _note_drop(candidate: Candidate, reason: str, trace: Trace | None) -> None:
    if trace is not None:
        subject = f"{candidate.trunk.name} {candidate.endpoint.host}"
        trace.append(Note(Step.CANDIDATES, subject, f"dropped: {reason}"))


def _note_beyond(candidates: list[Candidate], most: int, trace: Trace | None) -> None:
    for candidate in candidates if trace is not None else ():
        _note_drop(candidate, f"is beyond the {most} that its group tries", trace)
