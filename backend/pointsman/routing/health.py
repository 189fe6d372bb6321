"""How well the endpoints of trunks do: what the breaker says of each, and what probes do."""

from collections.abc import Mapping
from enum import StrEnum

# By the id of an endpoint: the share of calls that skip it, above 0 and up to 1. One that is
# not there takes all its calls.
Health = Mapping[str, float]

HEALTHY: Health = {}


class EndpointHealth(StrEnum):
    """What a Kamailio node has found of an endpoint by probing it. UNKNOWN: not found out yet, or
    not told for so long that it says nothing any more."""

    UP = "UP"
    DOWN = "DOWN"
    UNKNOWN = "UNKNOWN"
