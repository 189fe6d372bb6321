"""What kind of number a call goes to, where kinds differ in what they cost."""

from enum import StrEnum


class DestinationClass(StrEnum):
    """Classes that are denied until a tenant allows them, or the country of the number.

    PREMIUM_RATE and SHARED_COST as `phonenumbers` tells them, in every country; SATELLITE: +870
    and +881; INTERNATIONAL_NETWORK: every other code that is no country's (+882, +883, +979 ...).
    """

    PREMIUM_RATE = "PREMIUM_RATE"
    SHARED_COST = "SHARED_COST"
    SATELLITE = "SATELLITE"
    INTERNATIONAL_NETWORK = "INTERNATIONAL_NETWORK"
