"""Step 6: what does the called number match? A DID, a domain, or a routing rule.

A number or a domain of the tenant is internal: it goes to the tenant's PBX or nowhere, never
on to a carrier.
"""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.did import Did
from pointsman.routing.number import Number
from pointsman.routing.outcome import MatchKind, Note, Reject, RejectCode, Step, Trace
from pointsman.routing.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import Source
from pointsman.routing.trunk import TrunkKind


class Match(Struct, frozen=True, gc=False):
    """What matched, whose it is, and the trunks to choose among.

    `request_host` replaces the endpoint's host in the Request-URI: a PBX wants calls to its
    domain by that domain.
    """

    kind: MatchKind
    id: str
    tenant_id: str
    trunks: tuple[RoutingGroupTrunk, ...]
    internal: bool
    request_host: str = ""


def match_called(
    call: Call, called: Number, source: Source, snapshot: Snapshot, trace: Trace | None
) -> Match | Reject:
    """DID first (longest prefix), then domain, then routing rule."""
    found = (
        _match_did(called, source, snapshot, trace)
        or _match_domain(call, called, source, snapshot, trace)
        or _match_rule(called, source, snapshot, trace)
    )
    if found is None:
        return Reject(RejectCode.NO_ROUTE, f"no DID, domain or routing rule matches {called.text}")
    if isinstance(found, Match) and not snapshot.tenants[found.tenant_id].enabled:
        return Reject(
            RejectCode.TENANT_DISABLED,
            f"the tenant {snapshot.tenants[found.tenant_id].name} is disabled",
        )
    return found


def _match_did(
    called: Number, source: Source, snapshot: Snapshot, trace: Trace | None
) -> Match | Reject | None:
    did = snapshot.dids.longest(called.text) if called.e164 else None
    if did is None:
        return None
    if did.tenant_id not in source.tenant_ids:
        if trace is not None:
            trace.append(Note(Step.MATCH, did.prefix, "DID of a tenant out of this source's reach"))
        return None
    if not did.enabled:
        return Reject(RejectCode.DID_DISABLED, f"the DID {did.prefix} is disabled")
    if trace is not None:
        trace.append(Note(Step.MATCH, did.prefix, "DID, the longest prefix"))
    return Match(MatchKind.DID, did.id, did.tenant_id, _did_trunks(did, snapshot), internal=True)


def _did_trunks(did: Did, snapshot: Snapshot) -> tuple[RoutingGroupTrunk, ...]:
    if did.pbx_trunk_id:
        return (RoutingGroupTrunk(did.pbx_trunk_id),)
    return snapshot.routing_groups[did.routing_group_id].trunks


def _match_domain(
    call: Call, called: Number, source: Source, snapshot: Snapshot, trace: Trace | None
) -> Match | None:
    domain = snapshot.domains.get(call.request_uri.host)
    if domain is None:
        return None
    if domain.tenant_id not in source.tenant_ids:
        if trace is not None:
            trace.append(
                Note(Step.MATCH, domain.name, "domain of a tenant out of this source's reach")
            )
        return None
    if called.e164 and domain.pbx_trunk_id == source.trunk.id:
        # A PBX that dials a telephone number under its own domain asks for a way out.
        if trace is not None:
            trace.append(Note(Step.MATCH, domain.name, "the source's own domain: rules decide"))
        return None
    if trace is not None:
        trace.append(Note(Step.MATCH, domain.name, "domain"))
    trunks = (RoutingGroupTrunk(domain.pbx_trunk_id),)
    return Match(
        MatchKind.DOMAIN, domain.id, domain.tenant_id, trunks, internal=True,
        request_host=domain.name,
    )  # fmt: skip


def _match_rule(
    called: Number, source: Source, snapshot: Snapshot, trace: Trace | None
) -> Match | None:
    if source.trunk.kind is not TrunkKind.PBX:
        # Rules lead to carriers: a carrier's calls end at the tenants' own numbers.
        if trace is not None:
            trace.append(
                Note(Step.MATCH, source.trunk.name, "routing rules serve calls from a PBX only")
            )
        return None
    tenant_id = source.trunk.tenant_id
    table = snapshot.routing_rules.get(tenant_id)
    if table is None:
        return None
    for compiled_rules in table.all(called.text):
        for compiled in compiled_rules:
            rule = compiled.rule
            if not compiled.matches(called.text):
                if trace is not None:
                    trace.append(
                        Note(Step.MATCH, rule.name, f"regex {rule.called_regex} does not match")
                    )
                continue
            if trace is not None:
                trace.append(
                    Note(Step.MATCH, rule.name, f"routing rule for {rule.called_prefix or 'all'}")
                )
            group: RoutingGroup = snapshot.routing_groups[rule.routing_group_id]
            return Match(MatchKind.ROUTING_RULE, rule.id, tenant_id, group.trunks, internal=False)
    return None
