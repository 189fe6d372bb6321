"""The parts of a trunk: who may send as it, and where its calls are sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from pointsman.auth import is_within_reach
from pointsman.errors import InvalidInput, Problem
from pointsman.models import Carrier, Trunk, TrunkEndpoint, TrunkSource
from pointsman.models.network_field import IPNetwork
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.trunk import DEFAULT_PORTS, Transport
from pointsman.routing.trunk_source import TrunkSource as RoutedSource
from pointsman.services import validation
from pointsman.services.changes import Change
from pointsman.services.owner import EVERYBODY, Owner, owned_by
from pointsman.services.validation import Problems

MAX_SOURCES = 1_000
MAX_ENDPOINTS = 100
_OVERLAPPING = """
    SELECT other.cidr::text FROM trunk_source other
    JOIN trunk ON trunk.id = other.trunk_id LEFT JOIN carrier ON carrier.id = trunk.carrier_id
    WHERE other.cidr && $1 AND coalesce(trunk.tenant_id, carrier.tenant_id) IS DISTINCT FROM $2
    LIMIT 1
"""


class SourceInput(Protocol):
    """What is given of a source."""

    cidr: str
    transport: Transport | None
    port: int | None
    tech_prefix: str
    called_prefix: str
    calling_prefix: str


@dataclass
class Source:
    """A source as it is given: a network, and what narrows it."""

    cidr: str
    transport: Transport | None = None
    port: int | None = None
    tech_prefix: str = ""
    called_prefix: str = ""
    calling_prefix: str = ""


class SourceKey(NamedTuple):
    """A source as it is stored, which is all that tells it from others."""

    cidr: IPNetwork
    transport: Transport | None
    port: int | None
    tech_prefix: str
    called_prefix: str
    calling_prefix: str

    @classmethod
    def of(cls, row: TrunkSource) -> "SourceKey":
        """The key of a row."""
        return cls(
            row.cidr,
            row.transport,
            row.port,
            row.tech_prefix,
            row.called_prefix,
            row.calling_prefix,
        )


class EndpointInput(Protocol):
    """What is given of an endpoint."""

    host: str
    port: int | None
    transport: Transport
    priority: int
    weight: int
    enabled: bool


@dataclass
class Endpoint:
    """An endpoint as it is stored."""

    host: str
    port: int | None = None
    transport: Transport = Transport.UDP
    priority: int = 0
    weight: int = 1
    enabled: bool = True

    @property
    def key(self) -> tuple[str, int | None, Transport]:
        """What tells endpoints of a trunk apart."""
        return self.host, self.port, self.transport


def check_sources(problems: Problems, sources: Sequence[SourceInput]) -> list[SourceKey]:
    """The sources of a trunk, each given once."""
    if problems.check_count("sources", sources, MAX_SOURCES):
        return []
    keys: dict[SourceKey, None] = {}
    for index, source in enumerate(sources):
        path = f"sources[{index}]"
        prefixes = (source.called_prefix, source.calling_prefix)
        called, calling = (
            problems.check(f"{path}.{name}", validation.dial_prefix, prefix)
            for name, prefix in zip(("calledPrefix", "callingPrefix"), prefixes, strict=True)
        )
        key = SourceKey(
            problems.check(f"{path}.cidr", validation.cidr, source.cidr),
            source.transport,
            problems.check(f"{path}.port", validation.port, source.port),
            problems.check(f"{path}.techPrefix", validation.tech_prefix, source.tech_prefix),
            called,
            calling,
        )
        if key in keys:
            problems.add(path, f"{key.cidr} is given twice", "give it once")
        keys[key] = None
    return list(keys)


def check_endpoints(
    problems: Problems, endpoints: Sequence[EndpointInput], nodes: Sequence[KamailioNode]
) -> list[Endpoint]:
    """The endpoints of a trunk, each given once, none a router of the platform."""
    if problems.check_count("endpoints", endpoints, MAX_ENDPOINTS):
        return []
    own = {socket for node in nodes for socket in node.sockets}
    checked: list[Endpoint] = []
    for index, endpoint in enumerate(endpoints):
        path = f"endpoints[{index}]"
        stored = Endpoint(
            host=problems.check(f"{path}.host", validation.host, endpoint.host),
            port=problems.check(f"{path}.port", validation.port, endpoint.port),
            transport=endpoint.transport,
            priority=problems.check(f"{path}.priority", validation.priority, endpoint.priority),
            weight=problems.check(f"{path}.weight", validation.weight, endpoint.weight),
            enabled=endpoint.enabled,
        )
        if any(stored.key == other.key for other in checked):
            problems.add(path, "an endpoint is given twice", "give it once, with its weight")
        if (stored.host, stored.port or DEFAULT_PORTS[stored.transport]) in own:
            problems.add(
                f"{path}.host",
                f"{stored.host} is a Kamailio node of this platform: calls would loop",
                "give the address of the carrier or PBX",
            )
        checked.append(stored)
    return checked


async def get_owner_id(row: Trunk) -> UUID | None:
    """The tenant whose trunk it is, itself or through its carrier; None for the platform's."""
    if row.carrier_id is None:
        return row.tenant_id
    return (await Carrier.get(id=row.carrier_id)).tenant_id


async def save_sources(made: Change, row: Trunk, keys: list[SourceKey]) -> None:
    """Make the trunk's sources these.

    Since the longest network wins, one inside another owner's takes that owner's calls, as one
    does that is narrowed further: only an administrator of the platform may say so.
    """
    present = {SourceKey.of(source): source for source in await TrunkSource.filter(trunk=row)}
    owner_id = await get_owner_id(row)
    if not is_within_reach(made.principal, None):
        for index, key in enumerate(keys):
            if key not in present and await made.connection.execute_query_dict(
                _OVERLAPPING, [key.cidr, owner_id]
            ):
                raise InvalidInput([Problem(
                    f"sources[{index}].cidr",
                    f"{key.cidr} overlaps with a source of another owner",
                    "ask an administrator of the platform to give it to this trunk",
                )])  # fmt: skip
    wanted = set(keys)
    gone = [source.id for key, source in present.items() if key not in wanted]
    await TrunkSource.filter(id__in=gone).delete()
    new = [key for key in keys if key not in present]
    await TrunkSource.bulk_create([TrunkSource(trunk=row, **key._asdict()) for key in new])


async def save_endpoints(row: Trunk, endpoints: list[Endpoint]) -> None:
    """Make the trunk's endpoints these; those that stay keep their ids."""
    present = {
        (stored.host, stored.port, stored.transport): stored
        for stored in await TrunkEndpoint.filter(trunk=row)
    }
    wanted = {endpoint.key for endpoint in endpoints}
    gone = [stored.id for key, stored in present.items() if key not in wanted]
    await TrunkEndpoint.filter(id__in=gone).delete()
    for endpoint in endpoints:
        stored = present.get(endpoint.key) or TrunkEndpoint(
            trunk=row, host=endpoint.host, port=endpoint.port, transport=endpoint.transport
        )
        stored.priority = endpoint.priority
        stored.weight = endpoint.weight
        stored.enabled = endpoint.enabled
        await stored.save()


async def load_sources(owner: Owner = EVERYBODY) -> tuple[RoutedSource, ...]:
    """Who may send as which trunk."""
    return tuple(
        RoutedSource(
            network=row.cidr,
            trunk_id=str(row.trunk_id),
            transport=row.transport,
            port=row.port,
            tech_prefix=row.tech_prefix,
            called_prefix=row.called_prefix,
            calling_prefix=row.calling_prefix,
        )
        for row in await TrunkSource.filter(owned_by(owner, "trunk__tenant_id")).order_by("id")
    )
