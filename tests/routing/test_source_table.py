from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.routing.source_table import IPNetwork, SourceTable, parse_ip

_networks = st.one_of(
    st.builds(
        lambda address, mask: ip_network((int(address), mask), strict=False),
        st.ip_addresses(v=4, network="10.0.0.0/24"),
        st.integers(20, 32),
    ),
    st.builds(
        lambda address, mask: ip_network((address.packed, mask), strict=False),
        st.ip_addresses(v=6, network="2001:db8::/120"),
        st.integers(110, 128),
    ),
)
_addresses = st.ip_addresses(v=4, network="10.0.0.0/24") | st.ip_addresses(
    v=6, network="2001:db8::/120"
)


@pytest.mark.parametrize(
    ("ip", "expected"),
    [
        ("192.0.2.10", "host"),
        ("192.0.2.11", "small"),
        ("192.0.2.99", "large"),
        ("192.0.3.1", None),
        ("2001:db8::1", "v6-host"),
        ("2001:0db8:0000::1", "v6-host"),
        ("2001:db8::2", "v6"),
        ("::ffff:192.0.2.10", "host"),
        ("", None),
        ("<null>", None),
        ("192.0.2.10:5060", None),
        ("fe80::1%eth0", None),
    ],
)
def test_the_longest_network_wins(ip: str, expected: str | None) -> None:
    table = SourceTable(
        {
            ip_network("192.0.2.0/24"): "large",
            ip_network("192.0.2.0/28"): "small",
            ip_network("192.0.2.10/32"): "host",
            ip_network("2001:db8::/64"): "v6",
            ip_network("2001:db8::1/128"): "v6-host",
        }
    )
    assert table.longest(ip) == expected


@given(st.lists(_networks, max_size=20, unique=True), _addresses)
def test_it_agrees_with_the_obvious_way(
    networks: list[IPNetwork], address: IPv4Address | IPv6Address
) -> None:
    table = SourceTable({network: str(network) for network in networks})
    holding = [network for network in networks if address in network]
    best = max(holding, key=lambda network: network.prefixlen, default=None)
    assert table.longest(str(address)) == (None if best is None else str(best))


@given(st.text(max_size=50))
def test_no_text_whatever_is_an_address_by_accident(text: str) -> None:
    address = parse_ip(text)
    if address is not None:
        assert ip_address(text) is not None
