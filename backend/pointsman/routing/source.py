"""Step 1: which trunk sends this call? Fails closed."""

from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.carrier import Carrier
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.source_table import SourceTable
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk, TrunkKind


class Source(Struct, frozen=True, gc=False):
    """The trunk a call comes from, and the tenants whose numbers it may reach; `of_tenant` is
    the one whose PBX it is, "" for a carrier. `reject` is for all calls of a source that is
    disabled in any way."""

    trunk: Trunk
    of_tenant: str
    tenant_ids: frozenset[str]
    reject: Reject | None


def compile_source(
    trunk: Trunk, tenants: Mapping[str, Tenant], carriers: Mapping[str, Carrier]
) -> Source:
    """What a call from this trunk comes from."""
    disabled = None
    if not trunk.enabled:
        disabled = Reject(RejectCode.TRUNK_DISABLED, f"the source trunk {trunk.name} is disabled")
    if trunk.kind is TrunkKind.CARRIER:
        carrier = carriers[trunk.carrier_id]
        if disabled is None and not carrier.enabled:
            text = f"the carrier {carrier.name} is disabled"
            disabled = Reject(RejectCode.CARRIER_DISABLED, text)
        return Source(trunk, "", carrier.tenant_ids, disabled)
    tenant = tenants[trunk.tenant_id]
    if disabled is None and not tenant.enabled:
        disabled = Reject(RejectCode.TENANT_DISABLED, f"the tenant {tenant.name} is disabled")
    return Source(trunk, tenant.id, frozenset((tenant.id,)), disabled)


def identify_source(
    call: Call, sources: SourceTable[Source], trace: Trace | None
) -> Source | Reject:
    """The source, by the longest network that holds the socket's address."""
    source = sources.longest(call.source_ip)
    if source is None:
        return Reject(RejectCode.UNKNOWN_SOURCE, f"no trunk has the source {call.source_ip}")
    if trace is not None:
        trace.append(Note(Step.SOURCE, source.trunk.name, f"sends from {call.source_ip}"))
    return source if source.reject is None else source.reject
