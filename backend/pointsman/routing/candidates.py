"""Step 7: the endpoints left to try, in order; each one dropped has its reason in the trace.

A group's places are ordered by its strategy, a trunk's endpoints by priority and weight. A group
within a group takes its place there, with its own order and its own bound on what comes of it;
the bound of the outermost is for the legs to keep, since they may drop some more. A trunk that is
reached twice is tried once, at its first place.

An endpoint in bad health is skipped by a share of the calls, unless nothing else is left. An
emergency call skips nothing and no group's bound holds for it: what is in bad health or draining
comes last.
"""

from collections.abc import Sequence

from msgspec import Struct

from pointsman.routing.candidate import Candidate
from pointsman.routing.choice import Choice, Place
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.outcome import Note, Reject, RejectCode, Step
from pointsman.routing.routing_group import Strategy
from pointsman.routing.share import is_in_share, order_by_share, order_by_turn

_LOOP = "is where the call comes from"


class _Found(Struct, gc=False):
    """The candidates to try, those for when nothing else is left, each in their order; and the
    trunks that they are of."""

    kept: list[Candidate]
    last: list[Candidate]
    trunk_ids: set[str]


class _Search(Struct, gc=False):
    """What the search for a call's candidates goes by, and what has been dropped in it."""

    incoming: Incoming
    match: Match
    given: Circumstances
    source_id: str
    source_socket: tuple[str, int]
    own_socket: tuple[str, int]
    is_emergency: bool
    looped: bool = False
    dropped: bool = False


def find_candidates(
    incoming: Incoming, match: Match, given: Circumstances
) -> list[Candidate] | Reject:
    """What is left of the choice that was matched, in the order in which this call tries it."""
    plain = _find_plain(incoming, match, given)
    if plain is not None:
        return plain
    call = incoming.call
    search = _Search(
        incoming,
        match,
        given,
        incoming.source.trunk.id,
        (call.source_ip, call.source_port),
        (call.received_ip, call.received_port),
        match.emergency_plan is not None,
    )
    found = _Found([], [], set())
    _visit(match.choice, found, search)
    if found.kept and not search.is_emergency:
        return found.kept
    for candidate in found.last if not found.kept else ():
        _note(search, _subject_of(candidate), "tried all the same: nothing else is left")
    if found.kept or found.last:
        return found.kept + found.last
    if search.looped and not search.dropped:
        return Reject(RejectCode.LOOP, "the only way leads back to where the call comes from")
    return Reject(RejectCode.NO_CANDIDATE, "no trunk with an enabled endpoint is left")


def _find_plain(incoming: Incoming, match: Match, given: Circumstances) -> list[Candidate] | None:
    """The candidates where nothing is drawn, dropped or told; None where something may be."""
    plain, call = match.choice.plain, incoming.call
    if plain is None or given.trace is not None or given.health:
        return None
    if match.emergency_plan is not None or (match.internal and plain.has_carrier):
        return None
    sockets = plain.sockets
    if (
        incoming.source.trunk.id in plain.trunk_ids
        or (call.source_ip, call.source_port) in sockets
        or (call.received_ip, call.received_port) in sockets
        or not sockets.isdisjoint(given.snapshot.router_sockets)
    ):
        return None
    return list(plain.candidates)


def _visit(choice: Choice, found: _Found, search: _Search) -> None:
    """Add what a choice has for the call."""
    usable: Sequence[Place] = [
        place for place in choice.places if not _has_fault(place, choice, search)
    ]
    key = search.incoming.call.sip_call_id
    if choice.strategy is Strategy.STICKY:
        key = search.incoming.caller or key
    if choice.tied:
        usable = _order(choice, usable, key)
    for place in usable:
        if place.choice is not None:
            _visit_group(place.choice, found, search)
        elif place.id in found.trunk_ids:
            _note_drop(search, choice, place.name, "is at an earlier place already")
        else:
            _visit_trunk(place, choice, key, found, search)


def _visit_group(choice: Choice, found: _Found, search: _Search) -> None:
    """Add what a group within a group has, as much of it as its bound allows."""
    own = _Found([], [], found.trunk_ids.copy())
    _visit(choice, own, search)
    if not search.is_emergency:
        most = choice.max_candidates
        rest = max(0, most - len(own.kept))
        for candidate in own.kept[most:] + own.last[rest:]:
            reason = f"is beyond the {most} that its group tries"
            _note_drop(search, choice, _subject_of(candidate), reason)
        del own.kept[most:], own.last[rest:]
    found.kept += own.kept
    found.last += own.last
    found.trunk_ids.update(candidate.trunk.id for candidate in own.kept + own.last)


def _visit_trunk(place: Place, choice: Choice, key: str, found: _Found, search: _Search) -> None:
    """Add the endpoints of a trunk."""
    candidates: Sequence[Candidate] = place.candidates
    if place.tied:
        candidates = order_by_share(candidates, key)
    health, sip_call_id = search.given.health, search.incoming.call.sip_call_id
    if not candidates:
        _drop(search, choice, place.name, "has no endpoint")
    for candidate in candidates:
        fault = candidate.fault or _fault_of_call(candidate, search)
        if fault:
            _drop(search, choice, _subject_of(candidate), fault)
            continue
        found.trunk_ids.add(place.id)
        share = health.get(candidate.id, 0.0) if health else 0.0
        if place.draining:
            _put_last(candidate, "is draining", choice, found, search)
        elif share and is_in_share(share, sip_call_id, candidate.id):
            reason = f"is in bad health: {share:.0%} of the calls skip it"
            _put_last(candidate, reason, choice, found, search)
        else:
            found.kept.append(candidate)


def _put_last(
    candidate: Candidate, reason: str, choice: Choice, found: _Found, search: _Search
) -> None:
    found.last.append(candidate)
    if search.is_emergency:
        _note(search, _subject_of(candidate), f"put last: {reason}")
    else:
        _note_drop(search, choice, _subject_of(candidate), reason)


def _order(choice: Choice, places: Sequence[Place], key: str) -> Sequence[Place]:
    """The places in the order in which a call of this key tries them."""
    if choice.strategy is not Strategy.ROUND:
        return order_by_share(places, key)
    # A place with nothing to offer has no turn: its calls would all be its neighbour's.
    live = [place for place in places if place.live]
    return order_by_turn(live, key, choice.id) + [place for place in places if not place.live]


def _has_fault(place: Place, choice: Choice, search: _Search) -> bool:
    """Whether the call may not have a place at all: that is noted."""
    fault = place.fault
    if not fault and place.id == search.source_id:
        fault = _LOOP
    elif not fault and search.match.internal and place.of_carrier:
        fault = "is a carrier's: an internal destination never goes to a carrier"
    elif not fault and place.draining and not search.is_emergency:
        fault = "is draining: it gets no new calls"
    if fault:
        _drop(search, choice, place.name, fault)
    return fault != ""


def _fault_of_call(candidate: Candidate, search: _Search) -> str:
    socket = candidate.socket
    if socket in search.given.snapshot.router_sockets or socket == search.own_socket:
        return "is a Kamailio node of this platform"
    return _LOOP if socket == search.source_socket else ""


def _drop(search: _Search, choice: Choice, subject: str, fault: str) -> None:
    if fault is _LOOP:
        search.looped = True
    else:
        search.dropped = True
    _note_drop(search, choice, subject, fault)


def _note_drop(search: _Search, choice: Choice, subject: str, reason: str) -> None:
    if search.given.trace is not None:
        within = "" if choice is search.match.choice else f", in the group {choice.name}"
        _note(search, subject, f"dropped: {reason}{within}")


def _note(search: _Search, subject: str, text: str) -> None:
    if search.given.trace is not None:
        search.given.trace.append(Note(Step.CANDIDATES, subject, text))


def _subject_of(candidate: Candidate) -> str:
    return f"{candidate.trunk.name} {candidate.endpoint.host}"
