"""A proxy before Kamailio: its word on where a call comes from counts, and nobody else's."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pointsman.routing.call import Call, Sender
from pointsman.routing.outcome import Note, Reject, RejectCode, Routes, Step, Trace
from pointsman.routing.trunk import Transport
from pointsman.routing.trunk_source import TrunkSource
from pointsman.routing.trusted_proxy import TrustedProxy
from tests.routing.test_digest import ALICE
from tests.routing.world import ACME_PBX_IP, ZEN_PBX_IP, World, make_call, make_world, pbx_trunk

PROXY_IP = "198.18.0.7"


def _world() -> World:
    """A network of proxies, of which one's address is a source of Zen as well."""
    world = make_world()
    world.trusted_proxies = [TrustedProxy("edge", "edge", ip_network("198.18.0.0/28"))]
    world.sources.append(("198.18.0.8", "zen-pbx"))
    return world


def _call(source_ip: str, forwarded: str | None) -> Call:
    sender = None if forwarded is None else Sender(forwarded, 5061, Transport.TLS)
    return structs.replace(make_call(source_ip=source_ip), forwarded=sender)


@pytest.mark.parametrize(
    ("source_ip", "forwarded", "tenant"),
    [
        (PROXY_IP, ACME_PBX_IP, "acme"),
        (PROXY_IP, ZEN_PBX_IP, "zen"),
        ("::ffff:198.18.0.7", ACME_PBX_IP, "acme"),
        ("198.18.0.8", ACME_PBX_IP, "acme"),
        # who is no proxy says what it likes
        (ACME_PBX_IP, ZEN_PBX_IP, "acme"),
        (ACME_PBX_IP, None, "acme"),
    ],
)
def test_the_source_is_the_one_that_a_listed_proxy_forwards(
    source_ip: str, forwarded: str | None, tenant: str
) -> None:
    traces: tuple[Trace | None, ...] = (None, [])
    for trace in traces:
        outcome = _world().decide(_call(source_ip, forwarded), trace)
        assert isinstance(outcome, Routes)
        assert outcome.tenant_id == tenant


@pytest.mark.parametrize("source_ip", [PROXY_IP, "198.18.0.8"])
def test_a_proxy_that_does_not_say_whom_it_forwards_is_refused(source_ip: str) -> None:
    call = _call(source_ip, None)
    assert _world().reject(call) == Reject(
        RejectCode.UNKNOWN_SOURCE, "the trusted proxy edge does not say whom it forwards"
    )
    signed_in = structs.replace(call, username="alice", realm="acme.example", authenticated=True)
    world = _world()
    world.trunks.append(pbx_trunk("home", "acme", "192.0.2.99", digest=ALICE))
    assert world.reject(signed_in).code is RejectCode.UNKNOWN_SOURCE


@pytest.mark.parametrize("source_ip", [PROXY_IP, "203.0.113.99"])
def test_whom_nobody_knows_is_refused_behind_a_proxy_too(source_ip: str) -> None:
    for forwarded in ("203.0.113.99", "", "<null>", PROXY_IP):
        reject = _world().reject(_call(source_ip, forwarded))
        assert reject.code is RejectCode.UNKNOWN_SOURCE


def test_a_source_is_narrowed_by_the_port_and_transport_that_the_proxy_names() -> None:
    world = _world()
    world.more_sources = [
        TrunkSource(ip_network(ACME_PBX_IP), "zen-pbx", transport=Transport.TLS, port=5061)
    ]
    assert world.routes(_call(PROXY_IP, ACME_PBX_IP)).tenant_id == "zen"
    assert world.routes(make_call()).tenant_id == "acme"


def test_a_user_behind_a_proxy_signs_in() -> None:
    world = _world()
    world.trunks.append(pbx_trunk("home", "acme", "192.0.2.99", digest=ALICE))
    call = _call(PROXY_IP, "203.0.113.99")
    assert world.reject(call).code is RejectCode.AUTHENTICATION_REQUIRED
    signed_in = structs.replace(call, username="alice", realm="acme.example")
    assert world.routes(signed_in).verify == ALICE


def test_the_trace_tells_whose_word_is_believed() -> None:
    trace: Trace = []
    _world().decide(_call(PROXY_IP, ACME_PBX_IP), trace)
    assert trace[:2] == [
        Note(Step.SOURCE, "edge", f"trusted proxy, forwards a call of {ACME_PBX_IP}"),
        Note(Step.SOURCE, "acme-pbx", f"sends from {ACME_PBX_IP}"),
    ]
    trace = []
    _world().decide(_call(ZEN_PBX_IP, ACME_PBX_IP), trace)
    assert trace[:2] == [
        Note(Step.SOURCE, ZEN_PBX_IP, "says whom it forwards, and is no trusted proxy: ignored"),
        Note(Step.SOURCE, "zen-pbx", f"sends from {ZEN_PBX_IP}"),
    ]


_IPS = st.sampled_from([ACME_PBX_IP, ZEN_PBX_IP, PROXY_IP, "203.0.113.99", ""])


@given(_IPS, st.none() | _IPS)
def test_what_is_forwarded_moves_nobody_but_a_proxys_calls(
    source_ip: str, forwarded: str | None
) -> None:
    world = _world()
    outcome = world.decide(_call(source_ip, forwarded))
    if source_ip == PROXY_IP:
        alone = world.decide(make_call(source_ip=forwarded or ""))
    else:
        alone = world.decide(make_call(source_ip=source_ip))
    tenants = [o.tenant_id if isinstance(o, Routes) else o.code for o in (outcome, alone)]
    assert tenants[0] == tenants[1]
