"""Profiles and numbers of all countries that `phonenumbers` knows."""

import re
from functools import cache
from typing import Any

import phonenumbers
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberDesc

from pointsman.routing.normalization import CompiledProfile, compile_profile
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.numbering_plan import NumberingPlan, plan_of

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "pager", "uan", "voicemail", "no_international_dialling",
)  # fmt: skip
# What people dial to speak to somebody; services of text messages alone are left out.
_SHORT_KINDS = ("short_code", "emergency", "toll_free", "premium_rate", "standard_rate")


def known_plan(country: str) -> NumberingPlan:
    """The plan of a country that there is."""
    plan = plan_of(country)
    assert plan is not None
    return plan


def make_profile(country: str, **more: Any) -> CompiledProfile:
    """A profile with what is known of its country, unless said otherwise."""
    plan = known_plan(country)
    known = {
        "international_prefix": plan.international_prefix,
        "national_prefix": plan.national_prefix,
        "min_length": plan.min_length,
        "max_length": plan.max_length,
    }
    return compile_profile(NormalizationProfile("p", country, "", country, **{**known, **more}))


def kinds_of(country: str) -> list[tuple[str, PhoneNumberDesc]]:
    """The kinds of numbers that a country has."""
    data = PhoneMetadata.metadata_for_region(country)
    found = ((kind, getattr(data, kind)) for kind in _KINDS)
    return [(kind, each) for kind, each in found if each and each.national_number_pattern]


def example_numbers(country: str) -> list[str]:
    """One national number of each kind."""
    return [each.example_number for _, each in kinds_of(country) if each.example_number]


@cache
def numbers_of(pattern: str) -> st.SearchStrategy[str]:
    """Texts that a pattern matches as a whole."""
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)


@st.composite
def national_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A country, and a national number of it."""
    country = draw(st.sampled_from(COUNTRIES))
    data = PhoneMetadata.metadata_for_region(country)
    assert data is not None
    assert data.general_desc is not None
    _, kind = draw(st.sampled_from(kinds_of(country)))
    longest = 15 - len(str(data.country_code))
    lengths = [
        length
        for length in kind.possible_length or data.general_desc.possible_length
        if length <= longest
    ]
    number = draw(numbers_of(kind.national_number_pattern).filter(lambda n: len(n) in lengths))
    return country, number


def short_numbers(country: str) -> list[str]:
    """The short codes of a country that the data gives as examples."""
    data = PhoneMetadata.short_metadata_for_region(country)
    found = (getattr(data, kind, None) for kind in _SHORT_KINDS)
    return [each.example_number for each in found if each and each.example_number]
