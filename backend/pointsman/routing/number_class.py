"""E.164 numbers by their class, as far as classes differ in what they cost.

`phonenumbers` knows the plans of all countries, and takes over 100 µs for a number. So what it
knows of expensive numbers is put into one pattern for each country calling code, which tells for
nearly every call in a microsecond that it is none; only what begins like an expensive number is
looked at with `phonenumbers` itself.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneMetadata, PhoneNumberType

from pointsman.routing.destination_class import DestinationClass
from pointsman.routing.number import Number
from pointsman.routing.tenant import Tenant

_NOBODYS_REGION = phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY
# +870 Inmarsat and +881 GMSS are satellites (ITU-T E.164 annex D), +800 is free of charge.
_SATELLITE = frozenset({"870", "881"})
_FREE = frozenset({"800"})
_CLASSES = {
    PhoneNumberType.PREMIUM_RATE: DestinationClass.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST: DestinationClass.SHARED_COST,
}
# ITU-T E.164: no country has an international number of less digits, or a calling code of more.
_MIN_DIGITS, _MAX_CODE = 7, 3
_ANY_DIGITS = re.compile(r"\\d(?:\{(?:[0-9]+,)?([0-9]+)\})?")


class NumberClass(Struct, frozen=True, gc=False):
    """What a number is, and whose: `country` is ISO 3166-1 alpha-2, "" for no country's."""

    destination: DestinationClass
    country: str


class _Beginning(Struct, frozen=True, gc=False):
    """How the expensive numbers of a country begin."""

    pattern: re.Pattern[str]
    number_class: NumberClass


class _CallingCode(Struct, frozen=True, gc=False):
    """A code that countries share: `suspicious` is found at the beginning of national numbers
    that are worth a closer look, the main country's `beginnings` are the first; `abroad` is found
    where digits lead abroad once the code is gone."""

    suspicious: re.Pattern[str]
    beginnings: tuple[_Beginning, ...]
    abroad: re.Pattern[str]


class _Known(Struct, frozen=True, gc=False):
    """What is known of numbers by how they begin: where they go on behind the plus and the country
    calling code; and their classes, None where all of them are ordinary."""

    national_at: int
    code: _CallingCode | NumberClass | None


# By the first digits of numbers, as many as calling codes have at most, or all they have.
NumberClasses = Mapping[str, _Known]


@cache
def load_number_classes() -> NumberClasses:
    """Read once for a process."""
    codes = {
        str(code): _compile_code(str(code), regions)
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
    }
    heads = [str(number) for number in range(1, 10**_MAX_CODE)]
    return {
        head: _Known(1 + length, codes[head[:length]])
        for head in heads
        for length in range(1, len(head) + 1)
        if head[:length] in codes
    }


def classify(number: str, classes: NumberClasses) -> NumberClass | None:
    """The class of an E.164 number, None for an ordinary one.

    A number that is none of its country's, but begins like an expensive one, is of that one's
    class: exchanges ignore digits that are too many. A number of a code that is nobody's (yet) is
    of an INTERNATIONAL_NETWORK, and so is one that begins with an international prefix behind its
    code: a trunk that writes numbers without the code would dial whatever follows.
    """
    known = classes.get(number[1 : 1 + _MAX_CODE])
    if known is None:
        return NumberClass(DestinationClass.INTERNATIONAL_NETWORK, "")
    code = known.code
    if not isinstance(code, _CallingCode):
        return code
    national = number[known.national_at :]
    if code.suspicious.match(national) is None:
        return None
    return _classify_closely(number, national, code)


def could_be_any(text: str) -> bool:
    """Whether a text that is not in E.164 has enough digits to be a telephone number, of whatever
    class a carrier makes of it."""
    return sum(map(str.isdigit, text)) >= _MIN_DIGITS


def is_allowed(number: Number, found: NumberClass | None, tenant: Tenant) -> bool:
    """Whether a tenant may call a number of which this is the class, for whatever it costs."""
    if found is not None:
        in_country = found.country != "" and found.country in tenant.allowed_countries
        return in_country or found.destination in tenant.allowed_classes
    if number.e164 or not could_be_any(number.text):
        return True
    return tenant.allowed_classes.issuperset(DestinationClass)


def _classify_closely(number: str, national: str, code: _CallingCode) -> NumberClass | None:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return _class_by_beginning(code, national)
    kind = phonenumbers.number_type(parsed)
    if kind == PhoneNumberType.UNKNOWN:
        read = phonenumbers.national_significant_number(parsed)
        found = _class_by_beginning(code, national) or _class_by_beginning(code, read)
        if found is None and code.abroad.match(national) is not None:
            return NumberClass(DestinationClass.INTERNATIONAL_NETWORK, "")
        return found
    destination = _CLASSES.get(kind)
    if destination is None:
        return None
    return NumberClass(destination, phonenumbers.region_code_for_number(parsed) or "")


def _class_by_beginning(code: _CallingCode, national: str) -> NumberClass | None:
    for beginning in code.beginnings:
        if beginning.pattern.match(national) is not None:
            return beginning.number_class
    return None


def _compile_code(code: str, regions: tuple[str, ...]) -> _CallingCode | NumberClass | None:
    if regions == (_NOBODYS_REGION,):
        if code in _FREE:
            return None
        if code in _SATELLITE:
            return NumberClass(DestinationClass.SATELLITE, "")
        return NumberClass(DestinationClass.INTERNATIONAL_NETWORK, "")
    beginnings = tuple(found for region in regions for found in _beginnings_of(region))
    main = _metadata_of(regions[0])
    abroad = f"00|{main.international_prefix}" if main.international_prefix else "00"
    pattern = "|".join([abroad, *(beginning.pattern.pattern for beginning in beginnings)])
    # Behind a prefix that picks a carrier only `phonenumbers` finds the number.
    dialled = main.national_prefix_for_parsing if beginnings else None
    if dialled:
        pattern += f"|(?:{dialled})(?<=[0-9])"  # where it is there at all
    return _CallingCode(re.compile(pattern), beginnings, re.compile(abroad))


def _beginnings_of(region: str) -> list[_Beginning]:
    metadata = _metadata_of(region)
    kinds = (
        (metadata.premium_rate, DestinationClass.PREMIUM_RATE),
        (metadata.shared_cost, DestinationClass.SHARED_COST),
    )
    return [
        _Beginning(
            re.compile(_beginning_of(kind.national_number_pattern)),
            NumberClass(destination, region),
        )
        for kind, destination in kinds
        if kind is not None and kind.national_number_pattern
    ]


def _metadata_of(region: str) -> PhoneMetadata:
    # There is some of every region that is listed.
    return cast("PhoneMetadata", PhoneMetadata.metadata_for_region(region))


def _beginning_of(pattern: str) -> str:
    r"""The pattern with all its places for any digit, such as \d{6}, left to choice. A trunk digit
    does not belong behind a country code: exchanges are known to drop it there."""
    loose = _ANY_DIGITS.sub(lambda found: rf"\d{{0,{found[1] or 1}}}", pattern)
    return f"0*(?:{loose})"
