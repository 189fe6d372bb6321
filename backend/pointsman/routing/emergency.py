"""Step 3: is it an emergency call?

It is when a PBX calls a number of one of its tenant's plans, in any way in which callers are
known to write it: as it is dialled, with a plus before it, and with the country's code behind a
plus or an international prefix, as telephones do that are told to write all numbers so.
"""

from msgspec import structs

from pointsman.routing.candidate import Candidate
from pointsman.routing.emergency_numbers import EmergencyNumber, EmergencyNumbers
from pointsman.routing.incoming import Incoming
from pointsman.routing.number import read_text
from pointsman.routing.outcome import Note, Step, Trace
from pointsman.routing.reroute import TIMEOUT, TRANSPORT, compile_reroute
from pointsman.routing.reroute_policy import (
    RerouteAction,
    ReroutePhase,
    ReroutePolicy,
    RerouteRule,
)

# A carrier that refuses an emergency call, or lets it ring for too long, is not the last one: no
# policy of a trunk, a carrier or a tenant says otherwise.
_GO_ON = compile_reroute(
    ReroutePolicy("", "", "", tuple(
        RerouteRule(cause, RerouteAction.NEXT, ReroutePhase.ANY)
        for cause in ("3xx", "4xx", "5xx", "6xx", TIMEOUT, TRANSPORT)
    ))
)  # fmt: skip


def find_emergency(
    incoming: Incoming, emergency: EmergencyNumbers, trace: Trace | None
) -> EmergencyNumber | None:
    """The emergency number of its tenant that a PBX calls, if it does: of the country in which
    the source trunk's profile has it, else of the first country that has such a number.

    It is looked for as it was read and as it was dialled, so that no profile hides it; where a
    rule has sent the call on, what was dialled is of no more account.
    """
    source, numbers = incoming.source, incoming.numbers
    found = emergency.get(numbers.called.text)
    dialled = incoming.call.request_uri.user
    if found is None and not numbers.diverted and dialled != numbers.called.text:
        found = emergency.get(read_text(incoming.call.request_uri)[0])
    if found is None:
        return None
    country = source.profile.profile.country if source.profile else ""
    number = next((number for number in found if number.plan.country == country), found[0])
    if trace is not None:
        text = f"a number of the emergency plan for {number.plan.country}"
        trace.append(Note(Step.EMERGENCY, numbers.called.text, text))
    return number


def insist(candidates: list[Candidate], most: int) -> list[Candidate]:
    """The candidates as an emergency call tries them: two carriers among the first `most`, if
    there are two at all, and whatever one answers, the next."""
    return [
        structs.replace(candidate, target=structs.replace(candidate.target, reroute=_GO_ON))
        for candidate in _with_two_carriers(candidates, most)
    ]


def _with_two_carriers(candidates: list[Candidate], most: int) -> list[Candidate]:
    if len(candidates) <= most:
        return candidates
    first: dict[str, int] = {}
    for index, candidate in enumerate(candidates):
        if candidate.trunk.carrier_id:
            first.setdefault(candidate.trunk.carrier_id, index)
    needed = list(first.values())[:2]
    others = [index for index in range(len(candidates)) if index not in needed]
    room = most - len(needed)
    return [candidates[index] for index in (*sorted(needed + others[:room]), *others[room:])]
