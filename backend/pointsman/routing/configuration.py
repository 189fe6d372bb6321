"""The configuration of one revision."""

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.did import Did
from pointsman.routing.domain import Domain
from pointsman.routing.emergency_plan import EmergencyPlan
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.normalization_profile import NormalizationProfile
from pointsman.routing.number_list import NumberList
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.routing_group import RoutingGroup
from pointsman.routing.routing_rule import RoutingRule
from pointsman.routing.schedule import Schedule
from pointsman.routing.tenant import Tenant
from pointsman.routing.trunk import Trunk
from pointsman.routing.trunk_source import TrunkSource
from pointsman.routing.trusted_proxy import TrustedProxy


class Configuration(Struct, frozen=True):
    """Everything that decisions depend on, as one revision has it."""

    revision: int
    tenants: tuple[Tenant, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    sources: tuple[TrunkSource, ...] = ()
    domains: tuple[Domain, ...] = ()
    dids: tuple[Did, ...] = ()
    routing_groups: tuple[RoutingGroup, ...] = ()
    routing_rules: tuple[RoutingRule, ...] = ()
    kamailio_nodes: tuple[KamailioNode, ...] = ()
    normalization_profiles: tuple[NormalizationProfile, ...] = ()
    number_lists: tuple[NumberList, ...] = ()
    emergency_plans: tuple[EmergencyPlan, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    reroute_policies: tuple[ReroutePolicy, ...] = ()
    trusted_proxies: tuple[TrustedProxy, ...] = ()
