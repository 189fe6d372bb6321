"""Which endpoints a Kamailio node is to probe: those of the snapshot's trunks, without a database.

It is read from the snapshot's parts when an agent asks, by a thread, and kept for the parts that
stay as they are; calls notice nothing of it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import msgspec
from msgspec import Struct

from pointsman.kamailio.probed_endpoint import ProbedEndpoint, ProbedEndpoints
from pointsman.kamailio.snapshot_feed import Published, SnapshotFeed
from pointsman.routing.kamailio_node import KamailioNode
from pointsman.routing.trunk import Trunk
from pointsman.routing.uri import Uri, format_host, format_uri
from pointsman.snapshots.part import read_part


class _Listed(Struct, frozen=True, gc=False):
    """An endpoint, and the socket that it wants to be asked from, "" for any."""

    endpoint: ProbedEndpoint
    address: str


class Listing(Struct, frozen=True):
    """A list as it is answered, and what tells it from another one."""

    body: bytes
    etag: str


class ProbeList:
    """What there is to probe in the snapshot that a feed holds."""

    def __init__(self, feed: SnapshotFeed) -> None:
        self._feed = feed
        self._lock = asyncio.Lock()
        self._by_part: dict[bytes, Sequence[_Listed]] = {}
        # What was made of the snapshot that was held then, by the node.
        self._held: Published | None = None
        self._listings: dict[KamailioNode, Listing] = {}

    async def of_node(self, node: KamailioNode) -> Listing:
        """Those that the node is to probe, by id: without those that are asked from a socket which
        it has not. One that says nothing of its sockets has all."""
        async with self._lock:
            if self._held is not self._feed.held:
                self._held, views = self._feed.held, self._feed.part_views()
                self._by_part = await asyncio.to_thread(_read_parts, views, self._by_part)
                self._listings = {}
            found = self._listings.get(node)
            if found is None:
                parts = tuple(self._by_part.values())
                found = await asyncio.to_thread(_write_listing, parts, node)
                self._listings[node] = found
            return found


def _read_parts(
    views: Mapping[bytes, memoryview], known: Mapping[bytes, Sequence[_Listed]]
) -> dict[bytes, Sequence[_Listed]]:
    """The endpoints of each part, read where they are not known yet."""
    return {
        key: known[key] if key in known else _read_endpoints(view) for key, view in views.items()
    }


def _write_listing(parts: Iterable[Sequence[_Listed]], node: KamailioNode) -> Listing:
    own = {f"{format_host(host)}:{port}" for host, port in node.sockets}
    endpoints = [
        listed.endpoint
        for part in parts
        for listed in part
        if not own or listed.address in {"", *own}
    ]
    body = msgspec.json.encode(ProbedEndpoints(sorted(endpoints, key=attrgetter("id"))))
    return Listing(body, f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"')


def _read_endpoints(part: memoryview) -> Sequence[_Listed]:
    """Of trunks and endpoints that are switched off nothing is asked, nor of those whose carrier or
    tenant is."""
    objects = read_part(part).objects
    off = {carrier.id for carrier in objects.carriers if not carrier.enabled}
    off |= {tenant.id for tenant in objects.tenants if not tenant.enabled}
    return [
        _list_endpoint(trunk, place)
        for trunk in objects.trunks
        if trunk.probing and trunk.enabled and not off & {trunk.carrier_id, trunk.tenant_id}
        for place, endpoint in enumerate(trunk.endpoints)
        if endpoint.enabled
    ]


def _list_endpoint(trunk: Trunk, place: int) -> _Listed:
    endpoint = trunk.endpoints[place]
    uri = format_uri(Uri("sip", "", endpoint.host, endpoint.port, endpoint.uri_params))
    return _Listed(
        ProbedEndpoint(endpoint.id, uri, trunk.socket, trunk.from_host),
        trunk.socket.partition(":")[2],
    )
