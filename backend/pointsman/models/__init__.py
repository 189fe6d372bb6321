"""Tortoise rows. One noun per file; Tortoise finds the models by this package."""

from pointsman.models.api_token import ApiToken
from pointsman.models.carrier import Carrier, CarrierGrant
from pointsman.models.change_record import ChangeOperation, ChangeRecord
from pointsman.models.config_revision import ConfigRevision
from pointsman.models.did import Did
from pointsman.models.domain import Domain
from pointsman.models.kamailio_node import KamailioNode
from pointsman.models.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.models.routing_rule import RoutingRule
from pointsman.models.tenant import Tenant
from pointsman.models.trunk import Trunk, TrunkEndpoint, TrunkSource

__all__ = [
    "ApiToken",
    "Carrier",
    "CarrierGrant",
    "ChangeOperation",
    "ChangeRecord",
    "ConfigRevision",
    "Did",
    "Domain",
    "KamailioNode",
    "RoutingGroup",
    "RoutingGroupTrunk",
    "RoutingRule",
    "Tenant",
    "Trunk",
    "TrunkEndpoint",
    "TrunkSource",
]
