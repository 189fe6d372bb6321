"""Where a match leads: a routing group, or a single PBX trunk, ready to choose from.

Compiled once with the snapshot: the trunks and endpoints in their order, what forbids each of
them whatever the call, and the parts of their URIs that no call changes.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from pointsman.routing.carrier import Carrier
from pointsman.routing.routing_group import RoutingGroupTrunk
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


def compile_choice(
    tenant_id: str,
    entries: Sequence[RoutingGroupTrunk],
    trunks: Mapping[str, Trunk],
    carriers: Mapping[str, Carrier],
) -> Choice:
    """The choice that a group of a tenant is."""
    places = [
        _compile_place(tenant_id, entry, trunks[entry.trunk_id], carriers) for entry in entries
    ]
    return Choice(tuple(sorted(places, key=_priority)), has_ties(places))


def _compile_place(
    tenant_id: str, entry: RoutingGroupTrunk, trunk: Trunk, carriers: Mapping[str, Carrier]
) -> Place:
    candidates = [_compile_candidate(trunk, endpoint) for endpoint in trunk.endpoints]
    return Place(
        id=trunk.id,
        priority=entry.priority,
        weight=entry.weight,
        trunk=trunk,
        of_carrier=trunk.kind is TrunkKind.CARRIER,
        candidates=tuple(sorted(candidates, key=_priority)),
        tied=has_ties(candidates),
        fault=_fault_of_place(tenant_id, entry, trunk, carriers),
    )


def _fault_of_place(
    tenant_id: str, entry: RoutingGroupTrunk, trunk: Trunk, carriers: Mapping[str, Carrier]
) -> str:
    if not entry.enabled:
        return "is disabled in its group"
    if not trunk.enabled:
        return "is disabled"
    if trunk.kind is TrunkKind.PBX:
        return "" if trunk.tenant_id == tenant_id else "is of another tenant"
    carrier = carriers[trunk.carrier_id]
    if not carrier.enabled:
        return "is of a disabled carrier"
    return "" if tenant_id in carrier.tenant_ids else "is of a carrier not granted to the tenant"


def _compile_candidate(trunk: Trunk, endpoint: Endpoint) -> Candidate:
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
    )


def _priority(entry: Place | Candidate) -> int:
    return entry.priority
