"""What a leg says in its headers: who calls, who was called before, and more."""

from pointsman.routing.call import Call
from pointsman.routing.caller_id import Caller, CallerId
from pointsman.routing.diversion import list_diverted
from pointsman.routing.extra_header import write_headers
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.outcome import Diverted, Headers, Party
from pointsman.routing.presentation import Presentation, write_party
from pointsman.routing.privacy import ANONYMOUS, ANONYMOUS_USER, write_privacy
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.trunk import CallerIdPolicy


def write_leg_headers(
    incoming: Incoming,
    match: Match,
    presentation: Presentation,
    caller_id: CallerId,
    snapshot: Snapshot,
) -> tuple[Party, Headers]:
    """From, and the other headers of all legs of a presentation."""
    call, plan, extra = incoming.call, match.emergency_plan, presentation.extra_headers
    caller, identity = caller_id.from_, caller_id.identity
    from_ = ANONYMOUS if caller is None else _write(caller, call, presentation)
    told: Party | None = None
    if identity is not None and presentation.sends_identity:
        told = from_ if identity is caller else _write(identity, call, presentation)
    diverted: tuple[Diverted, ...] = ()
    privacy: tuple[str, ...] = ()
    if plan is None:
        if presentation.sends_diversion or presentation.sends_history:
            diverted = list_diverted(incoming, presentation, private=caller_id.private)
        if caller_id.private or call.privacy:
            privacy = _privacy(call, presentation, caller_id, told)
    headers = Headers(
        told if presentation.send_asserted_identity else None,
        told if presentation.send_preferred_identity else None,
        told if presentation.send_remote_party_id else None,
        caller_id.private,
        privacy,
        diverted if presentation.sends_diversion else (),
        diverted if presentation.sends_history else (),
        "" if plan is None else plan.geolocation_uri,
        write_headers(extra, _values(incoming, match, caller_id, snapshot)) if extra else (),
        caller_id.replaced,
    )
    return from_, headers


def _write(caller: Caller, call: Call, presentation: Presentation) -> Party:
    # A tel URI has no host: the caller is known by where it calls from.
    return write_party(presentation, caller.display, caller.number, caller.host or call.source_ip)


def _privacy(
    call: Call, presentation: Presentation, caller_id: CallerId, told: Party | None
) -> tuple[str, ...]:
    """Privacy as the caller asks for it. Beside an identity that From withholds it has "id", for
    the far end would else show the one in place of the other (RFC 3325 section 9.3)."""
    asked = call.privacy
    if presentation.caller_id_policy is CallerIdPolicy.ANONYMOUS:
        asked -= {"none"}
    if told is not None and caller_id.anonymous:
        asked |= {"id"}
    return write_privacy(asked)


def _values(
    incoming: Incoming, match: Match, caller_id: CallerId, snapshot: Snapshot
) -> dict[str, str]:
    """What extra headers may tell of a call: of its caller no more than From does."""
    caller = caller_id.from_
    calling = ANONYMOUS_USER if caller is None or caller_id.anonymous else caller.number.text
    return {
        "called_number": incoming.numbers.called.text,
        "calling_number": calling,
        "sip_call_id": incoming.call.sip_call_id,
        "tenant": snapshot.tenants[match.tenant_id].tenant.name,
        "source_trunk": incoming.source.trunk.name,
    }
