"""The decision: where does this call go?"""

from pointsman.routing.call import Call
from pointsman.routing.candidates import find_candidates
from pointsman.routing.legs import build_legs
from pointsman.routing.match import match_called
from pointsman.routing.number import Numbers, read_number
from pointsman.routing.outcome import Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import identify_source
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import has_control


def decide(call: Call, snapshot: Snapshot, trace: Trace | None = None) -> Routes | Reject:
    """Routes for the call, or a reject with its reason.

    Depends on its arguments alone: the same call on the same snapshot always goes the same
    way. With a `trace`, every step and every candidate dropped is noted there.
    """
    source = identify_source(call, snapshot.sources, trace)
    if isinstance(source, Reject):
        return source
    numbers = _read_numbers(call, source.trunk, trace)
    if isinstance(numbers, Reject):
        return numbers
    match = match_called(call, numbers.called, source, snapshot, trace)
    if isinstance(match, Reject):
        return match
    candidates = find_candidates(call, match, source.trunk, snapshot.router_sockets, trace)
    if isinstance(candidates, Reject):
        return candidates
    legs = build_legs(call, numbers, source.trunk, match, candidates)
    if trace is not None:
        for candidate in candidates[: len(legs)]:
            trace.append(Note(Step.LEGS, candidate.trunk.name, candidate.endpoint.host))
    return Routes(match.tenant_id, match.kind, match.id, legs)


def _read_numbers(call: Call, trunk: Trunk, trace: Trace | None) -> Numbers | Reject:
    """Called and calling number, by the source trunk's format; controls are refused, since
    these texts land in headers."""
    displays = call.from_.display + call.to.display
    if call.asserted is not None:
        displays += call.asserted.display + call.asserted.uri.user
    if has_control(displays + call.request_uri.user + call.from_.uri.user):
        return Reject(
            RejectCode.CONTROL_CHARACTER, "a display name or a number has a control character"
        )
    called = read_number(call.request_uri, trunk.number_format)
    if not called.text:
        return Reject(RejectCode.NO_CALLED_NUMBER, "the Request-URI has no user part")
    if called.text.startswith("+") and not called.e164:
        # Else a DID with something behind it would match no DID, and a rule for its prefix.
        return Reject(RejectCode.BAD_NUMBER, f"{called.text} is no E.164 number")
    calling = read_number(call.from_.uri, trunk.number_format)
    if trace is not None:
        form = "E.164" if called.e164 else f"not E.164 in the format {trunk.number_format}"
        trace.append(Note(Step.NUMBERS, called.text, f"called number, {form}"))
    return Numbers(called, calling)
