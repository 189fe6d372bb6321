"""The sources of calls by network, as a table of a snapshot."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network

import msgspec
from msgspec import Struct

from pointsman.routing.network_sources import NetworkSources
from pointsman.routing.packed_table import PackedTable, Record
from pointsman.routing.source_table import IPNetwork, parse_ip
from pointsman.routing.sources import SourceRef
from pointsman.routing.trunk import Transport
from pointsman.routing.trunk_source import TrunkSource

Networks = PackedTable[NetworkSources[SourceRef]]


class PackedSource(Struct, frozen=True, array_like=True, gc=False):
    """A trunk source and whose it is, "" for a carrier's."""

    tenant_id: str
    trunk_id: str
    network: str
    transport: Transport | None
    port: int | None
    tech_prefix: str
    called_prefix: str
    calling_prefix: str


_DECODER = msgspec.msgpack.Decoder(list[PackedSource])
_ENCODER = msgspec.msgpack.Encoder()


def pack_source(source: TrunkSource, tenant_id: str) -> PackedSource:
    """A source as it is kept."""
    return PackedSource(
        tenant_id,
        source.trunk_id,
        str(source.network),
        source.transport,
        source.port,
        source.tech_prefix,
        source.called_prefix,
        source.calling_prefix,
    )


def write_sources(sources: list[PackedSource]) -> bytes:
    """The record of a network."""
    return _ENCODER.encode(sorted(sources, key=lambda source: (source.tenant_id, repr(source))))


def read_sources(record: bytes | Record) -> list[PackedSource]:
    """What is in a network's record."""
    return _DECODER.decode(record)


def decode_sources(_: str, record: Record) -> NetworkSources[SourceRef]:
    """The sources of a network, ready to be looked up."""
    return NetworkSources(
        (
            TrunkSource(
                ip_network(source.network),
                source.trunk_id,
                source.transport,
                source.port,
                source.tech_prefix,
                source.called_prefix,
                source.calling_prefix,
            ),
            SourceRef(source.tenant_id, source.trunk_id),
        )
        for source in read_sources(record)
    )


def network_key(network: IPNetwork) -> str:
    """Under what a network stands: a host as Python writes it."""
    bits = network.max_prefixlen - network.prefixlen
    return _key(network.network_address, bits)


def mask_of(network: IPNetwork) -> tuple[int, int] | None:
    """Its version and how many bits its hosts have, None for a host."""
    bits = network.max_prefixlen - network.prefixlen
    return (network.version, bits) if bits else None


class MappedNetworks:
    """The networks of a snapshot (see NetworkTable)."""

    __slots__ = ("_masks", "_networks", "host")

    def __init__(self, networks: Networks, masks: tuple[tuple[int, int], ...]) -> None:
        self._networks = networks
        self.host = networks.get
        self._masks = {
            version: [bits for v, bits in sorted(masks) if v == version] for version in (4, 6)
        }

    def holding(self, ip: str) -> Iterator[NetworkSources[SourceRef]]:
        """The sources of all networks that hold `ip`, the longest first."""
        address = parse_ip(ip)
        if address is None:
            return
        for bits in (0, *self._masks[address.version]):
            found = self._networks.get(_key(address, bits))
            if found is not None:
                yield found


def _key(address: IPv4Address | IPv6Address, bits: int) -> str:
    if not bits:
        return str(address)
    return f"{address.version}/{bits}/{int(address) >> bits:x}"
