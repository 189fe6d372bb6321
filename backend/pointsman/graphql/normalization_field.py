"""What the schema says of the fields of a normalization profile, the same wherever they stand."""

import strawberry

from pointsman.routing.normalization_profile import NumberDirection, NumberField
from pointsman.services.normalization_fields import MAX_EXAMPLES, MAX_RULES

strawberry.enum(
    NumberDirection,
    description="INBOUND: a number that comes from the trunk is read. OUTBOUND: one that goes to "
    "it is written.",
)
strawberry.enum(NumberField, description="Whose number it is: of who is CALLED, or CALLING.")

NAME = "Unique among its owner's, 1 to 100 characters."
COUNTRY = "The country as ISO 3166-1 alpha-2, such as IT."
AREA_CODE = (
    "What belongs before a number of five or more digits that is dialled without its area code: "
    "digits without the national prefix, such as 30 for Berlin, 8 at most; empty where there is "
    "no such dialling, and then a number without its area code stays as it is."
)
INTERNATIONAL_PREFIX = (
    "What is dialled before a country code, such as 00 or 011: 1 to 8 digits. Numbers of other "
    "countries are written with it; all others that are in use in the country are understood."
)
NATIONAL_PREFIX = (
    "The trunk digit before a national number, such as 0, or 1 in North America: digits, 8 at "
    "most; empty for none. It is written before the numbers that the country dials with it."
)
MIN_LENGTH = (
    "The least digits of a national number without its prefix, 1 to 15. Shorter ones, which might "
    "be extensions, are neither read nor written as numbers of the country: such a number goes "
    "out with the international prefix."
)
MAX_LENGTH = "The most digits of a national number without its prefix, minLength to 15."
RULES = (
    "Exceptions, in their order. Of those for a direction and field, the first that matches is the "
    "last: nothing else is done to the number. None changes an emergency number of the country "
    f"that comes from a trunk. {MAX_RULES} at most."
)
EXAMPLES = (
    f"What has to come out, {MAX_EXAMPLES} at most; on each save all of them are tried, with "
    "numberFormat LOCAL, and one that comes out otherwise is refused."
)
DIRECTION = "Whether the number comes from the trunk or goes to it."
FIELD = "Whose number it is."
MATCH = (
    "An RE2 pattern of at most 256 characters, found anywhere in the number unless it has ^ or $; "
    "a number of over 64 characters matches none. Inbound it is tried on what the trunk sent, "
    "outbound on the platform's number, +390401234567."
)
REPLACE = (
    "What takes the place of the first find: \\1 to \\9 are the groups of match. At most 64 "
    "characters, as many as the result may have. A result that is empty, or longer, leaves the "
    "number as it came, and not E.164: a called number with a plus is then refused."
)
GIVEN = (
    "The number as the trunk sends it (INBOUND), or as the platform has it (OUTBOUND): 1 to 64 "
    "characters, spaces left out."
)
EXPECTED = "What it must become: 1 to 64 characters, spaces left out."
