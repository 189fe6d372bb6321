"""How well the endpoints of trunks do: what the breaker says of each."""

from collections.abc import Mapping

# By the id of an endpoint: the share of calls that skip it, above 0 and up to 1. One that is
# not there takes all its calls.
Health = Mapping[str, float]

HEALTHY: Health = {}
