"""Step 1: which trunk sends this call? Fails closed."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.configuration import Configuration
from pointsman.routing.digest_identity import DigestIdentity
from pointsman.routing.normalization import CompiledProfile
from pointsman.routing.objects import Objects
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.source_table import SourceTable
from pointsman.routing.trunk import Trunk, TrunkKind


class Source(Struct, frozen=True, gc=False):
    """The trunk a call comes from, and the tenants whose numbers it may reach; `of_tenant` is
    the one whose PBX it is, "" for a carrier. `reject` is for all calls of a source that is
    disabled in any way."""

    trunk: Trunk
    of_tenant: str
    tenant_ids: frozenset[str]
    reject: Reject | None
    profile: CompiledProfile | None


class Sources(Struct, frozen=True):
    """The sources of all trunks, ready to look calls up."""

    by_network: SourceTable[Source]


class Identified(Struct, frozen=True, gc=False):
    """A call whose source is known: `call` is without the tech prefix of the source. With
    `verify` the caller has yet to prove that it is that identity."""

    source: Source
    call: Call
    verify: DigestIdentity | None = None


def compile_sources(configuration: Configuration, objects: Objects) -> Sources:
    """The sources of a configuration."""
    compiled = {trunk.id: compile_source(trunk, objects) for trunk in configuration.trunks}
    return Sources(
        SourceTable({source.network: compiled[source.trunk_id] for source in configuration.sources})
    )


def compile_source(trunk: Trunk, objects: Objects) -> Source:
    """What a call from this trunk comes from."""
    profile = objects.profiles.get(trunk.normalization_profile_id)
    disabled = None
    if not trunk.enabled:
        disabled = Reject(RejectCode.TRUNK_DISABLED, f"the source trunk {trunk.name} is disabled")
    if trunk.kind is TrunkKind.CARRIER:
        carrier = objects.carriers[trunk.carrier_id]
        if disabled is None and not carrier.enabled:
            text = f"the carrier {carrier.name} is disabled"
            disabled = Reject(RejectCode.CARRIER_DISABLED, text)
        return Source(trunk, "", carrier.tenant_ids, disabled, profile)
    tenant = objects.tenants[trunk.tenant_id]
    if disabled is None and not tenant.enabled:
        disabled = Reject(RejectCode.TENANT_DISABLED, f"the tenant {tenant.name} is disabled")
    return Source(trunk, tenant.id, frozenset((tenant.id,)), disabled, profile)


def identify_source(call: Call, sources: Sources, trace: Trace | None) -> Identified | Reject:
    """The source, by the longest network that holds the socket's address."""
    source = sources.by_network.longest(call.source_ip)
    if source is None:
        return Reject(RejectCode.UNKNOWN_SOURCE, f"no trunk has the source {call.source_ip}")
    if trace is not None:
        trace.append(Note(Step.SOURCE, source.trunk.name, f"sends from {call.source_ip}"))
    return Identified(source, call) if source.reject is None else source.reject
