"""Step 7: the endpoints left to try, in order; each one dropped has its reason in the trace."""

from collections.abc import Sequence

from pointsman.routing.call import Call
from pointsman.routing.choice import Candidate
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.share import order_by_share

_LOOP = "is where the call comes from"


def find_candidates(
    incoming: Incoming, match: Match, given: Circumstances
) -> list[Candidate] | Reject:
    """Trunks by priority and weight, each with its endpoints by priority and weight."""
    call, source, trace = incoming.call, incoming.source.trunk, given.trace
    routers = given.snapshot.router_sockets
    kept: list[Candidate] = []
    looped = dropped = False
    choice = match.choice
    places = order_by_share(choice.places, call.sip_call_id) if choice.tied else choice.places
    for place in places:
        fault = place.fault
        if not fault and place.trunk is source:
            fault = _LOOP
        elif not fault and match.internal and place.of_carrier:
            fault = "is a carrier's: an internal destination never goes to a carrier"
        if fault:
            looped, dropped = looped or fault is _LOOP, dropped or fault is not _LOOP
            _note_drop(trace, place.trunk.name, fault)
            continue
        candidates: Sequence[Candidate] = place.candidates
        if place.tied:
            candidates = order_by_share(candidates, call.sip_call_id)
        for candidate in candidates:
            fault = candidate.fault or _fault_of_call(candidate, call, routers)
            if fault:
                looped, dropped = looped or fault is _LOOP, dropped or fault is not _LOOP
                _note_drop(trace, f"{place.trunk.name} {candidate.endpoint.host}", fault)
                continue
            kept.append(candidate)
    if kept:
        return kept
    if looped and not dropped:
        return Reject(RejectCode.LOOP, "the only way leads back to where the call comes from")
    return Reject(RejectCode.NO_CANDIDATE, "no trunk with an enabled endpoint is left")


def _fault_of_call(candidate: Candidate, call: Call, routers: frozenset[tuple[str, int]]) -> str:
    socket = candidate.socket
    if socket in routers or socket == (call.received_ip, call.received_port):
        return "is a Kamailio node of this platform"
    return _LOOP if socket == (call.source_ip, call.source_port) else ""


def _note_drop(trace: Trace | None, subject: str, reason: str) -> None:
    if trace is not None:
        trace.append(Note(Step.CANDIDATES, subject, f"dropped: {reason}"))
