"""Sources that no call comes from, since narrower ones take all of theirs."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.lint.finding import FindingCode
from pointsman.routing.snapshot import compile_snapshot
from pointsman.routing.source import Identified, identify_source
from pointsman.routing.trunk import Transport
from pointsman.routing.trunk_source import TrunkSource
from tests.routing.lint.checked import clean_world, findings
from tests.routing.world import BETA_IP, World, carrier_trunk, make_call


def _sources(*sources: tuple[str, dict[str, Any]]) -> World:
    world = clean_world()
    world.more_sources = [
        TrunkSource(ip_network(network), "beta-1", **criteria) for network, criteria in sources
    ]
    return world


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ([("10.0.0.0/24", {}), ("10.0.0.0/25", {}), ("10.0.0.128/25", {})], True),
        ([("10.0.0.0/24", {}), ("10.0.0.0/25", {})], False),
        ([("10.0.0.0/24", {}), ("10.0.0.128/25", {})], False),
        (
            [("10.0.0.0/30", {}), ("10.0.0.0/31", {}), ("10.0.0.2/32", {}), ("10.0.0.3/32", {})],
            True,
        ),
        ([("10.0.0.0/30", {}), ("10.0.0.0/31", {}), ("10.0.0.3/32", {})], False),
        (
            [("10.0.0.0/24", {}), ("10.0.0.0/25", {"port": 5060}), ("10.0.0.128/25", {})],
            False,
        ),
        ([("10.0.0.1/32", {})] + [("10.0.0.1/32", {"transport": t}) for t in Transport], True),
        (
            [("10.0.0.1/32", {})]
            + [("10.0.0.1/32", {"transport": t}) for t in (Transport.UDP, Transport.TCP)],
            False,
        ),
        (
            [("10.0.0.1/32", {"called_prefix": "9"})]
            + [("10.0.0.1/32", {"transport": t}) for t in Transport],
            True,
        ),
        (
            [("10.0.0.1/32", {})]
            + [("10.0.0.1/32", {"transport": t, "called_prefix": "9"}) for t in Transport],
            False,
        ),
        (
            [("10.0.0.0/31", {"transport": Transport.TLS, "tech_prefix": "12"})]
            + [(f"10.0.0.{n}/32", {"called_prefix": "1"}) for n in (0, 1)],
            True,
        ),
        (
            [("10.0.0.0/31", {"calling_prefix": "1"})]
            + [(f"10.0.0.{n}/32", {"calling_prefix": "12"}) for n in (0, 1)],
            False,
        ),
        ([("2001:db8::/64", {}), ("2001:db8::/65", {}), ("2001:db8::/65", {"port": 1})], False),
    ],
)
def test_a_source_that_narrower_ones_take_all_calls_of_is_told(
    sources: list[tuple[str, dict[str, Any]]], found: bool
) -> None:
    world = _sources(*sources)
    messages = [f.message for f in findings(world, FindingCode.SOURCE_NEVER_MATCHES)]
    assert len(messages) == found
    if found:
        assert f"no call is matched to the source {ip_network(sources[0][0])}" in messages[0]


def test_with_too_many_sources_in_a_network_nothing_is_said() -> None:
    hosts: list[tuple[str, dict[str, Any]]] = [
        (f"10.0.{n // 256}.{n % 256}/32", {}) for n in range(1_024)
    ]
    world = _sources(("10.0.0.0/22", {}), *hosts)
    assert findings(world, FindingCode.SOURCE_NEVER_MATCHES) == []
    world = _sources(("10.0.0.0/23", {}), *hosts)
    assert len(findings(world, FindingCode.SOURCE_NEVER_MATCHES)) == 1


_SOURCE = st.fixed_dictionaries(
    {
        "network": st.sampled_from(["10.0.0.0/31", "10.0.0.0/32", "10.0.0.1/32"]).map(ip_network),
        "transport": st.sampled_from([None, Transport.UDP, Transport.TCP, Transport.TLS]),
        "port": st.sampled_from([None, 40_000]),
        "tech_prefix": st.sampled_from(["", "9"]),
        "called_prefix": st.sampled_from(["", "9", "91"]),
        "calling_prefix": st.sampled_from(["", "1"]),
    }
)


@settings(deadline=None)
@given(st.lists(_SOURCE, max_size=8, unique_by=lambda s: tuple(s.values())))
def test_what_is_found_is_no_calls_source(sources: list[dict[str, Any]]) -> None:
    world = clean_world()
    for number, criteria in enumerate(sources):
        world.trunks.append(carrier_trunk(f"t{number}", "beta", BETA_IP))
        world.more_sources.append(TrunkSource(trunk_id=f"t{number}", **criteria))
    dead = {f.objects[0].id for f in findings(world, FindingCode.SOURCE_NEVER_MATCHES)}
    table = compile_snapshot(world.configuration()).sources
    winners = set()
    for transport in Transport:
        for ip in ("10.0.0.0", "10.0.0.1"):
            for called in ("1", "9", "91", "991"):
                for calling in ("1", "2"):
                    for port in (40_000, 5060):
                        call = make_call(
                            f"sip:{called}@h",
                            from_uri=f"sip:{calling}@h",
                            source_ip=ip,
                            source_port=port,
                        )
                        call = structs.replace(call, transport=transport)
                        found = identify_source(call, table, None)
                        if isinstance(found, Identified):
                            winners.add(found.source.trunk.id)
    assert not dead & winners
