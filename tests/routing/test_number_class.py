"""What kind of number it is, against `phonenumbers` itself."""

from collections import Counter

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.number_class import NumberClass, classify, load_number_classes

PREMIUM, SHARED, SATELLITE, NETWORK = DestinationClass
_EXPENSIVE = {PhoneNumberType.PREMIUM_RATE: PREMIUM, PhoneNumberType.SHARED_COST: SHARED}
_CLASSES = load_number_classes()


def _examples() -> list[str]:
    """An example of each type of number of each country, in E.164."""
    found = [
        phonenumbers.example_number_for_type(region, kind)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in PhoneNumberType.values()
    ]
    return [phonenumbers.format_number(n, PhoneNumberFormat.E164) for n in found if n is not None]


def _expected(text: str) -> NumberClass | None:
    number = phonenumbers.parse(text)
    kind = _EXPENSIVE.get(phonenumbers.number_type(number))
    return NumberClass(kind, phonenumbers.region_code_for_number(number) or "") if kind else None


def test_every_example_of_every_country_is_of_the_class_that_phonenumbers_tells() -> None:
    examples = _examples()
    expected = {text: _expected(text) for text in examples}
    assert {text: classify(text, _CLASSES) for text in examples} == expected
    kinds = Counter(found and found.destination for found in expected.values())
    assert min(kinds[PREMIUM], kinds[SHARED], kinds[None]) > 40


def test_more_digits_than_an_expensive_number_has_make_it_no_cheaper() -> None:
    """Exchanges stop reading when a number is complete."""
    for text in filter(_expected, _examples()):
        for more in ("0", "7", "42", "999"):
            if len(text + more) <= 16:
                assert classify(text + more, _CLASSES) is not None, text + more


def test_a_trunk_digit_behind_the_country_code_makes_it_no_cheaper() -> None:
    for text in filter(_expected, _examples()):
        number = phonenumbers.parse(text)
        national = phonenumbers.national_significant_number(number)
        for digits in (f"0{national}", f"00{national}"):
            dialled = f"+{number.country_code}{digits}"
            # An area that begins with 0 is one of its own: +39 089 is Salerno.
            if len(dialled) <= 16 and phonenumbers.number_type(phonenumbers.parse(dialled)) in (
                PhoneNumberType.UNKNOWN,
                *_EXPENSIVE,
            ):
                assert classify(dialled, _CLASSES) is not None, dialled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+39899123456", NumberClass(PREMIUM, "IT")),
        ("+39892424", NumberClass(PREMIUM, "IT")),
        ("+39848123456", NumberClass(SHARED, "IT")),
        ("+19002345678", NumberClass(PREMIUM, "US")),
        ("+12469761234", NumberClass(PREMIUM, "BB")),
        ("+79091234567", None),
        ("+78091234567", NumberClass(PREMIUM, "RU")),
        ("+449012345678", NumberClass(PREMIUM, "GB")),
        ("+4409012345678", NumberClass(PREMIUM, "GB")),  # the trunk digit within
        ("+3769", NumberClass(PREMIUM, "AD")),  # too short for phonenumbers to look at
        ("+3989", None),  # may yet become an ordinary number
        ("+39899", NumberClass(PREMIUM, "IT")),  # can become a premium one only
        ("+39899123456789", NumberClass(PREMIUM, "IT")),
        ("+390899123456", None),  # Salerno
        ("+390612345678", None),
        ("+393401234567", None),
        ("+39800123456", None),  # free of charge
        ("+12025550123", None),
        ("+12", None),
        ("+870773111632", NumberClass(SATELLITE, "")),
        ("+881612345678", NumberClass(SATELLITE, "")),
        ("+8701", NumberClass(SATELLITE, "")),
        ("+80012345678", None),
        ("+80812345678", NumberClass(NETWORK, "")),
        ("+878101234567890", NumberClass(NETWORK, "")),
        ("+8821612345678", NumberClass(NETWORK, "")),
        ("+883510012345678", NumberClass(NETWORK, "")),
        ("+88812345678901", NumberClass(NETWORK, "")),
        ("+979123456789", NumberClass(NETWORK, "")),
        ("+999123456789", NumberClass(NETWORK, "")),  # nobody's
        ("+21012345678", NumberClass(NETWORK, "")),
        # without the code, what is left leads abroad
        ("+390088161234567", NumberClass(NETWORK, "")),
        ("+1011881612345678"[:16], NumberClass(NETWORK, "")),
        ("+61001188161234", NumberClass(NETWORK, "")),
        ("+78108816123456", NumberClass(NETWORK, "")),
        ("+8200308123456", None),  # free of charge in Korea
        ("+8", NumberClass(NETWORK, "")),
    ],
)
def test_what_a_number_is(text: str, expected: NumberClass | None) -> None:
    assert classify(text, _CLASSES) == expected


@given(st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True))
def test_what_phonenumbers_calls_expensive_is_never_missed(text: str) -> None:
    try:
        kind = _EXPENSIVE.get(phonenumbers.number_type(phonenumbers.parse(text)))
    except phonenumbers.NumberParseException:
        kind = None
    found = classify(text, _CLASSES)
    if kind is not None:
        assert found is not None
        assert found.destination in (kind, NETWORK)


@given(
    st.sampled_from(_examples()), st.integers(0, 12), st.from_regex(r"[0-9]{1,3}", fullmatch=True)
)
def test_nor_what_differs_from_an_example_by_a_few_digits(
    example: str, at: int, digits: str
) -> None:
    text = (example[: 4 + at] + digits + example[4 + at + len(digits) :])[:16]
    expected = _expected(text)
    if expected is not None:
        assert classify(text, _CLASSES) == expected
