import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pointsman.routing.number import (
    Number,
    NumberFormat,
    e164_number,
    read_formatted,
    read_plain,
    write_formatted,
)
from pointsman.routing.uri import Uri, parse_uri

PLUS, DIGITS, ZEROS = NumberFormat.PLUS_E164, NumberFormat.E164, NumberFormat.INTERNATIONAL_00


@pytest.mark.parametrize(
    ("uri", "number_format", "expected"),
    [
        ("sip:+390401234567@h", PLUS, Number("+390401234567", True)),
        ("sip:+39-040-123.4567@h", PLUS, Number("+390401234567", True)),
        ("sip:+390401234567;isub=1@h", PLUS, Number("+390401234567", True)),
        ("tel:+39-(040)-1234567", PLUS, Number("+390401234567", True)),
        ("sip:390401234567@h", PLUS, Number("390401234567", False)),
        ("sip:390401234567@h", DIGITS, Number("+390401234567", True)),
        ("sip:+390401234567@h", DIGITS, Number("+390401234567", True)),
        ("sip:00390401234567@h", ZEROS, Number("+390401234567", True)),
        ("sip:+390401234567@h", ZEROS, Number("+390401234567", True)),
        ("sip:390401234567@h", ZEROS, Number("390401234567", False)),
        ("sip:112@h", DIGITS, Number("112", False)),
        ("sip:0401234567@h", DIGITS, Number("0401234567", False)),
        ("sip:040.123@h;user=phone", PLUS, Number("040123", False)),
        ("sip:040.123@h", PLUS, Number("040.123", False)),
        ("sip:+39040123@h;user=phone;transport=udp", PLUS, Number("+39040123", True)),
        ("tel:863-1234;phone-context=+1-914-555", PLUS, Number("8631234", False)),
        ("tel:911;phone-context=+1", DIGITS, Number("911", False)),
        ("sip:+0123@h", PLUS, Number("+0123", False)),
        ("sip:+1234567890123456@h", PLUS, Number("+1234567890123456", False)),
        ("sip:+%D9%A3%D9%A9040@h", PLUS, Number("+٣٩040", False)),
        ("sip:h", PLUS, Number("", False)),
    ],
)
def test_a_number_is_read_in_the_trunks_format(
    uri: str, number_format: NumberFormat, expected: Number
) -> None:
    assert read_formatted(parse_uri(uri), number_format) == expected


@pytest.mark.parametrize("number_format", NumberFormat)
@pytest.mark.parametrize(
    "uri",
    [
        "tel:863-1234;phone-context=+1-914-555",
        "sip:863-1234;phone-context=+1-914-555@h;user=phone",
        "tel:0039040;Phone-Context=example.com",
    ],
)
def test_a_number_with_a_context_stays_local(uri: str, number_format: NumberFormat) -> None:
    number = read_formatted(parse_uri(uri), number_format)
    assert not number.e164
    assert number.text in ("8631234", "0039040")


@pytest.mark.parametrize("number_format", NumberFormat)
@pytest.mark.parametrize("user", ["*72", "#31#", "john.doe", "100", "112", "+john.doe", "a+1"])
def test_what_is_no_number_passes_unharmed(user: str, number_format: NumberFormat) -> None:
    number = read_formatted(Uri("sip", user, "h"), number_format)
    assert number == Number(user, False)
    assert write_formatted(number, number_format) == user


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [(PLUS, "+390401234567"), (DIGITS, "390401234567"), (ZEROS, "00390401234567")],
)
def test_a_number_is_written_in_the_trunks_format(
    number_format: NumberFormat, expected: str
) -> None:
    assert write_formatted(Number("+390401234567", True), number_format) == expected


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True), st.sampled_from(NumberFormat))
def test_local_to_e164_and_back_is_the_same(text: str, number_format: NumberFormat) -> None:
    number = e164_number(text)
    assume(len(number.text) >= 8)  # a trunk zero was the seventh digit
    written = Uri("sip", write_formatted(number, number_format), "h")
    assert read_formatted(written, number_format) == number


@given(st.text(max_size=40), st.sampled_from(NumberFormat))
def test_e164_is_always_a_plus_and_ascii_digits(text: str, number_format: NumberFormat) -> None:
    number = read_formatted(Uri("sip", text, "h"), number_format)
    if number.e164:
        assert number.text[0] == "+"
        assert set(number.text[1:]) <= set("0123456789")
        assert 2 <= len(number.text[1:]) <= 15


def test_a_trunk_zero_behind_the_calling_code_is_dropped_where_no_number_begins_with_one() -> None:
    for text, expected in [
        ("+4402079460000", "+442079460000"),
        ("+44(0)2079460000;user=phone", "+442079460000"),
        ("+3530861234567", "+353861234567"),
        ("+2001001234567", "+201001234567"),
        ("+390612345678", "+390612345678"),
        ("+2250701234567", "+2250701234567"),
        ("+12025550123", "+12025550123"),
        ("+4400881612345", "+4400881612345"),
        ("+440", "+440"),
    ]:
        assert read_formatted(parse_uri(f"sip:{text}@h"), NumberFormat.PLUS_E164).text == expected
    assert read_plain("4402079460000", NumberFormat.E164) == Number("+442079460000", True)
    with_00 = read_plain("004402079460000", NumberFormat.INTERNATIONAL_00)
    assert with_00 == Number("+442079460000", True)


def test_no_number_of_any_country_loses_a_zero_of_its_own() -> None:
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in phonenumbers.PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                assert e164_number(text) == Number(text, True)


def test_a_trunk_zero_is_dropped_wherever_phonenumbers_drops_it() -> None:
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        data = phonenumbers.PhoneMetadata.metadata_for_region(regions[0])
        if data is None or data.fixed_line is None or data.national_prefix != "0":
            continue
        text = f"+{code}{data.fixed_line.example_number}"
        with_zero = f"+{code}0{data.fixed_line.example_number}"
        parsed = phonenumbers.parse(with_zero)
        dropped = f"+{code}{phonenumbers.national_significant_number(parsed)}" == text
        assert (e164_number(with_zero).text == text) == dropped, with_zero
