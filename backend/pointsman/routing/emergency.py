"""Step 3: is it an emergency call?

It is when a PBX calls a number of one of its tenant's plans, in any way in which callers are
known to write it: as it is dialled, with a plus before it, and with the country's code behind a
plus or an international prefix, as telephones do that are told to write all numbers so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import phonenumbers
from msgspec import Struct, structs

from pointsman.routing.choice import Candidate, Choice, Choices
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.incoming import Incoming
from pointsman.routing.number import Number, read_text
from pointsman.routing.number_class import classify, is_allowed, load_number_classes
from pointsman.routing.numbering_plan import plan_of
from pointsman.routing.outcome import Note, Step, Trace
from pointsman.routing.reroute import TIMEOUT, TRANSPORT, compile_reroute
from pointsman.routing.reroute_policy import (
    RerouteAction,
    ReroutePhase,
    ReroutePolicy,
    RerouteRule,
)
from pointsman.routing.tenant import Tenant

# A carrier that refuses an emergency call, or lets it ring for too long, is not the last one: no
# policy of a trunk, a carrier or a tenant says otherwise.
_GO_ON = compile_reroute(
    ReroutePolicy("", "", "", tuple(
        RerouteRule(cause, RerouteAction.NEXT, ReroutePhase.ANY)
        for cause in ("3xx", "4xx", "5xx", "6xx", TIMEOUT, TRANSPORT)
    ))
)  # fmt: skip


class EmergencyNumber(Struct, frozen=True):
    """A number of a plan as callers may write it, with the choice that the plan's groups are, in
    their order; `called` is what is called: the number as it is dialled unless it is E.164."""

    plan: EmergencyPlan
    choice: Choice
    called: Number


# By the called number as it is after normalization, by country.
EmergencyNumbers = Mapping[str, tuple[EmergencyNumber, ...]]


def compile_emergency(
    plans: Iterable[EmergencyPlan], tenant: Tenant, choices: Choices
) -> EmergencyNumbers:
    """The numbers of a tenant's plans that are enabled, without those that cost more and that it
    may not call: a plan is no way around what the platform denies."""
    found: dict[str, list[EmergencyNumber]] = defaultdict(list)
    for plan in sorted(plans, key=lambda plan: plan.country):
        if not plan.enabled:
            continue
        choice = choices.in_order(plan.id, plan.tenant_id, plan.routing_group_ids)
        for text, called in dict(_spellings(plan, tenant)).items():
            found[text].append(EmergencyNumber(plan, choice, called))
    return {text: tuple(numbers) for text, numbers in found.items()}


def find_emergency(
    incoming: Incoming, emergency: EmergencyNumbers, trace: Trace | None
) -> EmergencyNumber | None:
    """The emergency number of its tenant that a PBX calls, if it does: of the country in which
    the source trunk's profile has it, else of the first country that has such a number.

    It is looked for as it was read and as it was dialled, so that no profile hides it; where a
    rule has sent the call on, what was dialled is of no more account.
    """
    if not emergency:
        return None
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
        structs.replace(candidate, reroute=_GO_ON)
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


def _spellings(plan: EmergencyPlan, tenant: Tenant) -> Iterator[tuple[str, Number]]:
    """How callers write the plan's numbers, those that are dialled after all others: what is
    dialled so is called so."""
    code = phonenumbers.country_code_for_region(plan.country)
    known = plan_of(plan.country)
    abroad = dict.fromkeys(("+", "00", known.international_prefix if known else "00"))
    numbers = [number for number in plan.numbers if _may_call(number, plan.country, tenant)]
    for number in numbers:
        as_dialled = Number(number, False)
        yield f"+{number}", as_dialled
        yield from ((f"{prefix}{code}{number}", as_dialled) for prefix in abroad)
        national = _read_national(number, plan.country)
        if national:
            yield national, Number(national, True)
    for number in numbers:
        yield number, Number(number, False)


def _may_call(number: str, country: str, tenant: Tenant) -> bool:
    national = _read_national(number, country)
    called = Number(national, True) if national else Number(number, False)
    found = classify(national, load_number_classes()) if national else None
    return is_allowed(called, found, tenant)


def _read_national(number: str, country: str) -> str:
    """The E.164 number that one dialled in the country is, "" for a short code."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
