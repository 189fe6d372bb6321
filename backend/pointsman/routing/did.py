"""A number, or a range of numbers, of a tenant."""

from msgspec import Struct


class Did(Struct, frozen=True, gc=False, array_like=True):
    """Calls to numbers that start with `prefix` (E.164) go to a PBX trunk or to a routing
    group of PBX trunks: exactly one of the two is set."""

    id: str
    prefix: str
    tenant_id: str
    pbx_trunk_id: str = ""
    routing_group_id: str = ""
    enabled: bool = True
