"""How calls and their callers are presented to the far end of a trunk."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.extra_header import CompiledHeader, compile_headers
from pointsman.routing.normalization import CompiledProfile, write_number
from pointsman.routing.normalization_profile import NumberField
from pointsman.routing.number import PLUS, Number, NumberFormat, read_formatted
from pointsman.routing.outcome import Party
from pointsman.routing.privacy import ANONYMOUS_HOST
from pointsman.routing.trunk import CallerIdPolicy, DiversionPolicy, Trunk
from pointsman.routing.uri import Uri, escape_user, format_host


class Presentation(Struct, frozen=True, eq=False, gc=False):
    """What a trunk says of it. Trunks that say the same share one, told apart by being another
    object, so that what a call looks like to them is written once. See Trunk for the fields; those
    from `chooses_caller` on are what the policies come to. `plus` is what E.164 numbers have in the
    place of their plus, None where a profile tells."""

    number_format: NumberFormat
    profile: CompiledProfile | None
    tech_prefix: str
    from_host: str
    caller_id_policy: CallerIdPolicy
    caller_id: Number | None
    trusted: bool
    send_asserted_identity: bool
    send_preferred_identity: bool
    send_remote_party_id: bool
    diversion_policy: DiversionPolicy
    extra_headers: tuple[CompiledHeader, ...]
    chooses_caller: bool
    sends_identity: bool
    sends_diversion: bool
    sends_history: bool
    plus: str | None


def compile_presentations(
    trunks: Iterable[Trunk],
    carriers: Mapping[str, Carrier],
    profiles: Mapping[str, CompiledProfile],
) -> dict[str, Presentation]:
    """By the trunk's id."""
    shared: dict[object, Presentation] = {}
    presentations = {}
    for trunk in trunks:
        carrier = carriers.get(trunk.carrier_id)
        known = {"trunk": trunk.name, "carrier": carrier.name if carrier else ""}
        fields = (
            trunk.tech_prefix,
            trunk.from_host,
            trunk.caller_id_policy,
            read_caller_id(trunk.caller_id_number) if trunk.caller_id_number else None,
            trunk.trusted,
            trunk.send_asserted_identity,
            trunk.send_preferred_identity,
            trunk.send_remote_party_id,
            trunk.diversion_policy,
            compile_headers(trunk.extra_headers, known),
            trunk.caller_id_policy in (CallerIdPolicy.FORCE, CallerIdPolicy.DID_OWNED),
            trunk.send_asserted_identity
            or trunk.send_preferred_identity
            or trunk.send_remote_party_id,
            trunk.diversion_policy in (DiversionPolicy.DIVERSION, DiversionPolicy.BOTH),
            trunk.diversion_policy in (DiversionPolicy.HISTORY_INFO, DiversionPolicy.BOTH),
            None if trunk.normalization_profile_id else PLUS[trunk.number_format],
        )
        profile_id = trunk.normalization_profile_id
        key = (trunk.number_format, profile_id, *fields)
        if key not in shared:
            profile = profiles.get(profile_id)
            shared[key] = Presentation(trunk.number_format, profile, *fields)
        presentations[trunk.id] = shared[key]
    return presentations


def write_user(number: Number, field: NumberField, presentation: Presentation) -> str:
    """The number as the user part of a URI."""
    plus = presentation.plus
    if plus is not None and number.e164:
        # Digits, nothing to escape; what a profile's rules make of them may be more.
        return plus + number.text[1:]
    return escape_user(
        write_number(number, field, presentation.number_format, presentation.profile)
    )


def write_party(presentation: Presentation, display: str, number: Number, host: str) -> Party:
    """Who calls or has called, at the trunk's `from_host` or else at its own host."""
    user = write_user(number, NumberField.CALLING, presentation)
    at = host if host == ANONYMOUS_HOST else format_host(presentation.from_host or host)
    return Party(display, f"sip:{user}@{at}" if user else f"sip:{at}")


def read_caller_id(text: str) -> Number:
    """A number of the configuration, which is in E.164 or as dialled."""
    return read_formatted(Uri("sip", text, ""), NumberFormat.PLUS_E164)
