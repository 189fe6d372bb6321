"""Where a match leads: a routing group, or a single PBX trunk, ready to choose from.

Compiled once with the snapshot: the trunks and endpoints in their order, what forbids each of
them whatever the call, and the parts of their URIs that no call changes.
"""

from msgspec import Struct

from pointsman.routing.normalization import CompiledProfile
from pointsman.routing.objects import Objects
from pointsman.routing.reroute_policy import ReroutePolicy
from pointsman.routing.routing_group import GroupMode, RoutingGroup, RoutingGroupTrunk
from pointsman.routing.share import has_ties
from pointsman.routing.trunk import Endpoint, Trunk, TrunkKind
from pointsman.routing.uri import Uri, format_host, format_uri


class Candidate(Struct, frozen=True, gc=False):
    """An endpoint that may take calls, with the parts of its URIs that no call changes.

    `destination` is the URI that sends a request there; a Request-URI is "sip:", the user and
    `at_socket`, a To URI "sip:", the user and `at_host`.
    """

    id: str
    priority: int
    weight: int
    trunk: Trunk
    endpoint: Endpoint
    socket: tuple[str, int]
    destination: str
    at_socket: str
    at_host: str
    fault: str
    profile: CompiledProfile | None
    reroute_policy: ReroutePolicy | None


class Place(Struct, frozen=True, gc=False):
    """A trunk of a choice with its candidates; `fault` says why no call of the tenant takes it."""

    id: str
    priority: int
    weight: int
    trunk: Trunk
    of_carrier: bool
    candidates: tuple[Candidate, ...]
    tied: bool
    fault: str


class Choice(Struct, frozen=True, gc=False):
    """The places to choose among, in order; `tied` when weights decide between some."""

    places: tuple[Place, ...]
    tied: bool
    mode: GroupMode


def compile_choice(group: RoutingGroup, objects: Objects) -> Choice:
    """The choice that a group is."""
    places = [_compile_place(group.tenant_id, entry, objects) for entry in group.trunks]
    return Choice(tuple(sorted(places, key=_priority)), has_ties(places), group.mode)


def _compile_place(tenant_id: str, entry: RoutingGroupTrunk, objects: Objects) -> Place:
    trunk = objects.trunks[entry.trunk_id]
    candidates = [_compile_candidate(tenant_id, trunk, e, objects) for e in trunk.endpoints]
    return Place(
        id=trunk.id,
        priority=entry.priority,
        weight=entry.weight,
        trunk=trunk,
        of_carrier=trunk.kind is TrunkKind.CARRIER,
        candidates=tuple(sorted(candidates, key=_priority)),
        tied=has_ties(candidates),
        fault=_fault_of_place(tenant_id, entry, trunk, objects),
    )


def _fault_of_place(
    tenant_id: str, entry: RoutingGroupTrunk, trunk: Trunk, objects: Objects
) -> str:
    if not entry.enabled:
        return "is disabled in its group"
    if not trunk.enabled:
        return "is disabled"
    if trunk.kind is TrunkKind.PBX:
        return "" if trunk.tenant_id == tenant_id else "is of another tenant"
    carrier = objects.carriers[trunk.carrier_id]
    if not carrier.enabled:
        return "is of a disabled carrier"
    return "" if tenant_id in carrier.tenant_ids else "is of a carrier not granted to the tenant"


def _compile_candidate(
    tenant_id: str, trunk: Trunk, endpoint: Endpoint, objects: Objects
) -> Candidate:
    socket = Uri("sip", "", endpoint.host, endpoint.port, endpoint.uri_params)
    destination = format_uri(socket)
    return Candidate(
        id=endpoint.id,
        priority=endpoint.priority,
        weight=endpoint.weight,
        trunk=trunk,
        endpoint=endpoint,
        socket=endpoint.socket,
        destination=destination,
        at_socket=f"@{destination.removeprefix('sip:')}",
        at_host=f"@{format_host(endpoint.host)}",
        fault="" if endpoint.enabled else "is disabled",
        profile=objects.profiles.get(trunk.normalization_profile_id),
        reroute_policy=_policy_of(tenant_id, trunk, objects),
    )


def _policy_of(tenant_id: str, trunk: Trunk, objects: Objects) -> ReroutePolicy | None:
    """The trunk's own, else its carrier's, else the tenant's."""
    carrier = objects.carriers.get(trunk.carrier_id)
    policy_id = (
        trunk.reroute_policy_id
        or (carrier.reroute_policy_id if carrier else "")
        or objects.tenants[tenant_id].reroute_policy_id
    )
    return objects.reroute_policies.get(policy_id)


def _priority(entry: Place | Candidate) -> int:
    return entry.priority
