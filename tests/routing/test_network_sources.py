"""Which of the sources that hold for a call is its source."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Call, Sender
from pointsman.routing.outcome import Note, RejectCode, Step, Trace
from pointsman.routing.source import Identified, identify_source
from pointsman.routing.trunk import Transport, Trunk, TrunkKind
from pointsman.routing.trunk_source import TrunkSource
from tests.routing.world import World, make_call, make_world, pbx_trunk

IP = "192.0.2.50"
TLS, UDP = Transport.TLS, Transport.UDP


def _world(**narrowed: dict[str, Any]) -> World:
    """A trunk of Acme for each source, by its name; sources are of IP unless said otherwise."""
    world = make_world()
    for name, narrowing in narrowed.items():
        network = ip_network(narrowing.pop("network", IP))
        world.trunks.append(pbx_trunk(name, "acme", "192.0.2.99"))
        world.more_sources.append(TrunkSource(network, name, **narrowing))
    return world


def _call(to: str = "sip:5539061@h", *, of: str = "040", **more: Any) -> Call:
    call = make_call(to, source_ip=IP, source_port=5060, from_uri=f"sip:{of}@acme.example")
    return structs.replace(call, **more)


def _source_of(world: World, call: Call, trace: Trace | None = None) -> Trunk | RejectCode:
    found = identify_source(call, world.snapshot().sources, trace)
    return found.source.trunk if isinstance(found, Identified) else found.code


# From the most specific to the least: with all of them there each call is of the first that holds.
_ORDER: list[dict[str, Any]] = [
    {"transport": UDP, "port": 5060},
    {"transport": UDP, "tech_prefix": "55", "called_prefix": "39", "calling_prefix": "040"},
    {"transport": UDP},
    {"port": 5060, "tech_prefix": "5539", "called_prefix": "0"},
    {"port": 5060, "tech_prefix": "55"},
    {"tech_prefix": "5539", "calling_prefix": "040"},
    {"tech_prefix": "5539"},
    {"tech_prefix": "55", "called_prefix": "390", "calling_prefix": "0"},
    {"tech_prefix": "55", "called_prefix": "390"},
    {"tech_prefix": "55", "called_prefix": "39", "calling_prefix": "04"},
    {"tech_prefix": "55", "called_prefix": "39", "calling_prefix": "0"},
    {"tech_prefix": "55", "called_prefix": "39"},
    {"tech_prefix": "55", "calling_prefix": "040"},
    {"tech_prefix": "55"},
    {"called_prefix": "5539"},
    {"called_prefix": "55", "calling_prefix": "040"},
    {"called_prefix": "55"},
    {"calling_prefix": "040"},
    {},
    {"network": "192.0.2.48/30", "transport": UDP, "port": 5060, "tech_prefix": "5539061"},
    {"network": "192.0.2.48/30"},
    {"network": "192.0.2.0/24", "port": 5060},
    {"network": "192.0.2.0/24"},
]


@pytest.mark.parametrize("first", range(len(_ORDER)))
def test_the_most_specific_source_that_holds_wins(first: int) -> None:
    """Whatever stands behind it, in either order of the list."""
    narrowed = {f"s{number:02}": dict(_ORDER[number]) for number in range(first, len(_ORDER))}
    for names in (list(narrowed), list(reversed(narrowed))):
        world = _world(**{name: dict(narrowed[name]) for name in names})
        found = _source_of(world, _call())
        assert isinstance(found, Trunk)
        assert found.id == f"s{first:02}"


@pytest.mark.parametrize(
    ("narrowing", "call"),
    [
        ({"transport": TLS}, _call()),
        ({"transport": TLS}, _call(transport=Transport.TCP)),
        ({"port": 5061}, _call()),
        ({"port": 5060}, _call(source_port=0)),
        ({"tech_prefix": "56"}, _call()),
        ({"tech_prefix": "5539061#"}, _call()),
        ({"called_prefix": "39"}, _call()),
        ({"tech_prefix": "55", "called_prefix": "55"}, _call()),
        ({"called_prefix": "+55"}, _call()),
        ({"calling_prefix": "041"}, _call()),
        ({"calling_prefix": "0"}, _call(of="")),
        ({"calling_prefix": "0"}, _call(of="+39040")),
    ],
)
def test_a_source_that_asks_for_more_leaves_the_call_to_the_next(
    narrowing: dict[str, Any], call: Call
) -> None:
    assert _source_of(_world(own=dict(narrowing)), call) is RejectCode.UNKNOWN_SOURCE
    left = _source_of(_world(own=dict(narrowing), other={"network": "192.0.2.0/24"}), call)
    assert isinstance(left, Trunk)
    assert left.id == "other"


def test_the_tech_prefix_is_cut_off_before_anything_else_looks_at_the_number() -> None:
    world = _world(own={"tech_prefix": "9#"})
    trunk_ids = world.trunk_ids(_call("sip:9%23+390612345678@h"))
    assert trunk_ids == ["alpha-1", "beta-1"]
    (leg, _) = world.legs(_call("sip:9%23+390612345678@h"))
    assert leg.request_uri == "sip:+390612345678@198.51.100.1:5060"
    assert leg.to.uri == "sip:+390612345678@198.51.100.1"
    assert world.reject(_call("sip:9%23@h")).code is RejectCode.NO_CALLED_NUMBER


def test_only_the_source_that_wins_cuts_its_tech_prefix_off() -> None:
    world = _world(own={"tech_prefix": "55", "calling_prefix": "1"}, other={})
    found = identify_source(_call(), world.snapshot().sources, None)
    assert isinstance(found, Identified)
    assert found.call == _call()


@pytest.mark.parametrize("narrowing", [{"transport": UDP}, {"tech_prefix": "55"}, {}])
def test_a_disabled_trunk_refuses_and_leaves_nothing_to_a_wider_network(
    narrowing: dict[str, Any],
) -> None:
    world = _world(own=dict(narrowing), other={"network": "192.0.2.0/24"})
    world.replace_trunk(pbx_trunk("own", "acme", "192.0.2.99", enabled=False))
    assert _source_of(world, _call()) is RejectCode.TRUNK_DISABLED


def test_the_trace_says_of_each_source_why_it_lost() -> None:
    world = _world(
        by_tls={"transport": TLS},
        by_port={"port": 5061},
        by_tech={"tech_prefix": "99"},
        by_called={"called_prefix": "+39"},
        by_calling={"calling_prefix": "+39"},
        wide={"network": "192.0.2.0/24"},
        wider={"network": "192.0.0.0/16"},
    )
    trace: Trace = []
    assert isinstance(_source_of(world, _call(), trace), Trunk)
    assert trace == [
        Note(Step.SOURCE, subject, text)
        for subject, text in (
            ("by_tls", "its source 192.0.2.50/32 is for TLS, the call came by UDP"),
            ("by_port", "its source 192.0.2.50/32 is for port 5061, the call came from port 5060"),
            (
                "by_tech",
                "its source 192.0.2.50/32 is for the tech prefix 99, which '5539061' lacks",
            ),
            ("by_called", "its source 192.0.2.50/32 is for calls to +39, not to '5539061'"),
            ("by_calling", "its source 192.0.2.50/32 is for calls of +39, not of '040'"),
            ("wide", "sends from 192.0.2.50"),
        )
    ]


@pytest.mark.parametrize("ip", ["::ffff:192.0.2.50", "0:0:0:0:0:FFFF:C000:0232"])
def test_a_mapped_address_is_the_ipv4_that_it_stands_for(ip: str) -> None:
    world = _world(own={}, narrowed={"transport": TLS})
    found = _source_of(world, structs.replace(_call(), source_ip=ip))
    assert isinstance(found, Trunk)
    assert found.id == "own"


_PREFIXES = st.sampled_from(["", "3", "39", "5", "55", "#", "0"])
_NETWORKS = st.sampled_from(["10.0.0.0/30", "10.0.0.1", "10.0.0.0/24", "2001:db8::/64"])
_SOURCES = st.builds(
    TrunkSource,
    network=_NETWORKS.map(ip_network),
    trunk_id=st.just(""),
    transport=st.sampled_from([None, UDP, TLS]),
    port=st.sampled_from([None, 5060, 5061]),
    tech_prefix=_PREFIXES,
    called_prefix=_PREFIXES,
    calling_prefix=_PREFIXES,
)
_USERS = st.text(st.sampled_from("350#"), max_size=5)
_SENDERS = st.builds(
    Sender,
    ip=st.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.0.9", "2001:db8::7", "nobody"]),
    port=st.sampled_from([5060, 5061, 5062]),
    transport=st.sampled_from([UDP, TLS]),
)


def _naive(sources: list[TrunkSource], sender: Sender, called: str, calling: str) -> str | None:
    """The obvious way: all that hold, and of those the most specific."""
    holding = [
        source
        for source in sources
        if sender.ip != "nobody"
        and ip_address(sender.ip) in source.network
        and source.transport in (None, sender.transport)
        and source.port in (None, sender.port)
        and called.startswith(source.tech_prefix + source.called_prefix)
        and calling.startswith(source.calling_prefix)
    ]
    best = max(
        holding,
        key=lambda source: (
            source.network.prefixlen,
            source.transport is not None,
            source.port is not None,
            len(source.tech_prefix),
            len(source.called_prefix),
            len(source.calling_prefix),
        ),
        default=None,
    )
    return None if best is None else best.trunk_id


def _narrowing(source: TrunkSource) -> tuple[object, ...]:
    return (source.network, *structs.astuple(source)[2:])


@given(st.lists(_SOURCES, max_size=12, unique_by=_narrowing), _SENDERS, _USERS, _USERS)
def test_it_agrees_with_the_obvious_way(
    given_sources: list[TrunkSource], sender: Sender, called: str, calling: str
) -> None:
    sources = [
        structs.replace(source, trunk_id=f"t{number}")
        for number, source in enumerate(given_sources)
    ]
    world = World(
        tenants=make_world().tenants,
        trunks=[Trunk(s.trunk_id, s.trunk_id, TrunkKind.PBX, "acme") for s in sources],
        more_sources=sources,
    )
    call = structs.replace(
        _call(),
        source_ip=sender.ip,
        source_port=sender.port,
        transport=sender.transport,
        request_uri=structs.replace(_call().request_uri, user=called),
        from_=structs.replace(_call().from_, uri=structs.replace(_call().from_.uri, user=calling)),
    )
    compiled = world.snapshot().sources
    traces: list[Trace | None] = [None, []]
    for trace in traces:
        found = identify_source(call, compiled, trace)
        expected = _naive(sources, sender, called, calling)
        if expected is None:
            assert not isinstance(found, Identified)
            assert found.code is RejectCode.UNKNOWN_SOURCE
        else:
            assert isinstance(found, Identified)
            assert found.source.trunk.id == expected


def test_each_of_many_customers_on_one_address_has_its_tech_prefix() -> None:
    narrowed: dict[str, Any] = {f"c{n}": {"tech_prefix": f"{n}#"} for n in range(1_000)}
    found = identify_source(
        _call("sip:777%23+39061@h"), _world(**narrowed).snapshot().sources, None
    )
    assert isinstance(found, Identified)
    assert (found.source.trunk.id, found.call.request_uri.user) == ("c777", "+39061")
