"""Step 7: the endpoints left to try, in order; each one dropped has its reason in the trace."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.match import Match
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.routing_group import RoutingGroupTrunk
from pointsman.routing.share import order_by_share
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import Source
from pointsman.routing.trunk import Endpoint, Trunk, TrunkKind

_LOOP = "is where the call comes from"


class Candidate(Struct, frozen=True, gc=False):
    """An endpoint that may take the call, and its trunk."""

    trunk: Trunk
    endpoint: Endpoint


def find_candidates(
    call: Call, match: Match, source: Source, snapshot: Snapshot, trace: Trace | None
) -> list[Candidate] | Reject:
    """Trunks by priority and weight, each with its endpoints by priority and weight."""
    kept: list[Candidate] = []
    looped = dropped = False
    for entry in order_by_share(match.trunks, call.sip_call_id, _trunk_id):
        trunk = snapshot.trunks[entry.trunk_id]
        reason = _trunk_fault(entry, trunk, match, source, snapshot)
        if reason:
            looped, dropped = looped or reason is _LOOP, dropped or reason is not _LOOP
            _note_drop(trace, trunk.name, reason)
            continue
        for endpoint in order_by_share(trunk.endpoints, call.sip_call_id, _endpoint_id):
            reason = _endpoint_fault(endpoint, call, snapshot)
            if reason:
                looped, dropped = looped or reason is _LOOP, dropped or reason is not _LOOP
                _note_drop(trace, f"{trunk.name} {endpoint.host}", reason)
                continue
            kept.append(Candidate(trunk, endpoint))
    if kept:
        return kept
    if looped and not dropped:
        return Reject(RejectCode.LOOP, "the only way leads back to where the call comes from")
    return Reject(RejectCode.NO_CANDIDATE, "no trunk with an enabled endpoint is left")


def _trunk_id(entry: RoutingGroupTrunk) -> str:
    return entry.trunk_id


def _endpoint_id(endpoint: Endpoint) -> str:
    return endpoint.id


def _trunk_fault(
    entry: RoutingGroupTrunk, trunk: Trunk, match: Match, source: Source, snapshot: Snapshot
) -> str:
    if not entry.enabled:
        return "is disabled in its group"
    if not trunk.enabled:
        return "is disabled"
    if trunk.kind is TrunkKind.CARRIER:
        if match.internal:
            return "is a carrier's: an internal destination never goes to a carrier"
        if not snapshot.carriers[trunk.carrier_id].enabled:
            return "is of a disabled carrier"
        if match.tenant_id not in snapshot.carriers[trunk.carrier_id].tenant_ids:
            return "is of a carrier not granted to the tenant"
    elif trunk.tenant_id != match.tenant_id:
        return "is of another tenant"
    return _LOOP if trunk.id == source.trunk.id else ""


def _endpoint_fault(endpoint: Endpoint, call: Call, snapshot: Snapshot) -> str:
    if not endpoint.enabled:
        return "is disabled"
    socket = endpoint.socket
    if socket in snapshot.router_sockets or socket == (call.received_ip, call.received_port):
        return "is a Kamailio node of this platform"
    if socket == (call.source_ip, call.source_port):
        return _LOOP
    return ""


def _note_drop(trace: Trace | None, subject: str, reason: str) -> None:
    if trace is not None:
        trace.append(Note(Step.CANDIDATES, subject, f"dropped: {reason}"))
