"""Step 1: which trunk sends this call? Fails closed."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import Trunk, TrunkKind


class Source(Struct, frozen=True, gc=False):
    """The trunk a call comes from, and the tenants whose numbers it may reach."""

    trunk: Trunk
    tenant_ids: frozenset[str]


def identify_source(call: Call, snapshot: Snapshot, trace: Trace | None) -> Source | Reject:
    """The source trunk, by the longest network that holds the socket's address."""
    trunk_id = snapshot.sources.longest(call.source_ip)
    if trunk_id is None:
        return Reject(RejectCode.UNKNOWN_SOURCE, f"no trunk has the source {call.source_ip}")
    trunk = snapshot.trunks[trunk_id]
    if trace is not None:
        trace.append(Note(Step.SOURCE, trunk.name, f"sends from {call.source_ip}"))
    if not trunk.enabled:
        return Reject(RejectCode.TRUNK_DISABLED, f"the source trunk {trunk.name} is disabled")
    if trunk.kind is TrunkKind.PBX:
        return _of_pbx(trunk, snapshot)
    return _of_carrier(trunk, snapshot)


def _of_pbx(trunk: Trunk, snapshot: Snapshot) -> Source | Reject:
    tenant = snapshot.tenants[trunk.tenant_id]
    if not tenant.enabled:
        return Reject(RejectCode.TENANT_DISABLED, f"the tenant {tenant.name} is disabled")
    return Source(trunk, frozenset((tenant.id,)))


def _of_carrier(trunk: Trunk, snapshot: Snapshot) -> Source | Reject:
    carrier = snapshot.carriers[trunk.carrier_id]
    if not carrier.enabled:
        return Reject(RejectCode.CARRIER_DISABLED, f"the carrier {carrier.name} is disabled")
    return Source(trunk, carrier.tenant_ids)
