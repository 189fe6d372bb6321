"""A SIP domain of a tenant."""

from msgspec import Struct


class Domain(Struct, frozen=True, gc=False):
    """Calls whose Request-URI has this host go to the tenant's PBX trunk."""

    id: str
    name: str
    tenant_id: str
    pbx_trunk_id: str
