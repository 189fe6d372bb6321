"""Dataloaders: relations of a list in one statement each, within the caller's scope."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise.models import Model

from pointsman.auth import Principal, is_within_reach, scope
from pointsman.calls.call_key import started_at
from pointsman.models import (
    CallAttempt,
    Carrier,
    CarrierGrant,
    ChangeRecord,
    ConfigRevision,
    EmergencyPlanGroup,
    EndpointState,
    Event,
    NormalizationProfile,
    NumberListTrunk,
    RegistrationState,
    ReroutePolicy,
    RoutingGroup,
    RoutingGroupTrunk,
    Schedule,
    Tenant,
    Trunk,
    TrunkEndpoint,
    TrunkSource,
    WebhookAttempt,
)
from pointsman.services.trunk_parts import SourceKey

M = TypeVar("M", bound=Model)


class Loaders:
    """Made afresh for each request."""

    def __init__(self, principal: Principal) -> None:
        self.tenant_by_id = DataLoader(_by_id(Tenant, principal))
        self.carrier_by_id = DataLoader(_by_id(Carrier, principal))
        self.trunk_by_id = DataLoader(_by_id(Trunk, principal))
        self.routing_group_by_id = DataLoader(_by_id(RoutingGroup, principal))
        self.reroute_policy_by_id = DataLoader(_by_id(ReroutePolicy, principal))
        self.normalization_profile_by_id = DataLoader(_by_id(NormalizationProfile, principal))
        self.schedule_by_id = DataLoader(_by_id(Schedule, principal))
        self.event_by_id = DataLoader(_by_id(Event, principal))
        self.attempts_by_delivery_id = DataLoader(_lists(WebhookAttempt, "delivery_id", ("at",)))
        self.sources_by_trunk_id = DataLoader(_lists(TrunkSource, "trunk_id", SourceKey._fields))
        self.endpoints_by_trunk_id = DataLoader(
            _lists(TrunkEndpoint, "trunk_id", ("priority", "host", "port"))
        )
        self.states_by_endpoint_id = DataLoader(_endpoint_states)
        self.places_by_routing_group_id = DataLoader(
            _lists(
                RoutingGroupTrunk,
                "routing_group_id",
                ("priority", "trunk__name", "member_group__name", "id"),
            )
        )
        self.groups_by_emergency_plan_id = DataLoader(
            _lists(EmergencyPlanGroup, "emergency_plan_id", ("position",))
        )
        self.trunks_by_number_list_id = DataLoader(
            _lists(NumberListTrunk, "number_list_id", ("trunk__name", "trunk_id"))
        )
        self.registration_states_by_trunk_id = DataLoader(_registration_states)
        self.revision_by_number = DataLoader(_revisions(principal))
        self.attempts_by_call_record_id = DataLoader(_attempts)
        self.granted_tenants_by_carrier_id = DataLoader(_granted_tenants(principal))


def _by_id(
    model: type[M], principal: Principal
) -> Callable[[list[UUID]], Awaitable[list[M | None]]]:
    async def load(ids: list[UUID]) -> list[M | None]:
        rows = await model.filter(scope(principal, model), id__in=ids)
        found = {row.pk: row for row in rows}
        return [found.get(key) for key in ids]

    return load


def _lists(
    model: type[M], key: str, order: tuple[str, ...]
) -> Callable[[list[UUID]], Awaitable[list[list[M]]]]:
    """Parts of objects that were loaded within the scope already."""

    async def load(ids: list[UUID]) -> list[list[M]]:
        found: dict[Any, list[M]] = defaultdict(list)
        for row in await model.filter(**{f"{key}__in": ids}).order_by(*order):
            found[getattr(row, key)].append(row)
        return [found[key] for key in ids]

    return load


async def _registration_states(ids: list[UUID]) -> list[list[RegistrationState]]:
    """Of trunks that were loaded within the scope already, each with its node."""
    found: dict[UUID, list[RegistrationState]] = defaultdict(list)
    states = RegistrationState.filter(trunk_id__in=ids).order_by("node__name")
    for row in await states.select_related("node"):
        found[row.trunk_id].append(row)
    return [found[key] for key in ids]


async def _endpoint_states(ids: list[UUID]) -> list[list[EndpointState]]:
    """By node, of endpoints that were loaded within the scope already."""
    found: dict[UUID, list[EndpointState]] = defaultdict(list)
    rows = EndpointState.filter(endpoint_id__in=ids).order_by("node__name")
    for row in await rows.select_related("node"):
        found[row.endpoint_id].append(row)
    return [found[key] for key in ids]


async def _attempts(ids: list[UUID]) -> list[list[CallAttempt]]:
    """Of calls that were loaded within the scope already; their times leave other days out."""
    span = started_at(min(ids)), started_at(max(ids))
    found: dict[UUID, list[CallAttempt]] = defaultdict(list)
    rows = CallAttempt.filter(call_record_id__in=ids, started_at__range=span)
    for row in await rows.order_by("position"):
        found[row.call_record_id].append(row)
    return [found[key] for key in ids]


def _revisions(
    principal: Principal,
) -> Callable[[list[int]], Awaitable[list[ConfigRevision | None]]]:
    """Those that changed something within the caller's reach: a revision tells whose change it
    was."""

    async def load(numbers: list[int]) -> list[ConfigRevision | None]:
        seen = numbers
        if not is_within_reach(principal, None):
            changes = ChangeRecord.filter(scope(principal, ChangeRecord), revision_id__in=numbers)
            seen = [row.revision_id for row in await changes.distinct().only("revision_id")]
        found = {row.id: row for row in await ConfigRevision.filter(id__in=seen)}
        return [found.get(number) for number in numbers]

    return load


def _granted_tenants(
    principal: Principal,
) -> Callable[[list[UUID]], Awaitable[list[list[Tenant]]]]:
    async def load(ids: list[UUID]) -> list[list[Tenant]]:
        grants = CarrierGrant.filter(scope(principal, CarrierGrant), carrier_id__in=ids)
        found: dict[UUID, list[Tenant]] = defaultdict(list)
        for grant in await grants.order_by("tenant__name").prefetch_related("tenant"):
            found[grant.carrier_id].append(grant.tenant)
        return [found[key] for key in ids]

    return load
