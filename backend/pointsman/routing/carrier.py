"""A wholesale or PSTN provider."""

from msgspec import Struct


class Carrier(Struct, frozen=True, gc=False):
    """A carrier and the tenants that may use it: its owner, or those it is granted to."""

    id: str
    name: str
    tenant_ids: frozenset[str]
    enabled: bool = True
    reroute_policy_id: str = ""
