"""Objects of a configuration as people call them: for explanations and findings."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from pointsman.routing.configuration import Configuration
from pointsman.routing.trunk import Endpoint
from pointsman.routing.uri import format_host


class NamedObject(Struct, frozen=True, gc=False):
    """An object by its type ("RoutingRule"), its id, and its name: a DID's is its prefix, an
    emergency plan's its country, an endpoint's its host and port."""

    noun: str
    id: str
    name: str


def name_objects(configuration: Configuration) -> dict[str, NamedObject]:
    """All objects of a configuration by id."""
    named = [
        *_named("Tenant", configuration.tenants),
        *_named("Carrier", configuration.carriers),
        *_named("Trunk", configuration.trunks),
        *_named("Domain", configuration.domains),
        *_named("RoutingGroup", configuration.routing_groups),
        *_named("RoutingRule", configuration.routing_rules),
        *_named("NormalizationProfile", configuration.normalization_profiles),
        *_named("NumberList", configuration.number_lists),
        *_named("Schedule", configuration.schedules),
        *_named("ReroutePolicy", configuration.reroute_policies),
        *_named("TrustedProxy", configuration.trusted_proxies),
    ]
    named += [NamedObject("Did", did.id, did.prefix) for did in configuration.dids]
    named += [
        NamedObject("EmergencyPlan", plan.id, plan.country)
        for plan in configuration.emergency_plans
    ]
    named += [
        NamedObject("TrunkEndpoint", endpoint.id, name_endpoint(endpoint))
        for trunk in configuration.trunks
        for endpoint in trunk.endpoints
    ]
    return {named_object.id: named_object for named_object in named}


def name_endpoint(endpoint: Endpoint) -> str:
    """Host and port, without the latter where DNS tells it."""
    host = format_host(endpoint.host)
    return host if endpoint.port is None else f"{host}:{endpoint.port}"


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


def _named(noun: str, items: Sequence[_Named]) -> Iterator[NamedObject]:
    return (NamedObject(noun, item.id, item.name) for item in items)
