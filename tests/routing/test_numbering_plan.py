"""What is known of the countries."""

import re

import phonenumbers
import pytest

from pointsman.routing.numbering_plan import plan_of
from tests.routing.numbering import COUNTRIES, known_plan


@pytest.mark.parametrize(
    ("country", "calling_code", "international", "national", "lengths"),
    [
        ("IT", "39", "00", "", (6, 12)),
        ("VA", "39", "00", "", (6, 12)),
        ("US", "1", "011", "1", (10, 10)),
        ("AG", "1", "011", "1", (10, 10)),
        ("DE", "49", "00", "0", (6, 13)),
        ("GB", "44", "00", "0", (7, 10)),
        ("HU", "36", "00", "06", (8, 9)),
        ("RU", "7", "810", "8", (10, 14)),
        ("BY", "375", "810", "8", (6, 11)),
        ("UA", "380", "00", "0", (9, 10)),
        ("AU", "61", "0011", "0", (6, 12)),
        ("JP", "81", "010", "0", (8, 13)),
        ("MX", "52", "00", "", (10, 10)),
        ("SG", "65", "001", "", (8, 11)),
        ("TZ", "255", "000", "0", (9, 9)),
        ("BR", "55", "0012", "0", (8, 11)),  # a carrier is always chosen
        ("WS", "685", "0", "", (5, 10)),
        ("NU", "683", "00", "", (4, 7)),
    ],
)
def test_a_country_has_its_prefixes_and_lengths(
    country: str, calling_code: str, international: str, national: str, lengths: tuple[int, int]
) -> None:
    plan = known_plan(country)
    assert (plan.calling_code, plan.international_prefix, plan.national_prefix) == (
        calling_code,
        international,
        national,
    )
    assert (plan.min_length, plan.max_length) == lengths


def test_every_country_has_a_plan_that_can_be_dialled() -> None:
    for country in COUNTRIES:
        plan = known_plan(country)
        data = phonenumbers.PhoneMetadata.metadata_for_region(country)
        assert data is not None
        assert re.fullmatch(data.international_prefix or "", plan.international_prefix), country
        assert re.fullmatch("[0-9]{1,8}", plan.international_prefix), country
        assert plan.national_prefix == (data.national_prefix or ""), country
        assert 1 <= plan.min_length <= plan.usual_length <= plan.max_length, country
        assert len(plan.calling_code) + plan.max_length <= 15, country


@pytest.mark.parametrize("country", ["", "ZZ", "it", "001"])
def test_what_is_no_country_has_none(country: str) -> None:
    assert plan_of(country) is None


@pytest.mark.parametrize(
    ("country", "number", "expected"),
    [
        ("DE", "30123456", ("30123456", True)),
        ("IT", "0401234567", ("0401234567", True)),
        ("AR", "91123456789", ("111523456789", True)),
        ("AR", "1123456789", ("1123456789", True)),
        ("BY", "152450911", ("0152450911", True)),
        ("AU", "1300975707", ("1300975707", False)),
        ("AU", "212345678", ("212345678", True)),
        ("CN", "13912345678", ("13912345678", False)),
        ("CN", "1012345678", ("1012345678", True)),
        ("TR", "4441444", ("4441444", False)),
        ("GA", "11954764", ("011954764", True)),
        ("US", "2125551234", ("2125551234", True)),  # dialled with 1, printed without
        ("LI", "2345678", ("2345678", False)),  # nobody dials its 0
        ("SO", "4012345", ("4012345", False)),
        ("TH", "001800151763", ("001800151763", False)),
        ("DE", "999", ("999", True)),  # no format knows it
    ],
)
def test_a_number_is_written_as_the_country_dials_it(
    country: str, number: str, expected: tuple[str, bool]
) -> None:
    assert known_plan(country).write(number) == expected


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("DE", "030123456", "30123456"),
        ("DE", "30123456", "30123456"),
        ("IT", "0401234567", "0401234567"),
        ("AG", "4601234", "2684601234"),
        ("AG", "12684601234", "2684601234"),
        ("AR", "0111523456789", "91123456789"),
        ("AR", "01123456789", "1123456789"),
        ("BR", "01511987654321", "11987654321"),
        ("SM", "886377", "0549886377"),
        ("JE", "712345", "1534712345"),
        ("BY", "80152450911", "152450911"),
    ],
)
def test_a_number_is_completed_as_the_country_dials_it(
    country: str, text: str, expected: str
) -> None:
    assert known_plan(country).complete(text) == expected


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("390401234567", True),
        ("12125551234", True),
        ("112125551234", False),  # eleven digits behind +1
        ("999123456789", False),  # nobody's calling code
        ("80012345678", True),  # +800, of no country
        ("29051234", True),
        ("491234567890123", True),
        ("4912345678901234", False),  # 16 digits
        ("39", False),
        ("", False),
    ],
)
def test_a_number_abroad_is_possible_by_its_digits(digits: str, expected: bool) -> None:
    assert known_plan("IT").is_possible_abroad(digits) is expected
