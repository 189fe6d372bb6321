"""An ordered, weighted choice of trunks."""

from msgspec import Struct


class RoutingGroupTrunk(Struct, frozen=True, gc=False):
    """A trunk's place in a group: lower `priority` first, `weight` the share among equals."""

    trunk_id: str
    priority: int = 0
    weight: int = 1
    enabled: bool = True


class RoutingGroup(Struct, frozen=True, gc=False):
    """A group of trunks of one tenant (and of the carriers granted to it)."""

    id: str
    name: str
    tenant_id: str
    trunks: tuple[RoutingGroupTrunk, ...] = ()
