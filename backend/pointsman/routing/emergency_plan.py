"""Emergency calls of a tenant in a country."""

from msgspec import Struct


class EmergencyPlan(Struct, frozen=True, gc=False):
    """Calls to one of `numbers` ("112", as dialled) go to the groups in their order, on carriers
    of at least two, with `calling_number` (E.164) as the caller whoever calls; no list, class or
    limit stands in their way. `location` says where the callers are, for people;
    `geolocation_uri` is sent in Geolocation (RFC 6442) when it is not "".
    """

    id: str
    tenant_id: str
    country: str
    numbers: tuple[str, ...]
    calling_number: str
    routing_group_ids: tuple[str, ...]
    location: str = ""
    geolocation_uri: str = ""
    enabled: bool = True
