"""Numbers by a trunk's profile: previews, and whole calls."""

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.normalization import (
    CompiledProfile,
    preview_number,
    read_number,
    read_numbers,
)
from pointsman.routing.normalization_profile import NormalizationRule, NumberDirection, NumberField
from pointsman.routing.number import Number, NumberFormat, Numbers
from pointsman.routing.number_step import NumberStep, NumberStepKind
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.uri import parse_uri
from tests.routing.numbering import make_profile
from tests.routing.world import carrier_trunk, make_call, make_world, pbx_trunk

IN, OUT = NumberDirection.INBOUND, NumberDirection.OUTBOUND
CALLED, CALLING = NumberField.CALLED, NumberField.CALLING
LOCAL = NumberFormat.LOCAL
_K = NumberStepKind


@pytest.mark.parametrize(
    ("rule_set", "text", "number_format", "expected"),
    [
        ((IN, CALLED), "81", LOCAL, [
            NumberStep(_K.RULE, "rules[0] ^9 does not match", False, "81"),
            NumberStep(_K.RULE, "rules[2] ^8 makes it +1", True, "+1"),
        ]),
        ((IN, CALLED), "71", LOCAL, [
            NumberStep(_K.RULE, "rules[0] ^9 does not match", False, "71"),
            NumberStep(_K.RULE, "rules[2] ^8 does not match", False, "71"),
            NumberStep(
                _K.RULE, "rules[3] ^7.* makes nothing of it that could be a number", True, "71"
            ),
        ]),
        ((IN, CALLING), "0401234567", LOCAL, [
            NumberStep(_K.NATIONAL, "a number of IT", True, "+390401234567"),
        ]),
        ((IN, CALLING), "+390401234567", LOCAL, [
            NumberStep(_K.PLUS, "a plus and digits", True, "+390401234567"),
        ]),
        ((IN, CALLING), "390401234567", NumberFormat.E164, [
            NumberStep(_K.FORMAT, "the format E164", True, "+390401234567"),
        ]),
        ((IN, CALLING), "0012125551234", LOCAL, [
            NumberStep(_K.INTERNATIONAL, "the international prefix 00", True, "+12125551234"),
        ]),
        ((IN, CALLED), "112", LOCAL, [
            NumberStep(
                _K.SHORT_CODE, "an emergency number of IT, which no rule changes", True, "112"
            ),
        ]),
        ((IN, CALLING), "112", LOCAL, [
            NumberStep(_K.SHORT_CODE, "a short code of IT", True, "112"),
        ]),
        ((IN, CALLING), "*72", LOCAL, [
            NumberStep(_K.UNCHANGED, "left as it is", True, "*72"),
        ]),
        ((OUT, CALLED), "+390401234567", LOCAL, [
            NumberStep(_K.RULE, r"rules[1] ^\+40 does not match", False, "+390401234567"),
            NumberStep(_K.NATIONAL, "as IT dials it", True, "0401234567"),
        ]),
        ((OUT, CALLED), "+401", LOCAL, [
            NumberStep(_K.RULE, r"rules[1] ^\+40 makes it 01", True, "01"),
        ]),
        ((OUT, CALLING), "+12125551234", LOCAL, [
            NumberStep(_K.INTERNATIONAL, "behind the international prefix 00", True,
                       "0012125551234"),
        ]),
        ((OUT, CALLING), "+390401234567", NumberFormat.E164, [
            NumberStep(_K.FORMAT, "the format E164", True, "390401234567"),
        ]),
        ((OUT, CALLING), "alice", LOCAL, [
            NumberStep(_K.UNCHANGED, "left as it is", True, "alice"),
        ]),
    ],
)  # fmt: skip
def test_a_preview_tells_what_was_tried(
    rule_set: tuple[NumberDirection, NumberField],
    text: str,
    number_format: NumberFormat,
    expected: list[NumberStep],
) -> None:
    made = (
        NormalizationRule(IN, CALLED, "^9", ""),
        NormalizationRule(OUT, CALLED, r"^\+40", "0"),
        NormalizationRule(IN, CALLED, "^8", "+"),
        NormalizationRule(IN, CALLED, "^7.*", ""),
    )
    preview = preview_number(rule_set, text, number_format, make_profile("IT", rules=made))
    assert list(preview.steps) == expected
    assert preview.number.text == expected[-1].result


def test_a_preview_knows_contexts() -> None:
    uri = parse_uri("tel:0401234567;phone-context=+39")
    steps: list[NumberStep] = []
    read_number(uri, CALLED, LOCAL, make_profile("IT"), steps=steps)
    text = "a local number of its phone-context"
    assert steps == [NumberStep(_K.CONTEXT, text, True, "0401234567")]


@dataclass
class _Given:
    """What reads numbers of calls from a PBX with a profile."""

    profile: CompiledProfile | None
    number_format: NumberFormat = LOCAL

    def read(self, call: Call, trace: Trace | None = None) -> Numbers | Reject:
        trunk = pbx_trunk("pbx", "acme", "192.0.2.10", number_format=self.number_format)
        return read_numbers(call, trunk, self.profile, trace)


def _from_pbx(called: str, calling: str = "0401234567") -> Call:
    return make_call(f"sip:{called}@h", from_uri=f"sip:{calling}@h")


def test_both_numbers_of_a_call_are_read_and_the_trace_tells_by_what() -> None:
    rule = NormalizationRule(IN, CALLED, "^8(.*)", r"+4\1")
    trace: Trace = []
    given = _Given(make_profile("IT", rules=(rule,)))
    assert given.read(_from_pbx("89301234567"), trace) == Numbers(
        Number("+49301234567", True), Number("+390401234567", True)
    )
    assert trace == [
        Note(Step.NUMBERS, "+49301234567", "called number, E.164 by the profile IT: "
             "rules[0] ^8(.*) makes it +49301234567"),
        Note(Step.NUMBERS, "+390401234567", "calling number, E.164 by the profile IT: "
             "a number of IT"),
    ]  # fmt: skip
    trace.clear()
    _Given(make_profile("IT")).read(_from_pbx("112", "100"), trace)
    assert [note.text for note in trace] == [
        "called number, not E.164 by the profile IT: a short code of IT",
        "calling number, not E.164 by the profile IT: left as it is",
    ]


def test_without_a_profile_the_trace_tells_the_format() -> None:
    trace: Trace = []
    _Given(None, NumberFormat.E164).read(_from_pbx("112"), trace)
    assert trace == [Note(Step.NUMBERS, "112", "called number, not E.164 in the format E164")]


@pytest.mark.parametrize(
    ("called", "code"),
    [
        ("+0390401234567", RejectCode.BAD_NUMBER),
        ("+39040x", RejectCode.BAD_NUMBER),
        ("+397", RejectCode.BAD_NUMBER),  # a rule makes nothing of it
        ("9", RejectCode.BAD_NUMBER),  # a rule makes it so
        ("%0d", RejectCode.CONTROL_CHARACTER),
    ],
)
def test_a_called_number_with_a_plus_is_e164_or_refused(called: str, code: RejectCode) -> None:
    made = (
        NormalizationRule(IN, CALLED, r"^\+397$", ""),
        NormalizationRule(IN, CALLED, "^9$", "+x"),
    )
    outcome = _Given(make_profile("IT", rules=made)).read(_from_pbx(called))
    assert isinstance(outcome, Reject)
    assert outcome.code is code


def test_a_call_is_read_from_one_profile_and_written_for_another() -> None:
    """A PBX in Trieste that dials as in Italy calls out by a carrier that wants German dialling."""
    world = make_world()
    italian, german = make_profile("IT"), make_profile("DE")
    world.profiles = [
        structs.replace(italian.profile, id="italian"),
        structs.replace(german.profile, id="german"),
    ]
    local: dict[str, Any] = {"number_format": LOCAL}
    pbx = next(trunk for trunk in world.trunks if trunk.id == "acme-pbx")
    world.replace_trunk(structs.replace(pbx, normalization_profile_id="italian", **local))
    for trunk in world.trunks:
        if trunk.carrier_id:
            world.replace_trunk(structs.replace(trunk, normalization_profile_id="german", **local))
    (leg, *_) = world.legs(_from_pbx("004930123456", "0401234567"))
    assert leg.request_uri.startswith("sip:030123456@")
    assert leg.from_.uri.startswith("sip:00390401234567@")
    (leg, *_) = world.legs(_from_pbx("0612345678", "0401234567"))
    assert leg.request_uri.startswith("sip:00390612345678@")


def test_carriers_may_have_a_profile_too() -> None:
    trunk = carrier_trunk("c", "alpha", "198.51.100.1", number_format=LOCAL)
    numbers = read_numbers(_from_pbx("0401234567", "0612345678"), trunk, make_profile("IT"), None)
    assert numbers == Numbers(Number("+390401234567", True), Number("+390612345678", True))
