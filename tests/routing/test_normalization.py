"""Numbers by a trunk's profile: what goes before what, rules, previews, and whole calls."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Call
from pointsman.routing.normalization import (
    CompiledProfile,
    compile_profile,
    preview_number,
    read_number,
    read_numbers,
    write_number,
)
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number import Number, NumberFormat, Numbers
from pointsman.routing.number_step import NumberStep, NumberStepKind
from pointsman.routing.outcome import Note, Reject, RejectCode, Step, Trace
from pointsman.routing.replacement import BadReplacement
from pointsman.routing.routing_rule import BadRegex
from pointsman.routing.uri import Uri, has_control, parse_uri
from tests.routing.numbering import COUNTRIES, make_profile
from tests.routing.world import carrier_trunk, make_call, make_world, pbx_trunk

IN, OUT = NumberDirection.INBOUND, NumberDirection.OUTBOUND
CALLED, CALLING = NumberField.CALLED, NumberField.CALLING
LOCAL = NumberFormat.LOCAL


def rules(*texts: tuple[str, str], direction: NumberDirection = IN) -> CompiledProfile:
    """An Italian profile with rules for called numbers."""
    made = tuple(NormalizationRule(direction, CALLED, match, to) for match, to in texts)
    return make_profile("IT", rules=made)


def read(text: str, profile: CompiledProfile | None, form: NumberFormat = LOCAL) -> Number:
    return read_number(Uri("sip", text, "h"), CALLED, form, profile)


@pytest.mark.parametrize(
    ("given_rules", "text", "expected"),
    [
        # The first find is replaced, wherever it is.
        ([("9", "8")], "1992", Number("1892", False)),
        ([("^9", "")], "9100", Number("100", False)),
        ([("$", "1")], "10", Number("101", False)),
        ([(r"^(\d)(\d+)$", r"\2\1")], "123", Number("231", False)),
        ([(r"(a)|(b)", r"<\1\2>")], "xb", Number("x<b>", False)),
        # The first that matches is the last: nothing else is done to the number.
        ([("^0", ""), ("^4", "5")], "0401", Number("401", False)),
        ([("^8", ""), ("^0", "")], "0401234567", Number("401234567", False)),
        ([("^00", "")], "00390401234567", Number("390401234567", False)),
        # It is E.164 when it reads as a plus and digits.
        ([("^9", "+39")], "90401234567", Number("+390401234567", True)),
        ([("^9", "+0")], "9040", Number("+0040", False)),
        # A rule comes before a plus.
        ([(r"^\+39", "+40")], "+390401234567", Number("+400401234567", True)),
        # No rule takes an emergency number away.
        ([(r"^(\d{3})$", r"+39040123\1")], "112", Number("112", False)),
        ([(r"^(\d{3})$", r"+39040123\1")], "201", Number("+39040123201", True)),
        ([("^0", "")], "0112", Number("112", False)),
        # What no rule matches goes its usual way.
        ([("^9", "")], "0401234567", Number("+390401234567", True)),
        ([("^9", "")], "+390401234567", Number("+390401234567", True)),
        ([("^9", "")], "*72", Number("*72", False)),
        ([("^é", "+39")], "é040", Number("+39040", True)),
        # What cannot be a number leaves it as it came, unread.
        ([(".*", "")], "0401234567", Number("0401234567", False)),
        ([(".*", "")], "+390401234567", Number("+390401234567", False)),
        ([("^", "1" * 60)], "1234", Number(f"{'1' * 60}1234", False)),
        ([("^", "1" * 60)], "12345", Number("12345", False)),
        ([("a", "b\n")], "a", Number("a", False)),
        # No rule looks at more than 64 characters.
        ([("1", "2")], "1" * 64, Number(f"2{'1' * 63}", False)),
        ([("1", "2")], "1" * 65, Number("1" * 65, False)),
    ],
)
def test_rules_come_first_and_the_first_that_matches_is_the_last(
    given_rules: list[tuple[str, str]], text: str, expected: Number
) -> None:
    assert read(text, rules(*given_rules)) == expected


def test_a_caller_may_have_the_extension_112() -> None:
    rule = NormalizationRule(IN, CALLING, r"^(\d{3})$", r"+39040123\1")
    profile = make_profile("IT", rules=(rule,))
    number = read_number(Uri("sip", "112", "h"), CALLING, LOCAL, profile)
    assert number == Number("+39040123112", True)


def test_a_rule_is_of_one_direction_and_field() -> None:
    every = [
        NormalizationRule(direction, field, "^1", f"{direction}-{field}-")
        for direction in NumberDirection
        for field in NumberField
    ]
    profile = make_profile("IT", rules=tuple(every))
    for field in NumberField:
        number = read_number(Uri("sip", "100", "h"), field, LOCAL, profile)
        assert number == Number(f"INBOUND-{field}-00", False)
        assert write_number(Number("100", False), field, LOCAL, profile) == f"OUTBOUND-{field}-00"


@pytest.mark.parametrize(
    ("number_format", "text", "expected"),
    [
        (NumberFormat.PLUS_E164, "390401234567", Number("390401234567", False)),
        (NumberFormat.E164, "390401234567", Number("+390401234567", True)),
        (NumberFormat.E164, "3471234567", Number("+3471234567", True)),  # the format goes first
        (NumberFormat.LOCAL, "3471234567", Number("+393471234567", True)),
        (NumberFormat.PLUS_E164, "3471234567", Number("+393471234567", True)),
        (NumberFormat.E164, "0401234567", Number("+390401234567", True)),
        (NumberFormat.INTERNATIONAL_00, "00390401234567", Number("+390401234567", True)),
        (NumberFormat.INTERNATIONAL_00, "0401234567", Number("+390401234567", True)),
        (NumberFormat.LOCAL, "+390401234567", Number("+390401234567", True)),
        (NumberFormat.LOCAL, "+0390401234567", Number("+0390401234567", False)),
        (NumberFormat.LOCAL, "113", Number("113", False)),
    ],
)
def test_a_plus_goes_before_the_format_and_the_format_before_the_country(
    number_format: NumberFormat, text: str, expected: Number
) -> None:
    assert read(text, make_profile("IT"), number_format) == expected


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("tel:040-123.4567", Number("+390401234567", True)),
        ("sip:(040)1234567@h;user=phone", Number("+390401234567", True)),
        ("sip:040.1234567@h", Number("040.1234567", False)),
        ("sip:+39-040-1234567@h", Number("+390401234567", True)),
        ("tel:0401234567;phone-context=+39", Number("0401234567", False)),
        ("tel:+390401234567;phone-context=x", Number("+390401234567", True)),
        ("sip:h", Number("", False)),
    ],
)
def test_separators_and_contexts_are_as_without_a_profile(uri: str, expected: Number) -> None:
    assert read_number(parse_uri(uri), CALLED, LOCAL, make_profile("IT")) == expected


def test_a_rule_sees_a_number_of_a_context_without_its_separators() -> None:
    uri = parse_uri("tel:863-1234;phone-context=example.com")
    assert read_number(uri, CALLED, LOCAL, rules(("^863", "+39040"))) == Number("+390401234", True)


@pytest.mark.parametrize(
    ("number", "number_format", "expected"),
    [
        (Number("+390401234567", True), NumberFormat.PLUS_E164, "+390401234567"),
        (Number("+390401234567", True), NumberFormat.E164, "390401234567"),
        (Number("+390401234567", True), NumberFormat.INTERNATIONAL_00, "00390401234567"),
        (Number("+390401234567", True), NumberFormat.LOCAL, "0401234567"),
        (Number("+12125551234", True), NumberFormat.LOCAL, "0012125551234"),
        (Number("112", False), NumberFormat.LOCAL, "112"),
        (Number("*72", False), NumberFormat.E164, "*72"),
        (Number("john.doe", False), NumberFormat.LOCAL, "john.doe"),
        # by rules, whatever the format
        (Number("+391111111", True), NumberFormat.LOCAL, "one"),
        (Number("7", False), NumberFormat.E164, "99#7"),
        (Number("8", False), NumberFormat.LOCAL, "8"),  # a rule makes nothing of it
    ],
)
def test_a_number_is_written_by_a_rule_else_in_the_format(
    number: Number, number_format: NumberFormat, expected: str
) -> None:
    out = rules((r"^\+391.*", "one"), ("^7$", "99#7"), ("^8$", ""), direction=OUT)
    assert write_number(number, CALLED, number_format, out) == expected


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [(NumberFormat.LOCAL, "+390401234567"), (NumberFormat.E164, "390401234567")],
)
def test_without_a_profile_there_is_the_format(number_format: NumberFormat, expected: str) -> None:
    """LOCAL without one is no configuration that can be saved; it is written with its plus."""
    number = Number("+390401234567", True)
    assert write_number(number, CALLED, number_format, None) == expected
    assert read("0401234567", None) == Number("0401234567", False)


@pytest.mark.parametrize(
    ("match", "replace", "error"),
    [("(?=x)", "", BadRegex), ("(", "", BadRegex), ("x", r"\1", BadReplacement)],
)
def test_a_profile_that_cannot_be_says_so(
    match: str, replace: str, error: type[ValueError]
) -> None:
    with pytest.raises(error):
        rules((match, replace))


def test_a_profile_of_a_country_that_is_gone_keeps_its_rules_and_its_prefix() -> None:
    rule = NormalizationRule(IN, CALLED, "^9", "+39")
    profile = compile_profile(NormalizationProfile("p", "p", "", "AN", rules=(rule,)))
    assert read("9040", profile) == Number("+39040", True)
    assert read("0059912345", profile) == Number("+59912345", True)
    assert read("12345678", profile) == Number("12345678", False)
    assert write_number(Number("+59912345", True), CALLED, LOCAL, profile) == "0059912345"


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


@pytest.mark.parametrize("text", ["*72", "#31#0401234567", "john.doe", "alice", "100", "112"])
def test_short_codes_star_codes_and_names_pass_every_profile_unharmed(text: str) -> None:
    for country in COUNTRIES:
        profile = make_profile(country)
        for number_format in NumberFormat:
            number = read(text, profile, number_format)
            assert number == Number(text, False), country
            assert write_number(number, CALLED, number_format, profile) == text


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.sampled_from(["^0", ".", "(a|b)", "[0-9]+$", "(.*)"]),
                       st.sampled_from(["", "+", r"\1", "39", "é"])), max_size=4),
    st.sampled_from(["IT", "US", "AR", "WS"]),
    st.sampled_from(NumberFormat),
)  # fmt: skip
def test_whatever_comes_a_number_is_e164_or_as_it_came_or_by_a_rule(
    text: str, texts: list[tuple[str, str]], country: str, number_format: NumberFormat
) -> None:
    made = tuple(
        NormalizationRule(direction, CALLED, match, to if "(" in match else to.replace(r"\1", ""))
        for direction in NumberDirection
        for match, to in texts
    )
    profile = make_profile(country, rules=made)
    number = read(text, profile, number_format)
    if number.e164:
        assert number.text[0] == "+"
        assert number.text[1] != "0"
        assert set(number.text[1:]) <= set("0123456789")
        assert 2 <= len(number.text[1:]) <= 15
    elif not texts:
        assert number.text in (text, text.partition(";")[0])
    written = write_number(number, CALLED, number_format, profile)
    assert len(written) <= max(64, len(number.text))
    assert has_control(written) <= has_control(text)


def test_carriers_may_have_a_profile_too() -> None:
    trunk = carrier_trunk("c", "alpha", "198.51.100.1", number_format=LOCAL)
    numbers = read_numbers(_from_pbx("0401234567", "0612345678"), trunk, make_profile("IT"), None)
    assert numbers == Numbers(Number("+390401234567", True), Number("+390612345678", True))
