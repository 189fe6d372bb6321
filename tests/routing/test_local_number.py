"""Numbers as they are dialled in each country, and back."""

import re
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from pointsman.routing.local_number import read_local, write_local
from pointsman.routing.normalization import CompiledProfile
from pointsman.routing.number_step import NumberStepKind, Steps
from tests.routing.numbering import (
    COUNTRIES,
    example_numbers,
    known_plan,
    make_profile,
    national_numbers,
    short_numbers,
)

# Their own numbers are this short, so an extension of that length may be one: minLength decides.
_FOUR_DIGITS = {"NU", "TA", "TK"}
_FIVE_DIGITS = {"AC", "CK", "FK", "KI", "NF", "SB", "SH", "TK", "TO", "TV", "VU", "WS"}
_DIALLED = st.from_regex(re.compile("[0-9]{1,26}"), fullmatch=True)


def _read(text: str, of: CompiledProfile, steps: Steps | None = None) -> str | None:
    return read_local(text, of.profile, of.plan, steps)


def _write(number: str, of: CompiledProfile, steps: Steps | None = None) -> str:
    return write_local(number, of.profile, of.plan, steps)


@pytest.mark.parametrize(
    ("country", "more", "text", "expected", "how"),
    [
        ("IT", {}, "0401234567", "+390401234567", "a number of IT"),
        ("IT", {}, "3471234567", "+393471234567", "a number of IT"),
        ("IT", {}, "00390401234567", "+390401234567", "the international prefix 00"),
        ("IT", {}, "0012125551234", "+12125551234", "the international prefix 00"),
        ("IT", {}, "00999123456789", "+999123456789", "the international prefix 00"),
        ("IT", {}, "390401234567", None, None),
        ("IT", {}, "118", None, "a short code of IT"),
        ("IT", {}, "4040", None, None),
        ("IT", {"area_code": "040"}, "212345", "+39040212345", "the area code 040"),
        ("IT", {"area_code": "040"}, "2123", None, None),
        ("IT", {"area_code": "040"}, "0012345", None, None),
        ("IT", {"area_code": "040"}, "0612345678", "+390612345678", "a number of IT"),
        ("DE", {}, "030123456", "+4930123456", "the national prefix 0"),
        ("DE", {}, "30123456", "+4930123456", "a number of DE"),
        ("DE", {}, "200123", None, None),  # as well an extension
        ("DE", {}, "116117", None, "a short code of DE"),
        ("DE", {}, "0012", None, None),
        ("DE", {"area_code": "30"}, "12345678", "+493012345678", "the area code 30"),
        ("DE", {"area_code": "30"}, "20012", "+493020012", "the area code 30"),
        ("DE", {"area_code": "30"}, "2001", None, None),
        ("DE", {"area_code": "30"}, "110", None, "a short code of DE"),
        ("DE", {"area_code": "30", "min_length": 8}, "20012", None, None),
        ("DE", {"national_prefix": ""}, "30123456", "+4930123456", "a number of DE"),
        # A range that is younger than the data.
        ("HU", {}, "06999999999", "+36999999999", "the national prefix 06"),
        ("US", {}, "12125551234", "+12125551234", "the national prefix 1"),
        ("US", {}, "2125551234", "+12125551234", "a number of US"),
        ("US", {}, "14165551234", "+14165551234", "the national prefix 1"),
        ("US", {}, "01139040123456", "+39040123456", "the international prefix 011"),
        ("US", {}, "5551234", None, None),
        ("US", {}, "3101234", None, None),
        ("US", {}, "911", None, "a short code of US"),
        ("US", {"area_code": "212"}, "5551234", "+12125551234", "the area code 212"),
        ("AG", {}, "4601234", "+12684601234", "as AG dials it"),
        ("AG", {}, "12125551234", "+12125551234", "the national prefix 1"),
        ("GB", {}, "02079460000", "+442079460000", "the national prefix 0"),
        ("GB", {}, "999", None, "a short code of GB"),
        ("AR", {}, "0111523456789", "+5491123456789", "as AR dials it"),
        ("AR", {}, "01123456789", "+541123456789", "the national prefix 0"),
        ("AR", {}, "0296615412345", "+5492966412345", "as AR dials it"),
        ("BR", {}, "01511987654321", "+5511987654321", "as BR dials it"),
        ("BR", {}, "0021390401234567", "+390401234567", "an international prefix of BR"),
        ("AU", {}, "1300975707", "+611300975707", "a number of AU"),
        ("AU", {}, "0212345678", "+61212345678", "the national prefix 0"),
        ("AU", {}, "000", None, "a short code of AU"),
        ("MX", {}, "5512345678", "+525512345678", "a number of MX"),
        ("RU", {}, "88123332211", "+78123332211", "the national prefix 8"),
        ("RU", {}, "8103904012345", "+3904012345", "the international prefix 810"),
        ("HU", {}, "0612345678", "+3612345678", "the national prefix 06"),
        ("BY", {}, "80152450911", "+375152450911", "as BY dials it"),
        ("GA", {}, "011954764", "+24111954764", "as GA dials it"),
        ("HK", {}, "00112125551234", "+12125551234", "an international prefix of HK"),
        ("IL", {}, "0123541234567", "+3541234567", "an international prefix of IL"),
        ("WS", {}, "0390401234567", "+390401234567", "the international prefix 0"),
        ("TH", {}, "0018001517637", "+660018001517637", "a number of TH"),
        ("IT", {}, "0" * 24, None, None),
        ("IT", {}, "00" + "3" * 23, None, None),  # no number has 25 digits
    ],
)
def test_a_dialled_text_is_read(
    country: str, more: dict[str, object], text: str, expected: str | None, how: str | None
) -> None:
    steps: Steps = []
    assert _read(text, make_profile(country, **more), steps) == expected
    assert [step.text for step in steps] == [how or "left as it is"]
    assert all(step.result == (expected or text) and step.matched for step in steps)


@pytest.mark.parametrize(
    ("country", "more", "number", "expected", "kind"),
    [
        ("IT", {}, "+390401234567", "0401234567", NumberStepKind.NATIONAL),
        ("IT", {}, "+12125551234", "0012125551234", NumberStepKind.INTERNATIONAL),
        ("IT", {}, "+39112", "0039112", NumberStepKind.INTERNATIONAL),
        ("DE", {}, "+4930123456", "030123456", NumberStepKind.NATIONAL),
        ("DE", {"national_prefix": ""}, "+4930123456", "30123456", NumberStepKind.NATIONAL),
        ("DE", {"international_prefix": "000"}, "+3904012345", "0003904012345",
         NumberStepKind.INTERNATIONAL),
        ("DE", {}, "+49116117", "0116117", NumberStepKind.NATIONAL),
        ("US", {}, "+12125551234", "12125551234", NumberStepKind.NATIONAL),
        ("US", {}, "+14165551234", "14165551234", NumberStepKind.NATIONAL),
        ("AG", {}, "+12125551234", "12125551234", NumberStepKind.NATIONAL),
        ("US", {}, "+390401234567", "011390401234567", NumberStepKind.INTERNATIONAL),
        ("AR", {}, "+5491123456789", "0111523456789", NumberStepKind.NATIONAL),
        ("AU", {}, "+611300975707", "1300975707", NumberStepKind.NATIONAL),
        ("BR", {}, "+5511987654321", "011987654321", NumberStepKind.NATIONAL),
        ("CN", {}, "+8613912345678", "13912345678", NumberStepKind.NATIONAL),
        ("HU", {}, "+3612345678", "0612345678", NumberStepKind.NATIONAL),
        ("NO", {}, "+4702000", "004702000", NumberStepKind.INTERNATIONAL),
        ("NO", {"min_length": 5}, "+4702000", "02000", NumberStepKind.NATIONAL),
        # Its national form would be read as another number.
        ("GA", {}, "+2414398439", "002414398439", NumberStepKind.INTERNATIONAL),
    ],
)  # fmt: skip
def test_a_number_is_written_as_it_is_dialled(
    country: str, more: dict[str, object], number: str, expected: str, kind: NumberStepKind
) -> None:
    steps: Steps = []
    assert _write(number, make_profile(country, **more), steps) == expected
    assert [(step.kind, step.result, step.matched) for step in steps] == [(kind, expected, True)]


def test_an_example_of_each_kind_of_number_is_dialled_and_read() -> None:
    """Against libphonenumber's own way to write it, whose digits are read as the same number."""
    for country in COUNTRIES:
        profile, plan = make_profile(country), known_plan(country)
        for national in example_numbers(country):
            number = f"+{plan.calling_code}{national}"
            local = _write(number, profile)
            assert _read(local, profile) == number, country
            is_abroad = local == f"{plan.international_prefix}{number[1:]}"
            assert is_abroad is (len(national) < plan.min_length), (country, local)
            form = phonenumbers.format_number(
                phonenumbers.parse(number), PhoneNumberFormat.NATIONAL
            )
            printed = re.sub("[^0-9]", "", form)
            if printed.endswith(national) and len(printed) >= plan.usual_length:
                assert _read(printed, profile) == number, (country, printed)


@settings(max_examples=600, deadline=None)
@given(national_numbers())
def test_e164_to_local_and_back_is_the_same_in_every_country(of: tuple[str, str]) -> None:
    country, national = of
    profile, plan = make_profile(country), known_plan(country)
    number = f"+{plan.calling_code}{national}"
    local = _write(number, profile)
    assert _read(local, profile) == number
    was_short = len(national) < plan.min_length
    # Gabon had numbers of seven digits, whose national form is a number of today.
    was_short = was_short or (country == "GA" and len(national) == 7)
    assert (local == f"{plan.international_prefix}{number[1:]}") is was_short


@settings(max_examples=600, deadline=None)
@given(national_numbers(), st.sampled_from(COUNTRIES))
def test_a_number_of_any_country_is_dialled_from_any_other(
    of: tuple[str, str], at_home: str
) -> None:
    number = f"+{known_plan(of[0]).calling_code}{of[1]}"
    profile = make_profile(at_home)
    assert _read(_write(number, profile), profile) == number


@settings(max_examples=600, deadline=None)
@given(_DIALLED, st.sampled_from(COUNTRIES))
def test_local_to_e164_and_back_is_the_same_number(text: str, country: str) -> None:
    profile = make_profile(country)
    number = _read(text, profile)
    if number is None:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{4,14}", number)
    if known_plan(country).is_possible_abroad(number[1:]):
        local = _write(number, profile)
        assert _read(local, profile) == number
        assert _write(number, profile) == local


def test_short_codes_pass_unharmed_in_every_country() -> None:
    for country in COUNTRIES:
        profiles = [make_profile(country), make_profile(country, area_code="23")]
        for text in short_numbers(country):
            assert [_read(text, profile) for profile in profiles] == [None, None], (country, text)


@pytest.mark.parametrize(
    ("length", "exceptions"), [(2, set()), (3, set()), (4, _FOUR_DIGITS), (5, _FIVE_DIGITS)]
)
def test_extensions_pass_unharmed_where_numbers_are_longer(
    length: int, exceptions: set[str]
) -> None:
    """All texts of so many digits, or about a thousand of them."""
    texts = [f"{n:0{length}}" for n in range(0, 10**length, max(1, 10**length // 997))]
    for country in COUNTRIES:
        profile = make_profile(country)
        harmed = [text for text in texts if _read(text, profile) is not None]
        assert bool(harmed) is (country in exceptions), (country, harmed[:3])
        longer = make_profile(country, min_length=10, max_length=10)
        assert not [text for text in harmed if _read(text, longer) is not None]


@pytest.mark.parametrize(
    "text", ["", "1", "*72", "#31#", "*31#0401234567", "john.doe", "alice", "0401234567x", "٠٤٠"]
)
@pytest.mark.parametrize("country", ["IT", "US", "DE", "WS"])
def test_what_is_no_number_passes_unharmed(country: str, text: str) -> None:
    assert _read(text, make_profile(country)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00390401234567", "+390401234567"), ("0401234567", None), ("0012", None)],
)
def test_of_an_unknown_country_there_is_the_international_prefix(
    text: str, expected: str | None
) -> None:
    profile = make_profile("IT").profile
    assert read_local(text, profile, None, None) == expected
    assert write_local("+390401234567", profile, None, None) == "00390401234567"


@settings(max_examples=600, deadline=None)
@given(
    national_numbers(),
    st.sampled_from(COUNTRIES),
    st.fixed_dictionaries(
        {
            "international_prefix": st.from_regex("[0-9]{1,4}", fullmatch=True),
            "national_prefix": st.from_regex("[0-9]{0,2}", fullmatch=True),
            "area_code": st.from_regex("[1-9]?[0-9]{0,3}", fullmatch=True),
            "min_length": st.integers(1, 12),
            "max_length": st.integers(1, 15),
        }
    ),
)
def test_what_goes_out_comes_back_whatever_the_operator_says_of_the_country(
    of: tuple[str, str], at_home: str, fields: dict[str, Any]
) -> None:
    number = f"+{known_plan(of[0]).calling_code}{of[1]}"
    profile = make_profile(at_home, **fields)
    assert _read(_write(number, profile), profile) == number
