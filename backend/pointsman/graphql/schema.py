"""The schema: all nouns' queries and mutations in one."""

from collections.abc import Callable

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from pointsman.graphql.call_record import CallRecordQuery
from pointsman.graphql.call_record_field import SCALARS
from pointsman.graphql.call_statistics import CallStatisticsQuery
from pointsman.graphql.carrier import CarrierMutation, CarrierQuery
from pointsman.graphql.config_revision import ConfigRevisionQuery
from pointsman.graphql.did import DidMutation, DidQuery
from pointsman.graphql.domain import DomainMutation, DomainQuery
from pointsman.graphql.emergency_plan import EmergencyPlanMutation, EmergencyPlanQuery
from pointsman.graphql.errors import HANDLERS, TellExpectedErrors
from pointsman.graphql.event import EventQuery
from pointsman.graphql.explanation import ExplanationQuery
from pointsman.graphql.finding import FindingQuery
from pointsman.graphql.normalization_preview import NormalizationPreviewQuery
from pointsman.graphql.normalization_profile import (
    NormalizationProfileMutation,
    NormalizationProfileQuery,
)
from pointsman.graphql.number_list import NumberListMutation, NumberListQuery
from pointsman.graphql.one_operation import OneOperation
from pointsman.graphql.operation_count import CountOperations
from pointsman.graphql.reroute_policy import ReroutePolicyMutation, ReroutePolicyQuery
from pointsman.graphql.routing_group import RoutingGroupMutation, RoutingGroupQuery
from pointsman.graphql.routing_rule import RoutingRuleMutation, RoutingRuleQuery
from pointsman.graphql.schedule import ScheduleMutation, ScheduleQuery
from pointsman.graphql.tenant import TenantMutation, TenantQuery
from pointsman.graphql.trunk import TrunkMutation, TrunkQuery
from pointsman.graphql.trusted_proxy import TrustedProxyMutation, TrustedProxyQuery
from pointsman.graphql.webhook import WebhookMutation, WebhookQuery
from pointsman.telemetry import ControlMetrics

# Of a document: several times GraphiQL's question for the schema, and any console's own.
MAX_TOKENS = 4_000

_QUERIES = (
    TenantQuery,
    DomainQuery,
    CarrierQuery,
    TrunkQuery,
    DidQuery,
    RoutingGroupQuery,
    RoutingRuleQuery,
    ReroutePolicyQuery,
    NormalizationProfileQuery,
    NormalizationPreviewQuery,
    ScheduleQuery,
    NumberListQuery,
    EmergencyPlanQuery,
    TrustedProxyQuery,
    ConfigRevisionQuery,
    ExplanationQuery,
    FindingQuery,
    CallStatisticsQuery,
    CallRecordQuery,
    EventQuery,
    WebhookQuery,
)
_MUTATIONS = (
    TenantMutation,
    DomainMutation,
    CarrierMutation,
    TrunkMutation,
    DidMutation,
    RoutingGroupMutation,
    RoutingRuleMutation,
    ReroutePolicyMutation,
    NormalizationProfileMutation,
    ScheduleMutation,
    NumberListMutation,
    EmergencyPlanMutation,
    TrustedProxyMutation,
    WebhookMutation,
)


class _Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: TellExpectedErrors logs what nobody expected, and a client's own mistakes
        are not for our logs."""


def build_schema(metrics: ControlMetrics | None = None) -> strawberry.Schema:
    """The schema that the control role serves, which counts its operations in `metrics`."""
    extensions: list[type[SchemaExtension] | Callable[[], SchemaExtension]] = [
        TellExpectedErrors,
        OneOperation,
        lambda: MaxTokensLimiter(MAX_TOKENS),
    ]
    if metrics is not None:
        extensions.append(lambda: CountOperations(metrics))
    return _Schema(
        query=merge_types("Query", _QUERIES),
        mutation=merge_types("Mutation", _MUTATIONS),
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=extensions,
        exception_handlers=HANDLERS,
    )
