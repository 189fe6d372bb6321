"""Step 4: numbers that a call may have nothing to do with."""

import re
from collections.abc import Mapping

from msgspec import Struct

from pointsman.routing.choice import Choice
from pointsman.routing.circumstances import Circumstances
from pointsman.routing.incoming import Incoming
from pointsman.routing.match import Match
from pointsman.routing.normalization import read_number
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number_class import (
    NumberClass,
    classify,
    could_be_any,
    is_allowed,
)
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.privacy import ANONYMOUS_HOST, NO_NUMBERS
from pointsman.routing.screening_lists import Entry, Level
from pointsman.routing.tenant_snapshot import TenantSnapshot

_NO_DIGIT = re.compile(r"[^0-9]")
_BLOCKED = {
    NumberField.CALLED: RejectCode.BLOCKED_CALLED,
    NumberField.CALLING: RejectCode.BLOCKED_CALLING,
}
_NOT_ALLOWED = {
    NumberField.CALLED: RejectCode.NOT_ALLOWED_CALLED,
    NumberField.CALLING: RejectCode.NOT_ALLOWED_CALLING,
}


class _Party(Struct, frozen=True, gc=False):
    """Whom lists look at, by these numbers: one of the called, and of the calling the one in
    From, then the one in P-Asserted-Identity if there is one."""

    field: NumberField
    numbers: tuple[str, ...]
    is_anonymous: bool = False


def screen_numbers(
    incoming: Incoming, tenant: TenantSnapshot, given: Circumstances
) -> Reject | None:
    """A reject when a list of the source trunk or of the tenant stands against the call.

    A number on any BLOCK list is refused. Then each level with ALLOW lists of a field wants the
    number on one of them. What blocks callers looks at From and at P-Asserted-Identity, since
    neither may hide behind the other; what allows them looks at From, and at the asserted
    identity only where From is anonymous.
    """
    platform, own = given.snapshot.carrier_lists, tenant.lists
    if not platform and not own:
        return None
    levels = _levels_of(incoming.source.trunk.id, platform, own)
    parties: tuple[_Party, ...] = (_Party(NumberField.CALLED, (incoming.numbers.called.text,)),)
    allows = False
    for level in levels:
        if level.reads_caller and len(parties) == 1:
            parties = (*parties, _read_caller(incoming))
        allows = allows or level.allows
    blocked = _find_blocked(levels, parties)
    if blocked is not None or not allows:
        return blocked
    return _find_not_allowed(levels, parties, given.trace)


def _levels_of(
    trunk_id: str, platform: Mapping[str, Level], own: Mapping[str, Level]
) -> list[Level]:
    """What looks at a call of the tenant from the trunk: the platform's lists for the trunk, the
    tenant's for the trunk, and those for all its calls. Each level stands by itself, so that no
    tenant allows what the platform does not."""
    found = (platform.get(trunk_id), own.get(trunk_id), own.get(""))
    return [level for level in found if level is not None]


def screen_destination(incoming: Incoming, match: Match, given: Circumstances) -> Reject | None:
    """A reject when the number is of a class that the tenant is denied and may leave its PBXs.

    A number that is not in E.164 has no class, whatever a carrier may make of it: with enough
    digits to be a telephone number it leaves only for a tenant that all classes are allowed.
    """
    called = incoming.numbers.called
    found = None
    if called.e164:
        found = classify(called.text, given.snapshot.number_classes)
        if found is None:
            return None
    elif not could_be_any(called.text):
        found = _classify_short(called.text, incoming, given)
        if found is None:
            return None
    if not _leads_to_carrier(match.choice):
        return None
    tenant = given.snapshot.tenants[match.tenant_id].tenant
    if found is None:
        what = "a number that is not in E.164 and so could be of any class"
        fix = (
            f"give the trunk {incoming.source.trunk.name} a number format or a normalization "
            "profile that reads it, or the tenant all classes"
        )
    else:
        what, fix = _describe_class(found)
    if is_allowed(called, found, tenant):
        _note(given.trace, called.text, f"{what}, which is allowed")
        return None
    reason = f"{called.text} is {what}, which the tenant {tenant.name} is denied: {fix}"
    return Reject(RejectCode.DESTINATION_DENIED, reason)


def _classify_short(text: str, incoming: Incoming, given: Circumstances) -> NumberClass | None:
    """The class of what was left as it is, with few digits, but is a whole number of the country
    in which it was dialled: those of Albania and New Caledonia have six."""
    profile = incoming.source.profile
    plan = None if profile is None else profile.plan
    digits = _NO_DIGIT.sub("", text)
    if plan is None or not plan.is_assigned(digits):
        return None
    return classify(f"+{plan.calling_code}{digits}", given.snapshot.number_classes)


def _leads_to_carrier(choice: Choice) -> bool:
    return any(
        place.of_carrier or (place.choice is not None and _leads_to_carrier(place.choice))
        for place in choice.places
    )


def _describe_class(found: NumberClass) -> tuple[str, str]:
    """What the number is, and what would let the tenant call it."""
    kind, country = found.destination, found.country
    what, fix = f"a number of the class {kind}", f"add {kind} to its allowed classes"
    if not country:
        return what, fix
    return f"{what} in {country}", f"{fix}, or {country} to its allowed countries"


def _read_caller(incoming: Incoming) -> _Party:
    call, source, calling = incoming.call, incoming.source, incoming.numbers.calling
    is_anonymous = not calling.e164 and (
        call.from_.uri.host == ANONYMOUS_HOST or calling.text.lower() in NO_NUMBERS
    )
    numbers: tuple[str, ...] = (calling.text,)
    if call.asserted is not None:
        trunk, uri = source.trunk, call.asserted.uri
        asserted = read_number(uri, NumberField.CALLING, trunk.number_format, source.profile)
        numbers = (calling.text, asserted.text)
    return _Party(NumberField.CALLING, numbers, is_anonymous)


def _find_blocked(levels: list[Level], parties: tuple[_Party, ...]) -> Reject | None:
    for level in levels:
        for party, lists in zip(parties, level.block, strict=False):
            if lists is None:
                continue
            entry = lists.find(party.numbers, is_anonymous=party.is_anonymous)
            if entry is not None:
                reason = f"{_describe(party)} is on the block list {_locate(entry)}"
                return Reject(_BLOCKED[party.field], reason)
    return None


def _find_not_allowed(
    levels: list[Level], parties: tuple[_Party, ...], trace: Trace | None
) -> Reject | None:
    for level in levels:
        for party, lists in zip(parties, level.allow, strict=False):
            if lists is None:
                continue
            numbers = party.numbers if party.is_anonymous else party.numbers[:1]
            entry = lists.find(numbers, is_anonymous=party.is_anonymous)
            if entry is None:
                reason = f"{_describe(party)} is on none of the allow lists {lists.names}"
                return Reject(_NOT_ALLOWED[party.field], reason)
            _note(trace, numbers[0], f"on the allow list {_locate(entry)}")
    return None


def _describe(party: _Party) -> str:
    if party.is_anonymous:
        return "the anonymous caller"
    return f"the {party.field.lower()} number {' or '.join(party.numbers)}"


def _locate(entry: Entry) -> str:
    if entry.prefix is None:
        return f"{entry.list_name}, as all anonymous callers"
    how = f"by the prefix {entry.prefix}" if entry.prefix else "as all numbers"
    return f"{entry.list_name}, {how}"


def _note(trace: Trace | None, subject: str, text: str) -> None:
    if trace is not None:
        trace.append(Note(Step.SCREENING, subject, text))
