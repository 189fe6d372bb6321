"""Step 2: the numbers of a call, as the platform writes them, and back as a trunk does.

A number that comes from a trunk is read by the first of these that takes it: a rule of its
profile for the direction and field; a plus; the trunk's number format; how numbers are dialled in
the profile's country. What none of them takes is left as it is. A number that goes to a trunk is
written by a rule of its profile, else in its number format.
"""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.local_number import read_local, write_local
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NumberDirection,
    NumberField,
)
from pointsman.routing.normalization_rule import FieldRules, apply_rules, compile_rules
from pointsman.routing.number import (
    Number,
    NumberFormat,
    Numbers,
    e164_number,
    is_e164,
    match_e164,
    read_formatted,
    read_plain,
    read_text,
    write_formatted,
)
from pointsman.routing.number_step import NumberStep, NumberStepKind, Steps
from pointsman.routing.numbering_plan import NumberingPlan, plan_of
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import Uri, has_control


class CompiledProfile(Struct, frozen=True):
    """A profile ready to read and to write numbers. Without a plan, for a country that is not
    known any more, it has its rules and its international prefix."""

    profile: NormalizationProfile
    plan: NumberingPlan | None
    inbound: FieldRules
    outbound: FieldRules
    has_inbound_rules: bool


def compile_profile(profile: NormalizationProfile) -> CompiledProfile:
    """The profile ready to use; raises BadRegex, BadReplacement, none of which is ever stored."""
    inbound = compile_rules(profile.rules, NumberDirection.INBOUND)
    return CompiledProfile(
        profile,
        plan_of(profile.country),
        inbound,
        compile_rules(profile.rules, NumberDirection.OUTBOUND),
        has_inbound_rules=bool(inbound.called or inbound.calling),
    )


def read_numbers(
    call: Call, trunk: Trunk, profile: CompiledProfile | None, trace: Trace | None
) -> Numbers | Reject:
    """Called and calling number, by the source trunk's format and profile; controls are refused,
    since these texts land in headers."""
    from_, asserted = call.from_, call.asserted
    called = calling = None
    if trace is None and (profile is None or not profile.has_inbound_rules):
        # What most are: nothing is left to read, and no control in them.
        called, calling = _read_e164(call.request_uri.user), _read_e164(from_.uri.user)
    texts = from_.display + call.to_display
    if called is None or calling is None:
        texts += call.request_uri.user + from_.uri.user
    if asserted is not None:
        texts += asserted.display + asserted.uri.user
    if has_control(texts):
        return Reject(
            RejectCode.CONTROL_CHARACTER, "a display name or a number has a control character"
        )
    if called is None:
        called = _read_party(call.request_uri, NumberField.CALLED, trunk, profile, trace)
    if not called.text:
        return Reject(RejectCode.NO_CALLED_NUMBER, "the Request-URI has no user part")
    if not called.e164 and called.text.startswith("+"):
        # Else a DID with something behind it would match no DID, and a rule for its prefix.
        return Reject(RejectCode.BAD_NUMBER, f"{called.text} is no E.164 number")
    if calling is None:
        calling = _read_party(from_.uri, NumberField.CALLING, trunk, profile, trace)
    return Numbers(called, calling)


def read_number(
    uri: Uri,
    field: NumberField,
    number_format: NumberFormat,
    profile: CompiledProfile | None,
    *,
    steps: Steps | None = None,
) -> Number:
    """The number of a URI from a trunk of this format and profile, for the platform. Of a rule
    whose result cannot be a number, the number is left unread: as it came, and not E.164. No
    rule takes a called emergency number away from the step that looks for one."""
    if profile is None:
        return read_formatted(uri, number_format)
    rules = profile.inbound.of_field(field)
    text, in_context = read_text(uri)
    if rules and field is NumberField.CALLED and _is_emergency(text, profile):
        what = f"an emergency number of {profile.profile.country}, which no rule changes"
        _note(steps, NumberStepKind.SHORT_CODE, what, text)
        return Number(text, False)
    ruled = apply_rules(rules, text, steps)
    if ruled is not None:
        return Number(ruled, is_e164(ruled)) if ruled else Number(text, False)
    if in_context:
        _note(steps, NumberStepKind.CONTEXT, "a local number of its phone-context", text)
        return Number(text, False)
    number = read_plain(text, number_format)
    if number.e164:
        if number.text == text:
            _note(steps, NumberStepKind.PLUS, "a plus and digits", text)
        else:
            _note(steps, NumberStepKind.FORMAT, f"the format {number_format}", number.text)
        return number
    local = read_local(text, profile.profile, profile.plan, steps)
    return number if local is None else e164_number(local)


def write_number(
    number: Number,
    field: NumberField,
    number_format: NumberFormat,
    profile: CompiledProfile | None,
    *,
    steps: Steps | None = None,
) -> str:
    """The number for a trunk of this format and profile, not escaped: without a profile an E.164
    number is digits and a plus, with one it is whatever the profile's rules make of it."""
    if profile is None:
        return write_formatted(number, number_format)
    ruled = apply_rules(profile.outbound.of_field(field), number.text, steps)
    if ruled is not None:
        return ruled or number.text
    if not number.e164:
        _note(steps, NumberStepKind.UNCHANGED, "left as it is", number.text)
        return number.text
    if number_format is NumberFormat.LOCAL:
        return write_local(number.text, profile.profile, profile.plan, steps)
    text = write_formatted(number, number_format)
    _note(steps, NumberStepKind.FORMAT, f"the format {number_format}", text)
    return text


class Preview(Struct, frozen=True, gc=False):
    """What becomes of a number, and what was tried on it."""

    number: Number
    steps: tuple[NumberStep, ...]


def preview_number(
    rule_set: tuple[NumberDirection, NumberField],
    text: str,
    number_format: NumberFormat,
    profile: CompiledProfile,
) -> Preview:
    """What a profile makes of a text: of a user part that comes from a trunk of this format
    (INBOUND), or of the platform's number that goes to one (OUTBOUND)."""
    direction, field = rule_set
    steps: Steps = []
    if direction is NumberDirection.INBOUND:
        number = read_number(Uri("sip", text, ""), field, number_format, profile, steps=steps)
    else:
        given = Number(text, is_e164(text))
        written = write_number(given, field, number_format, profile, steps=steps)
        number = Number(written, is_e164(written))
    return Preview(number, tuple(steps))


def _read_e164(text: str) -> Number | None:
    return e164_number(text) if match_e164(text) else None


def _read_party(
    uri: Uri,
    field: NumberField,
    trunk: Trunk,
    profile: CompiledProfile | None,
    trace: Trace | None,
) -> Number:
    if trace is None:
        return read_number(uri, field, trunk.number_format, profile)
    steps: Steps = []
    number = read_number(uri, field, trunk.number_format, profile, steps=steps)
    who = f"{field.lower()} number"
    if profile is not None:
        form = "E.164" if number.e164 else "not E.164"
        text = f"{who}, {form} by the profile {profile.profile.name}: {steps[-1].text}"
        trace.append(Note(Step.NUMBERS, number.text, text))
    elif field is NumberField.CALLED:
        form = "E.164" if number.e164 else f"not E.164 in the format {trunk.number_format}"
        trace.append(Note(Step.NUMBERS, number.text, f"{who}, {form}"))
    return number


def _is_emergency(text: str, profile: CompiledProfile) -> bool:
    return profile.plan is not None and profile.plan.is_emergency(text)


def _note(steps: Steps | None, kind: NumberStepKind, text: str, result: str) -> None:
    if steps is not None:
        steps.append(NumberStep(kind, text, matched=True, result=result))
