"""A customer whose calls are routed."""

from msgspec import Struct


class Tenant(Struct, frozen=True, gc=False):
    """What the core knows of a tenant."""

    id: str
    name: str
    enabled: bool = True
