"""How numbers are dialled at the far end of a trunk: a country's way, and exceptions to it."""

from enum import StrEnum

from msgspec import Struct


class NumberDirection(StrEnum):
    """INBOUND: what comes from the trunk is read. OUTBOUND: what goes to it is written."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


class NumberField(StrEnum):
    """Whose number it is."""

    CALLED = "CALLED"
    CALLING = "CALLING"


class NormalizationRule(Struct, frozen=True, gc=False):
    r"""Where the RE2 pattern `match` is found in the number, its first find is replaced by
    `replace`, in which \1 to \9 are its groups. The first rule of a direction and field that
    matches is the last: nothing else is done to the number."""

    direction: NumberDirection
    field: NumberField
    match: str
    replace: str


class NormalizationExample(Struct, frozen=True, gc=False):
    """What a profile has to make of a number; checked each time the profile is saved."""

    direction: NumberDirection
    field: NumberField
    given: str
    expected: str


class NormalizationProfile(Struct, frozen=True, gc=False):
    """A country's numbering plan as its users dial it.

    `country` is ISO 3166-1 alpha-2. `international_prefix` is dialled before a country code
    ("00", "011"), `national_prefix` (the trunk digit) before a national number ("0", "" where
    there is none), `area_code` belongs before a number that is dialled without one ("" for none).
    `min_length` and `max_length` are digits of a national number without its prefix. Of the
    platform when `tenant_id` is "".
    """

    id: str
    name: str
    tenant_id: str
    country: str
    area_code: str = ""
    international_prefix: str = "00"
    national_prefix: str = ""
    min_length: int = 4
    max_length: int = 15
    rules: tuple[NormalizationRule, ...] = ()
    examples: tuple[NormalizationExample, ...] = ()
