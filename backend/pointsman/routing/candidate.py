"""An endpoint that may take calls, ready for them."""

from typing import cast

from msgspec import Struct

from pointsman.routing.objects import Objects
from pointsman.routing.outcome import Target
from pointsman.routing.presentation import Presentation
from pointsman.routing.reroute import CompiledReroute
from pointsman.routing.trunk import Endpoint, Trunk, TrunkKind
from pointsman.routing.uri import Uri, format_host, format_uri


class Candidate(Struct, frozen=True, gc=False):
    """An endpoint that may take calls, with the parts of its URIs that no call changes.

    A Request-URI is "sip:", the user and `at_socket`, a To URI "sip:", the user and `at_host`.
    """

    id: str
    priority: int
    weight: int
    trunk: Trunk
    endpoint: Endpoint
    socket: tuple[str, int]
    target: Target
    at_socket: str
    at_host: str
    fault: str
    presentation: Presentation


def candidate_of(tenant_id: str, trunk: Trunk, endpoint: Endpoint, objects: Objects) -> Candidate:
    """A candidate; the same one for all tenants of a carrier that have nothing of their own to say
    about it."""
    policy_id = _policy_of(tenant_id, trunk, objects)
    reroute = objects.reroutes[policy_id]
    if trunk.kind is TrunkKind.PBX:
        return _compile_candidate(trunk, endpoint, reroute, objects)
    key = endpoint.id, policy_id
    shared = cast("Candidate | None", objects.of_carriers.get(key))
    if shared is None or shared.target.reroute is not reroute:
        shared = _compile_candidate(trunk, endpoint, reroute, objects)
        objects.of_carriers[key] = shared
    return shared


def _compile_candidate(
    trunk: Trunk, endpoint: Endpoint, reroute: CompiledReroute, objects: Objects
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
        target=Target(
            trunk.id,
            endpoint.id,
            destination,
            trunk.fr_timer_ms,
            trunk.fr_inv_timer_ms,
            trunk.carrier_id,
            reroute,
            trunk.socket,
            trunk.credential,
        ),
        at_socket=f"@{destination.removeprefix('sip:')}",
        at_host=f"@{format_host(endpoint.host)}",
        fault="" if endpoint.enabled else "is disabled",
        presentation=objects.presentations[trunk.id],
    )


def _policy_of(tenant_id: str, trunk: Trunk, objects: Objects) -> str:
    """The trunk's own reroute policy, else its carrier's, else the tenant's, else the default."""
    carrier = objects.carriers.get(trunk.carrier_id)
    return (
        trunk.reroute_policy_id
        or (carrier.reroute_policy_id if carrier else "")
        or objects.tenants[tenant_id].reroute_policy_id
    )
