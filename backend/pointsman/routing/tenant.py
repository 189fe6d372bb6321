"""A customer whose calls are routed."""

from msgspec import Struct

from pointsman.routing.destination_class import DestinationClass


class Tenant(Struct, frozen=True, gc=False):
    """What the core knows of a tenant: calls to numbers of a class of DestinationClass go out
    only when the class is allowed, or the country (ISO 3166-1 alpha-2) of the number."""

    id: str
    name: str
    enabled: bool = True
    allowed_classes: frozenset[DestinationClass] = frozenset()
    allowed_countries: frozenset[str] = frozenset()
    reroute_policy_id: str = ""
