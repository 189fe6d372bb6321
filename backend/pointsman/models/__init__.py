"""Tortoise rows. One noun per file; Tortoise finds the models by this package."""

from pointsman.models.api_token import ApiToken
from pointsman.models.call_attempt import CallAttempt
from pointsman.models.call_event import CallEvent, CallEventConflict
from pointsman.models.call_record import CallRecord
from pointsman.models.call_statistics import (
    CallStatistics,
    CallStatisticsDue,
    CallStatisticsMark,
)
from pointsman.models.carrier import Carrier, CarrierGrant
from pointsman.models.change_record import ChangeOperation, ChangeRecord
from pointsman.models.config_revision import ConfigRevision
from pointsman.models.did import Did
from pointsman.models.domain import Domain
from pointsman.models.emergency_plan import EmergencyPlan, EmergencyPlanGroup
from pointsman.models.endpoint_state import EndpointState
from pointsman.models.event import Event, EventKind
from pointsman.models.kamailio_node import KamailioNode
from pointsman.models.normalization_profile import NormalizationProfile
from pointsman.models.number_list import NumberList, NumberListTrunk
from pointsman.models.registration_state import RegistrationState
from pointsman.models.reroute_policy import ReroutePolicy
from pointsman.models.routing_group import RoutingGroup, RoutingGroupTrunk
from pointsman.models.routing_rule import RoutingRule
from pointsman.models.schedule import Schedule
from pointsman.models.tenant import Tenant
from pointsman.models.trouble import Trouble
from pointsman.models.trunk import Trunk, TrunkEndpoint, TrunkSource
from pointsman.models.trusted_proxy import TrustedProxy
from pointsman.models.webhook import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery

__all__ = [
    "ApiToken",
    "CallAttempt",
    "CallEvent",
    "CallEventConflict",
    "CallRecord",
    "CallStatistics",
    "CallStatisticsDue",
    "CallStatisticsMark",
    "Carrier",
    "CarrierGrant",
    "ChangeOperation",
    "ChangeRecord",
    "ConfigRevision",
    "DeliveryState",
    "Did",
    "Domain",
    "EmergencyPlan",
    "EmergencyPlanGroup",
    "EndpointState",
    "Event",
    "EventKind",
    "KamailioNode",
    "NormalizationProfile",
    "NumberList",
    "NumberListTrunk",
    "RegistrationState",
    "ReroutePolicy",
    "RoutingGroup",
    "RoutingGroupTrunk",
    "RoutingRule",
    "Schedule",
    "Tenant",
    "Trouble",
    "Trunk",
    "TrunkEndpoint",
    "TrunkSource",
    "TrustedProxy",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
]
