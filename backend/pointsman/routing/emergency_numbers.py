"""The emergency numbers of a tenant, in all the ways in which callers are known to write them: as
it is dialled, with a plus before it, and with the code of the country behind a plus or an
international prefix, as telephones do that are told to write all numbers so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import phonenumbers
from msgspec import Struct

from pointsman.routing.choice import Choice, Choices
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.number import Number
from pointsman.routing.number_class import classify, is_allowed, load_number_classes
from pointsman.routing.numbering_plan import plan_of
from pointsman.routing.tenant import Tenant


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
