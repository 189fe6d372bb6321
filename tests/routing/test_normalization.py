"""Numbers by a trunk's profile: what goes before what, and rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.normalization import (
    CompiledProfile,
    compile_profile,
    read_number,
    write_number,
)
from pointsman.routing.normalization_profile import (
    NormalizationProfile,
    NormalizationRule,
    NumberDirection,
    NumberField,
)
from pointsman.routing.number import Number, NumberFormat
from pointsman.routing.replacement import BadReplacement
from pointsman.routing.routing_rule import BadRegex
from pointsman.routing.uri import Uri, has_control, parse_uri
from tests.routing.numbering import COUNTRIES, make_profile

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
