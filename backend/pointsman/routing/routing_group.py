"""An ordered, weighted choice of trunks."""

from enum import StrEnum

from msgspec import Struct

# Groups within groups: how deep.
MAX_DEPTH = 4


class Strategy(StrEnum):
    """How a group orders its trunks for a call.

    PRIORITY: lower priority first, among equals by weight. The others look at no priority:
    WEIGHTED by weight; ROUND each in its turn, by the Call-ID; STICKY by weight, the same for
    each call of a caller. LEAST_COST and QUALITY are where rates and statistics will plug in.
    """

    PRIORITY = "PRIORITY"
    WEIGHTED = "WEIGHTED"
    ROUND = "ROUND"
    STICKY = "STICKY"
    LEAST_COST = "LEAST_COST"
    QUALITY = "QUALITY"


class GroupMode(StrEnum):
    """SERIAL: one leg after the other. PARALLEL: all at once, the first to answer wins."""

    SERIAL = "SERIAL"
    PARALLEL = "PARALLEL"


class RoutingGroupTrunk(Struct, frozen=True, gc=False):
    """A place in a group, of a trunk or of another group of the tenant: lower `priority` first,
    `weight` the share among equals. Exactly one of the ids is set."""

    trunk_id: str = ""
    priority: int = 0
    weight: int = 1
    enabled: bool = True
    member_group_id: str = ""


class RoutingGroup(Struct, frozen=True, gc=False):
    """A group of trunks of one tenant (and of the carriers granted to it). At most
    `max_candidates` endpoints are tried."""

    id: str
    name: str
    tenant_id: str
    trunks: tuple[RoutingGroupTrunk, ...] = ()
    strategy: Strategy = Strategy.PRIORITY
    mode: GroupMode = GroupMode.SERIAL
    max_candidates: int = 11
