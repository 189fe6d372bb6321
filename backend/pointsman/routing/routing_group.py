"""An ordered, weighted choice of trunks, and of groups of them."""

from enum import StrEnum

from msgspec import Struct

# Groups within groups: how deep, the outermost one counted.
MAX_DEPTH = 4
# Trunks of a group, those of the groups within it counted, and each as often as it is there.
MAX_TRUNKS = 100
# A suspended transaction takes one of Kamailio's twelve branches (max_branches).
MAX_CANDIDATES = 11


class Strategy(StrEnum):
    """How a group orders its places for a call.

    PRIORITY: lower priority first, among equals by weight, drawn by the Call-ID. The others look
    at no priority. WEIGHTED: all by weight, drawn by the Call-ID. ROUND: each in its turn; the
    Call-ID says which comes first, the others follow round the list (by priority, then name).
    STICKY: by weight, drawn by the calling number, so that a caller always gets the same order;
    who withholds it is drawn by the Call-ID. LEAST_COST and QUALITY are where rates and
    statistics will plug in: until then no call takes a place of such a group, and none is saved.
    """

    PRIORITY = "PRIORITY"
    WEIGHTED = "WEIGHTED"
    ROUND = "ROUND"
    STICKY = "STICKY"
    LEAST_COST = "LEAST_COST"
    QUALITY = "QUALITY"


# What a strategy needs that the platform does not have yet.
MISSING_INPUTS = {Strategy.LEAST_COST: "rates", Strategy.QUALITY: "statistics of calls"}


class GroupMode(StrEnum):
    """SERIAL: one leg after the other. PARALLEL: all legs at once, whatever their order, and the
    first to answer wins. What counts is the mode of the group that a call is sent to, not of
    those within it."""

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
    """A group of trunks of one tenant (and of the carriers granted to it), and of other groups of
    it, each of which orders its own places by its own strategy. At most `max_candidates`
    endpoints are tried, also of a group within another."""

    id: str
    name: str
    tenant_id: str
    trunks: tuple[RoutingGroupTrunk, ...] = ()
    strategy: Strategy = Strategy.PRIORITY
    mode: GroupMode = GroupMode.SERIAL
    max_candidates: int = MAX_CANDIDATES
