"""Step 2: the numbers of a call, as the platform writes them."""

from msgspec import Struct

from pointsman.routing.call import Call
from pointsman.routing.normalization_profile import NormalizationProfile, NumberField
from pointsman.routing.number import (
    Number,
    NumberFormat,
    Numbers,
    read_formatted,
    write_formatted,
)
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import Uri, has_control


class CompiledProfile(Struct, frozen=True):
    """A profile ready to read and to write numbers."""

    profile: NormalizationProfile


def compile_profile(profile: NormalizationProfile) -> CompiledProfile:
    """The profile ready to use; raises BadRegex."""
    return CompiledProfile(profile)


def read_numbers(
    call: Call, trunk: Trunk, profile: CompiledProfile | None, trace: Trace | None
) -> Numbers | Reject:
    """Called and calling number, by the source trunk's format and profile; controls are refused,
    since these texts land in headers."""
    displays = call.from_.display + call.to.display
    if call.asserted is not None:
        displays += call.asserted.display + call.asserted.uri.user
    if has_control(displays + call.request_uri.user + call.from_.uri.user):
        return Reject(
            RejectCode.CONTROL_CHARACTER, "a display name or a number has a control character"
        )
    called = read_number(call.request_uri, NumberField.CALLED, trunk.number_format, profile)
    if not called.text:
        return Reject(RejectCode.NO_CALLED_NUMBER, "the Request-URI has no user part")
    if called.text.startswith("+") and not called.e164:
        # Else a DID with something behind it would match no DID, and a rule for its prefix.
        return Reject(RejectCode.BAD_NUMBER, f"{called.text} is no E.164 number")
    calling = read_number(call.from_.uri, NumberField.CALLING, trunk.number_format, profile)
    if trace is not None:
        form = "E.164" if called.e164 else f"not E.164 in the format {trunk.number_format}"
        trace.append(Note(Step.NUMBERS, called.text, f"called number, {form}"))
    return Numbers(called, calling)


def read_number(
    uri: Uri, field: NumberField, number_format: NumberFormat, profile: CompiledProfile | None
) -> Number:
    """The number of a URI from a trunk of this format and profile, for the platform."""
    return read_formatted(uri, number_format)


def write_number(
    number: Number, field: NumberField, number_format: NumberFormat, profile: CompiledProfile | None
) -> str:
    """The number for a trunk of this format and profile, not escaped: without a profile an E.164
    number is digits and a plus, with one it is whatever the profile's rules make of it."""
    return write_formatted(number, number_format)
