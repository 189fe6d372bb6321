"""The decision: where does this call go?

Its steps, in their order: source, numbers, emergency, screening, match, candidates, legs. With
another number that a rule sends a call on to, it begins again at emergency.
"""

from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.candidates import find_candidates
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.emergency import find_emergency, insist
from pointsman.routing.emergency_numbers import EmergencyNumber
from pointsman.routing.health import HEALTHY, Health
from pointsman.routing.incoming import Incoming
from pointsman.routing.legs import build_legs
from pointsman.routing.match import Forward, Match, match_called, match_emergency
from pointsman.routing.normalization import read_numbers
from pointsman.routing.number import Numbers
from pointsman.routing.outcome import Account, Leg, Reject, RejectCode, Routes, Trace
from pointsman.routing.registered_contact import find_called
from pointsman.routing.screening import screen_destination, screen_numbers
from pointsman.routing.snapshot import Snapshot
from pointsman.routing.source import Identified, identify_source
from pointsman.routing.sources import Source
from pointsman.routing.uri import NameAddr

# A call that rules send on this often is going in circles.
MAX_FORWARDS = 5


def decide(
    call: Call,
    snapshot: Snapshot,
    *,
    now: float,
    health: Health = HEALTHY,
    trace: Trace | None = None,
) -> Routes | Reject:
    """Routes for the call, or a reject with its reason.

    Depends on its arguments alone: the same call on the same snapshot, at the same time (`now`,
    Unix time in seconds) and in the same health, always goes the same way. With a `trace`, every
    step and every candidate dropped is noted there.
    """
    # Asking whether something is what it mostly is takes a third of asking whether it is not: so it
    # is throughout a decision.
    given = Circumstances(snapshot, now, health, trace)
    identified = identify_source(call, snapshot.sources, trace)
    if not isinstance(identified, Identified):
        return identified
    outcome = _route(identified, given)
    if identified.verify is not None and isinstance(outcome, Reject):
        return structs.replace(outcome, verify=identified.verify)
    return outcome


def _route(identified: Identified, given: Circumstances) -> Routes | Reject:
    """All steps but the first."""
    source = identified.source
    read = _read(identified.call, source, given)
    if not isinstance(read, Incoming):
        read = _read_nameless(read, identified, given)
        if not isinstance(read, Incoming):
            return structs.replace(read, account=Account(source.of_tenant, source.trunk.id))
    incoming, match = _match(read, given)
    if not isinstance(match, Match):
        return structs.replace(match, account=_account_of(incoming, source.of_tenant))
    legs = _find_legs(incoming, match, given)
    account = _account_of(incoming, match.tenant_id)
    if not isinstance(legs, tuple):
        return structs.replace(legs, account=account)
    mode, verify = match.choice.mode, identified.verify
    return Routes(match.tenant_id, match.kind, match.id, legs, mode, verify, account)


def _account_of(incoming: Incoming, tenant_id: str) -> Account:
    numbers = incoming.numbers
    return Account(tenant_id, incoming.source.trunk.id, numbers.calling.text, numbers.called.text)


def _read(call: Call, source: Source, given: Circumstances) -> Incoming | Reject:
    if given.snapshot.contacts:
        call = find_called(call, source.trunk, given.snapshot.contacts, given.trace)
    numbers = read_numbers(call, source.trunk, source.profile, given.trace)
    return Incoming(call, source, numbers) if isinstance(numbers, Numbers) else numbers


def _read_nameless(
    reject: Reject, identified: Identified, given: Circumstances
) -> Incoming | Reject:
    """An emergency call without the names in it: none of them keeps it from getting through."""
    if reject.code is not RejectCode.CONTROL_CHARACTER:
        return reject
    call = identified.call
    nameless = structs.replace(
        call,
        from_=NameAddr("", structs.replace(call.from_.uri, user="")),
        to_display="",
        asserted=None,
    )
    read = _read(nameless, identified.source, given)
    if not isinstance(read, Incoming):
        return reject
    is_emergency = _find_emergency(read, None) is not None
    return read if is_emergency else reject


def _find_legs(incoming: Incoming, match: Match, given: Circumstances) -> tuple[Leg, ...] | Reject:
    candidates = find_candidates(incoming, match, given)
    if not isinstance(candidates, list):
        return candidates
    if match.emergency_plan is not None:
        candidates = insist(candidates, match.choice.max_candidates)
    legs = build_legs(incoming, match, candidates, given)
    if given.health and not isinstance(legs, tuple):
        # None of those in good health can have the call: whatever the health, then.
        return _find_legs(incoming, match, structs.replace(given, health=HEALTHY))
    return legs


def _match(incoming: Incoming, given: Circumstances) -> tuple[Incoming, Match | Reject]:
    """What the call matches, with the numbers that it has by then."""
    for _ in range(MAX_FORWARDS + 1):
        emergency = _find_emergency(incoming, given.trace)
        if emergency is not None:
            numbers = structs.replace(incoming.numbers, called=emergency.called)
            return structs.replace(incoming, numbers=numbers), match_emergency(emergency)
        match = _screen_and_match(incoming, given)
        if isinstance(match, (Match, Reject)):
            return incoming, match
        numbers = incoming.numbers
        diverted = (*numbers.diverted, numbers.called)
        numbers = structs.replace(numbers, called=match.called, diverted=diverted)
        incoming = structs.replace(incoming, numbers=numbers)
    called = incoming.numbers.called.text
    text = f"rules send the call on more than {MAX_FORWARDS} times, at last to {called}"
    return incoming, Reject(RejectCode.TOO_MANY_FORWARDS, text)


def _find_emergency(incoming: Incoming, trace: Trace | None) -> EmergencyNumber | None:
    """The emergency number that a PBX calls; a carrier calls none."""
    home = incoming.source.home
    if home is None or not home.emergency:
        return None
    return find_emergency(incoming, home.emergency, trace)


def _screen_and_match(incoming: Incoming, given: Circumstances) -> Match | Forward | Reject:
    """A tenant's lists look at a call as soon as it is known whose it is: a PBX's before
    anything matches, a carrier's once it has."""
    home = incoming.source.home
    if home is not None:
        rejected = screen_numbers(incoming, home, given)
        if rejected is not None:
            return rejected
    match = match_called(incoming, given)
    if not isinstance(match, Match):
        return match
    rejected = None
    if home is None:
        rejected = screen_numbers(incoming, given.snapshot.tenants[match.tenant_id], given)
    if rejected is None and not match.internal:
        rejected = screen_destination(incoming, match, given)
    return match if rejected is None else rejected
