"""What is known of a country's telephone numbers: the data of libphonenumber, compiled.

Its package `phonenumbers` is the source of all facts; nothing of it is asked during a call. Its
patterns have no nested repetitions and look at a few digits, so `re` takes them: a decision has
no time for RE2, which is for what operators write.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import phonenumbers
from msgspec import Struct
from phonenumbers import NumberFormat as Form
from phonenumbers import PhoneMetadata, PhoneNumberDesc

from pointsman.routing.replacement import Replacement, compile_replacement

# ITU-T E.164 section 6.2.1.
MAX_DIGITS = 15
# With fewer digits, a number might as well be an extension of a PBX.
_SAFE_LENGTH = 6
# Where callers choose one of several: the prefix that everybody knows.
_INTERNATIONAL_PREFIXES = {"SG": "001"}
_NORTH_AMERICA = 1
_NEVER = r"(?!)"
_DIGITS = re.compile(r"\\?[0-9]")
_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "pager", "uan", "voicemail", "no_international_dialling",
)  # fmt: skip
_SHORT_KINDS = ("short_code", "emergency", "toll_free", "premium_rate", "standard_rate")


class Writing(Struct, frozen=True):
    """How numbers that `leading` and `pattern` match are written within their country: as
    `digits` has it, behind the national prefix if `is_prefixed`."""

    leading: re.Pattern[str]
    pattern: re.Pattern[str]
    digits: Replacement
    is_prefixed: bool


class NumberingPlan(Struct, frozen=True):
    """How the numbers of a country are dialled within it.

    `calling_code` is without plus. `international_prefix` and `national_prefix` are those in
    common use, `international_prefixes` finds any. A national (significant) number that may be
    dialled has `min_length` to `max_length` digits, an ordinary line's `usual_length` at least.

    `possible` matches national numbers of the country, `assigned` those of which the use is
    known, `shared` those of all countries with its calling code; `lengths` are how many digits
    the country's have. `dialled` finds what may go before a national number, or a number without
    its area code, which `completion` completes. `short_codes` are numbers that exist within the
    country only, `emergency_numbers` some of them. `lengths_abroad` are how many digits follow
    each calling code.
    """

    country: str
    calling_code: str
    international_prefix: str
    national_prefix: str
    min_length: int
    max_length: int
    usual_length: int
    lengths: frozenset[int]
    possible: re.Pattern[str]
    assigned: re.Pattern[str]
    shared: re.Pattern[str]
    short_codes: re.Pattern[str]
    emergency_numbers: re.Pattern[str]
    international_prefixes: re.Pattern[str]
    dialled: re.Pattern[str]
    completion: Replacement | None
    writings: tuple[Writing, ...]
    lengths_abroad: Mapping[str, frozenset[int]]

    def is_own(self, number: str) -> bool:
        """Whether this is a whole national number of the country; a short one must be assigned,
        since it might as well be something else."""
        if len(number) not in self.lengths:
            return False
        if len(number) < self.usual_length:
            return self.is_assigned(number)
        return self.possible.fullmatch(number) is not None

    def is_assigned(self, number: str) -> bool:
        """Whether it is known what this national number of the country is for."""
        return self.assigned.fullmatch(number) is not None

    def is_known(self, number: str) -> bool:
        """Whether this is a national number of a country with the calling code."""
        return self.shared.fullmatch(number) is not None

    def is_short(self, text: str) -> bool:
        """Whether this is a short code: an emergency number, a service."""
        return self.short_codes.fullmatch(text) is not None

    def is_emergency(self, text: str) -> bool:
        """Whether this is an emergency number."""
        return self.emergency_numbers.fullmatch(text) is not None

    def is_possible_abroad(self, digits: str) -> bool:
        """Whether a number of some country, behind its calling code, has that many digits."""
        if len(digits) > MAX_DIGITS:
            return False
        for length in (1, 2, 3):
            lengths = self.lengths_abroad.get(digits[:length])
            if lengths is not None:
                return len(digits) - length in lengths
        return False

    def after_international_prefix(self, text: str) -> str:
        """What follows any prefix for calls abroad, "" without one."""
        found = self.international_prefixes.match(text)
        return text[found.end() :] if found is not None else ""

    def complete(self, text: str) -> str:
        """A dialled text without the prefixes that may go before a national number, and with the
        area code where the country has but one."""
        found = self.dialled.match(text)
        if found is None:
            return text
        rest = text[found.end() :]
        if self.completion is None or found.groups()[-1] is None:
            return rest
        return self.completion.expand(found) + rest

    def write(self, number: str) -> tuple[str, bool]:
        """The digits of a national number as they are dialled, and whether the national prefix
        goes before them."""
        if self.national_prefix == "0" and number.startswith("0"):
            return number, False  # a service that is dialled as it is
        for writing in self.writings:
            if writing.leading.match(number) is not None:
                found = writing.pattern.fullmatch(number)
                if found is not None:
                    return writing.digits.expand(found), writing.is_prefixed
        return number, True


@lru_cache(maxsize=512)  # more than there are countries, however many texts are tried
def plan_of(country: str) -> NumberingPlan | None:
    """The plan of a country (ISO 3166-1 alpha-2), None for one that is not known."""
    data = PhoneMetadata.metadata_for_region(country)
    if data is None:
        return None
    code = data.country_code or 0
    sharing = _sharing(code)
    lengths = _lengths(data)
    usual = min(_example_lengths(data) or lengths)
    dialled = re.compile(data.national_prefix_for_parsing or _NEVER)
    completion = data.national_prefix_transform_rule
    short = PhoneMetadata.short_metadata_for_region(country)
    return NumberingPlan(
        country=country,
        calling_code=str(code),
        international_prefix=_international_prefix(data),
        national_prefix=data.national_prefix or "",
        min_length=max(min(lengths), min(_SAFE_LENGTH, usual)),
        max_length=min(max(lengths), MAX_DIGITS - len(str(code))),
        usual_length=usual,
        lengths=frozenset(lengths),
        possible=_any_of(data.general_desc),
        assigned=_any_of(*(getattr(data, kind) for kind in _KINDS)),
        shared=_any_of(*(each.general_desc for each in sharing)),
        short_codes=_any_of(*(getattr(short, kind, None) for kind in _SHORT_KINDS)),
        emergency_numbers=_any_of(getattr(short, "emergency", None)),
        international_prefixes=re.compile(data.international_prefix or _NEVER),
        dialled=dialled,
        completion=compile_replacement(completion, dialled.groups) if completion else None,
        writings=_writings(data, sharing[0]),
        lengths_abroad=_lengths_by_calling_code(),
    )


@cache
def _lengths_by_calling_code() -> dict[str, frozenset[int]]:
    found = {}
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        found[str(code)] = frozenset(n for each in _sharing(code) for n in _lengths(each))
    return found


def _lengths(data: PhoneMetadata) -> tuple[int, ...]:
    return data.general_desc.possible_length if data.general_desc else ()


def _sharing(code: int) -> list[PhoneMetadata]:
    """The countries of a calling code, the main one first."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
    found = (PhoneMetadata.metadata_for_region_or_calling_code(code, each) for each in regions)
    return [data for data in found if data is not None]


def _international_prefix(data: PhoneMetadata) -> str:
    """The one in common use, the lowest where there is none."""
    pattern = data.international_prefix or _NEVER
    known = _INTERNATIONAL_PREFIXES.get(data.id), data.preferred_international_prefix, "00"
    for prefix in (pattern, *known):
        if prefix and prefix.isdigit() and re.fullmatch(pattern, prefix):
            return prefix
    numbers = (f"{number:0{length}}" for length in (1, 2, 3, 4) for number in range(10**length))
    return next((number for number in numbers if re.fullmatch(pattern, number)), "00")


def _example_lengths(data: PhoneMetadata) -> list[int]:
    """How many digits an ordinary line's and a mobile's number have."""
    kinds = (data.fixed_line, data.mobile)
    return [len(kind.example_number) for kind in kinds if kind and kind.example_number]


def _any_of(*kinds: PhoneNumberDesc | None) -> re.Pattern[str]:
    patterns = [kind.national_number_pattern for kind in kinds if kind is not None]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern) or _NEVER)


def _writings(data: PhoneMetadata, main: PhoneMetadata) -> tuple[Writing, ...]:
    """The formats of the country, none when all are the number behind the national prefix."""
    if data.country_code == _NORTH_AMERICA:
        return ()  # the prefix is dialled, though never printed
    forms = data.number_format or main.number_format
    prefix = data.national_prefix or ""
    if not any(_before_number(form).startswith(prefix) for form in forms):
        return (Writing(re.compile(""), re.compile("(.*)"), Replacement((1,)), is_prefixed=False),)
    writings = tuple(_writing(form, prefix) for form in forms)
    return writings if any(not _is_plain(writing) for writing in writings) else ()


def _writing(form: Form, national_prefix: str) -> Writing:
    leading = form.leading_digits_pattern
    pattern = re.compile(form.pattern or _NEVER)
    before = _before_number(form)
    digits = before.removeprefix(national_prefix) + "".join(_DIGITS.findall(form.format or ""))
    return Writing(
        leading=re.compile(leading[-1] if leading else ""),
        pattern=pattern,
        digits=compile_replacement(digits, pattern.groups),
        is_prefixed=before.startswith(national_prefix),
    )


def _is_plain(writing: Writing) -> bool:
    groups = tuple(range(1, writing.pattern.groups + 1))
    return writing.is_prefixed and writing.digits.parts == groups


def _before_number(form: Form) -> str:
    """The digits that a format puts before a number: without the code of a carrier, or else
    before that."""
    for rule in (form.national_prefix_formatting_rule, form.domestic_carrier_code_formatting_rule):
        before = re.sub(r"\D", "", re.split(r"\\1|\$CC", rule or "")[0])
        if before:
            return before
    return ""
