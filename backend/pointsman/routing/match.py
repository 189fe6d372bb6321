"""Step 6: what does the called number match? A DID, a domain, or a routing rule.

A number or a domain of the tenant is internal: it goes to the tenant's PBX or nowhere, never
on to a carrier.
"""

from msgspec import Struct

from pointsman.routing.choice import Choice
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.emergency_numbers import EmergencyNumber
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.incoming import Incoming
from pointsman.routing.number import Number
from pointsman.routing.outcome import MatchKind, Note, Reject, RejectCode, Step, Trace
from pointsman.routing.rule_table import Asked, PlainRule, find_rule, trace_rules
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.sources import Source


class Match(Struct, frozen=True, gc=False):
    """What matched, whose it is, and where it leads.

    An `internal` call stays on the tenant's own PBXs. `request_host` replaces the endpoint's
    host in the Request-URI: a PBX wants calls to its domain by that domain. An emergency call
    has its plan, whose caller is told instead of the caller.
    """

    kind: MatchKind
    id: str
    tenant_id: str
    choice: Choice
    internal: bool
    request_host: str = ""
    emergency_plan: EmergencyPlan | None = None


class Forward(Struct, frozen=True, gc=False):
    """A rule sends the call on with another called number."""

    rule_id: str
    called: Number


def match_called(incoming: Incoming, given: Circumstances) -> Match | Forward | Reject:
    """DID first (longest prefix), then domain, then routing rule."""
    called, source = incoming.numbers.called, incoming.source
    snapshot, trace = given.snapshot, given.trace
    found = (
        _match_did(called, source, snapshot, trace)
        or _match_domain(incoming, snapshot, trace)
        or _match_rule(incoming, given)
    )
    if found is None:
        return Reject(RejectCode.NO_ROUTE, f"no DID, domain or routing rule matches {called.text}")
    if isinstance(found, Match):
        # A PBX's own tenant is at hand.
        home = source.home if found.tenant_id is source.of_tenant else None
        tenant = (home or snapshot.tenants[found.tenant_id]).tenant
        if not tenant.enabled:
            return Reject(RejectCode.TENANT_DISABLED, f"the tenant {tenant.name} is disabled")
    return found


def match_emergency(number: EmergencyNumber) -> Match:
    """An emergency call."""
    plan = number.plan
    return Match(
        MatchKind.EMERGENCY,
        plan.id,
        plan.tenant_id,
        number.choice,
        internal=False,
        emergency_plan=plan,
    )


def _match_did(
    called: Number, source: Source, snapshot: Snapshot, trace: Trace | None
) -> Match | Reject | None:
    did = snapshot.dids.longest(called.text) if called.e164 else None
    if did is None:
        return None
    if did.tenant_id not in source.tenant_ids:
        _note(trace, did.prefix, "DID of a tenant out of this source's reach")
        return None
    if not did.enabled:
        return Reject(RejectCode.DID_DISABLED, f"the DID {did.prefix} is disabled")
    _note(trace, did.prefix, "DID, the longest prefix")
    choices = snapshot.tenants[did.tenant_id].choices
    choice = choices[did.routing_group_id or did.pbx_trunk_id]
    return Match(MatchKind.DID, did.id, did.tenant_id, choice, internal=True)


def _match_domain(incoming: Incoming, snapshot: Snapshot, trace: Trace | None) -> Match | None:
    domain = snapshot.domains.get(incoming.call.request_uri.host)
    if domain is None:
        return None
    called, source = incoming.numbers.called, incoming.source
    if incoming.numbers.diverted:
        # The domain is of the number that was dialled, not of the one it was forwarded to.
        _note(
            trace, domain.name, "the domain of the number that a rule has sent on: not of this one"
        )
        return None
    if domain.tenant_id not in source.tenant_ids:
        _note(trace, domain.name, "domain of a tenant out of this source's reach")
        return None
    if called.e164 and domain.pbx_trunk_id == source.trunk.id:
        # A PBX that dials a telephone number under its own domain asks for a way out.
        _note(trace, domain.name, "the source's own domain: rules decide")
        return None
    _note(trace, domain.name, "domain")
    choice = snapshot.tenants[domain.tenant_id].choices[domain.pbx_trunk_id]
    return Match(
        MatchKind.DOMAIN,
        domain.id,
        domain.tenant_id,
        choice,
        internal=True,
        request_host=domain.name,
    )


def _match_rule(incoming: Incoming, given: Circumstances) -> Match | Forward | Reject | None:
    source, trace = incoming.source, given.trace
    tenant_id, tenant = source.of_tenant, source.home
    if tenant is None:
        # Rules lead to carriers: a carrier's calls end at the tenants' own numbers.
        _note(trace, source.trunk.name, "routing rules serve calls from a PBX only")
        return None
    table = tenant.rules
    if table is None:
        return None
    caller = incoming.caller if table.reads_caller else ""
    asked = Asked(incoming.numbers.called.text, caller, source.trunk.id, given.now)
    if trace is not None:
        trace_rules(table, asked, trace)
    found = find_rule(table, asked)
    if found is None:
        return None
    if isinstance(found, PlainRule):
        return Match(
            MatchKind.ROUTING_RULE,
            found.id,
            tenant_id,
            tenant.choices[found.routing_group_id],
            internal=False,
        )
    rule = found.rule
    if found.answer is not None:
        text = f"the routing rule {rule.name} refuses calls to {asked.called}"
        return Reject(RejectCode.REJECTED_BY_RULE, text, found.answer)
    if found.forward is not None:
        _note(trace, rule.name, f"sends the call on to {found.forward.text}")
        return Forward(rule.id, found.forward)
    choice = tenant.choices[rule.routing_group_id]
    return Match(MatchKind.ROUTING_RULE, rule.id, tenant_id, choice, internal=False)


def _note(trace: Trace | None, subject: str, text: str) -> None:
    if trace is not None:
        trace.append(Note(Step.MATCH, subject, text))
