import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.number import Number, NumberFormat, read_formatted, write_formatted
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
    number = Number(text, True)
    written = Uri("sip", write_formatted(number, number_format), "h")
    assert read_formatted(written, number_format) == number


@given(st.text(max_size=40), st.sampled_from(NumberFormat))
def test_e164_is_always_a_plus_and_ascii_digits(text: str, number_format: NumberFormat) -> None:
    number = read_formatted(Uri("sip", text, "h"), number_format)
    if number.e164:
        assert number.text[0] == "+"
        assert set(number.text[1:]) <= set("0123456789")
        assert 2 <= len(number.text[1:]) <= 15
