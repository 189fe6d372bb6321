"""Longest-prefix table over IP networks."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


T = TypeVar("T")


class SourceTable(Generic[T]):
    """Maps networks to values; the longest network that holds an address wins."""

    __slots__ = ("_hosts", "_networks")

    def __init__(self, entries: Mapping[IPNetwork, T]) -> None:
        # Most sources are single hosts: those are found by their text alone.
        self._hosts: dict[str, T] = {}
        by_mask: dict[tuple[int, int], dict[int, T]] = {}
        for network, value in entries.items():
            if network.prefixlen == network.max_prefixlen:
                self._hosts[str(network.network_address)] = value
            else:
                key = (network.version, network.max_prefixlen - network.prefixlen)
                address = int(network.network_address) >> key[1]
                by_mask.setdefault(key, {})[address] = value
        self._networks = {
            version: [(bits, by_mask[v, bits]) for v, bits in sorted(by_mask) if v == version]
            for version in (4, 6)
        }

    def host(self, ip: str) -> T | None:
        """The value of this very host, an address as Python writes it."""
        return self._hosts.get(ip)

    def longest(self, ip: str) -> T | None:
        """The value of the longest network that holds `ip`, an address in any spelling."""
        return next(self.holding(ip), None)

    def holding(self, ip: str) -> Iterator[T]:
        """The values of all networks that hold `ip`, the longest first."""
        address = parse_ip(ip)
        if address is None:
            return
        host = self._hosts.get(str(address))
        if host is not None:
            yield host
        number = int(address)
        for bits, networks in self._networks[address.version]:
            found = networks.get(number >> bits)
            if found is not None:
                yield found


def parse_ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, an IPv4-mapped IPv6 one as the IPv4 it stands for; None when it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 6:
        return address.ipv4_mapped or (address if address.scope_id is None else None)
    return address
